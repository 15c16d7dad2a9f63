"""AssetsError            the assets are not in place; the text is one line for the person at the keyboard
└── NoNetwork          because a registry did not answer; trying again later helps
"""


class AssetsError(Exception):
    """The assets are not in place; the text says why and what to do."""


class NoNetwork(AssetsError):
    """A package registry could not be reached."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(
            f"{what} cannot be fetched ({reason}); connect this machine to the network and run `make setup` again"
        )
