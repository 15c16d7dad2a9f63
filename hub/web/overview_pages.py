"""What the first page asks of the hub besides the fleet."""

from collections.abc import Collection, Sequence
from typing import Protocol

from hub.core.overview import AbsentSchool, DayNumbers, SchoolPlace, Waiting
from hub.core.people import Principal


class OverviewPages(Protocol):
    """Each call is one short transaction that writes nothing. groups: only of these districts; None: of all."""

    def places(self, groups: Collection[str] | None = None) -> Sequence[SchoolPlace]:
        """Of the schools that the register has a place for."""

    def absent(self, groups: Collection[str] | None = None) -> Sequence[AbsentSchool]:
        """Schools of the register of which no computer has ever reported, by name."""

    def day(self, now: int, groups: frozenset[str] | None = None) -> DayNumbers:
        """The day so far. Who asks within a few seconds gets the same."""

    def waiting(self, who: Principal, now: int) -> Sequence[Waiting]:
        """What waits for somebody: repairs, steps of requests, computers and equipment; what is late first."""
