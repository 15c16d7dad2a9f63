"""What the pages of repairs ask of the hub."""

from typing import Protocol


class RepairPages(Protocol):
    """The repairs behind requests and tickets."""

    def number_of(self, ticket: int) -> str | None:
        """Of the repair of a ticket."""


_ONLY_IF_WELL, _IN_A_FORM_OF_ITS_OWN = "close_recovered", "merge"


def is_offered(transition: str, well: bool) -> bool:
    """Whether a step stands among the buttons of a ticket. well: its readings are back to where they used to be"""
    return transition != _IN_A_FORM_OF_ITS_OWN and (well or transition != _ONLY_IF_WELL)
