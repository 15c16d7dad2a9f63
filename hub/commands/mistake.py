"""What an operator has done wrong with a command of this folder, where no other part of the hub has a name for it."""


class CommandMistake(Exception):
    """`str` is one line that names the place and the way out."""
