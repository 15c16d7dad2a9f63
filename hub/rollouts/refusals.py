"""Why a roll-out is not begun."""

from enum import StrEnum


class Refusal(StrEnum):
    UNKNOWN = "unknown"
    """nobody signed for this version"""
    ANOTHER = "another"
    """one of the same kind to the same group is not over"""
    STRANGER = "stranger"
    """a computer that is named was not let in"""
    NOBODY = "nobody"
    """it is for no computer at all"""


class RolloutRefused(Exception):
    """The text says why, for who typed it."""

    def __init__(self, refusal: Refusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal
