"""What can go wrong with a help desk. No text of these shows a secret, nor what the server said: it may repeat one."""


class DeskError(Exception):
    """It did not do what was asked."""


class DeskUnreachable(DeskError):
    """It cannot be used now; it is tried again."""


class DeskRefuses(DeskError):
    """It understands, and will not: the settings or the rights of our account are to be looked at."""
