"""The port by which pages hand out papers of live data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from hub.allocation.rounds import RoundView
from hub.core.people import Principal
from hub.core.words import Words
from hub.workflows.request import Entry, Request

PaperKind = Literal["pdf", "xlsx"]


@dataclass(frozen=True, slots=True)
class PaperOffer:
    """A form that a request has made.

    words  None: none of the forms that there are
    kinds  as what the hub fills it
    where  of one that it does not fill: where it is found
    """

    form: str
    words: Words | None = None
    kinds: tuple[PaperKind, ...] = ()
    where: Words | None = None


class PaperPages(Protocol):
    """Papers of requests and of rounds of allocation, filled from what is known now."""

    def offered(self, request: Request, entries: Sequence[Entry]) -> Sequence[PaperOffer]:
        """Each form once, in the order in which the steps made them."""

    def of_request(self, number: str, form: str, kind: PaperKind, who: Principal, now: int) -> bytes | None:
        """None: there is no such request that they may see, or it makes no such paper."""

    def of_line(self, view: RoundView, line_id: int, who: Principal, now: int) -> bytes | None:
        """The slip of hand-over, F35, of what a line of a plan gives. None: no such line, or nothing has left for it."""
