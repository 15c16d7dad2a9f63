"""What can be wrong with releases and their repository, for the operator to mend: one line that says what and the way out."""


class ReleaseMistake(Exception):
    """The text names what is wrong and what to do."""
