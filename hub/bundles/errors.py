"""What keeps a bundle from being made, as one line that names the way out."""


class BundleMistake(Exception):
    """The operator can mend it."""


class NoWheel(BundleMistake):
    """Nobody publishes this wheel, or it is not there in the version that is locked."""


class NoBundle(BundleMistake, LookupError):
    """None was made yet, so nothing can be installed."""
