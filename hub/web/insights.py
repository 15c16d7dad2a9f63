"""The port behind the pages of incidents, lesson time and use. The store fills it."""

from collections.abc import Collection
from typing import Protocol

from hub.core.insights import IncidentView, LessonTime, RoomIdle, RoomUse

Room = tuple[str, str, str]
"""District, school and room."""


class Insights(Protocol):
    """Every call is one short transaction. Days are ISO 8601, both ends included. groups: of these districts only."""

    def groups(self) -> tuple[str, ...]:
        """The districts that anything is known of."""

    def sites(self, groups: Collection[str] | None = None) -> tuple[tuple[float, float], ...]:
        """Where the schools stand that the register has a place for: degrees north and east."""

    def incidents(
        self,
        groups: Collection[str] | None = None,
        *,
        since: int | None = None,
        running: bool = False,
        skip: int = 0,
        limit: int = 50,
    ) -> tuple[IncidentView, ...]:
        """The newest first, without the first `skip`. `running`: only those that last; `since`: not what ended before (ms)."""

    def incident(self, group: str, key: str) -> IncidentView | None: ...

    def lesson_time(self, groups: Collection[str] | None, first: str, last: str, *, shown: bool = True) -> LessonTime:
        """shown: also what each school showed, which takes as long as all else; without it, what all of them did."""

    def rooms(
        self,
        groups: Collection[str] | None,
        first: str,
        last: str,
        school: str | None = None,
        *,
        among: Collection[Room] | None = None,
    ) -> tuple[RoomUse, ...]:
        """The use of each room, in the order of district, school and room. `among`: of these only."""

    def idle(self, groups: Collection[str] | None, first: str, last: str, enough: int) -> tuple[RoomIdle, ...]:
        """Every room with a set, in that order: what is known soon of all of them.

        enough  from so many idle days on it is told whether there is a picture
        """
