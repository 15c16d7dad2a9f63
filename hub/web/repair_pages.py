"""What the pages of repairs ask of the hub."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hub.repairs.beside import Beside
from hub.repairs.priority import Priority
from hub.repairs.reporting import Device, Picture, Progress, Report
from hub.workflows.request import Request

_ONLY_IF_WELL, _IN_A_FORM_OF_ITS_OWN = "close_recovered", "merge"


class RepairPages(Protocol):
    """The repairs behind requests and tickets."""

    def number_of(self, ticket: int) -> str | None:
        """Of the repair of a ticket."""


class RepairReads(Protocol):
    """What is known around repairs."""

    def beside(self, request: Request, now: int) -> Beside | None:
        """None: it is no repair."""

    def urgencies(self, numbers: Sequence[str], now: int) -> Mapping[str, Priority]:
        """Of repairs by their numbers."""


class ReportPages(Protocol):
    """Reports of people without an account."""

    def device(self, token: str) -> Device | None:
        """What the sticker with this token is on."""

    def progress(self, token: str) -> Progress | None:
        """Of the repair with this token."""

    def reported(self, token: str, key: str) -> str | None:
        """The token of the repair's page, where a report with this key came before."""

    def report(self, token: str, report: Report, picture: Picture | None, key: str = "") -> str | None:
        """The token of the repair's page; None: there is no such sticker. Raises Unclear, Refused.

        key: the same however often it is sent
        """

    def rate(self, token: str, rating: str, suggestion: str) -> bool:
        """False where that is not asked. Raises Refused."""


def is_offered(transition: str, well: bool) -> bool:
    """Whether a step stands among the buttons of a ticket. well: its readings are back to where they used to be"""
    return transition != _IN_A_FORM_OF_ITS_OWN and (well or transition != _ONLY_IF_WELL)
