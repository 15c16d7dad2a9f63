"""What the first page asks of the hub besides the fleet."""

from collections.abc import Sequence
from typing import Protocol

from hub.core.overview import DayNumbers, SchoolPlace, Waiting
from hub.core.people import Principal


class OverviewPages(Protocol):
    """Each call is one short transaction that writes nothing."""

    def places(self) -> Sequence[SchoolPlace]:
        """Of the schools that the register has a place for."""

    def day(self, now: int) -> DayNumbers:
        """The day so far. Who asks within a few seconds gets the same."""

    def waiting(self, who: Principal, now: int) -> Sequence[Waiting]:
        """What waits for somebody: repairs, steps of requests, computers and equipment; what is late first."""
