"""The port behind the pages of incidents, lesson time and use. The store fills it."""

from typing import Protocol

from hub.core.insights import IncidentView, LessonTime, RoomUse


class Insights(Protocol):
    """Every call is one short transaction. Days are ISO 8601, both ends included; `group` None: all districts of the hub."""

    def groups(self) -> tuple[str, ...]:
        """The districts that anything is known of."""

    def sites(self) -> tuple[tuple[float, float], ...]:
        """Where the schools stand that the register has a place for: degrees north and east."""

    def incidents(
        self,
        group: str | None = None,
        *,
        since: int | None = None,
        running: bool = False,
        skip: int = 0,
        limit: int = 50,
    ) -> tuple[IncidentView, ...]:
        """The newest first, without the first `skip`. `running`: only those that last; `since`: not what ended before (ms)."""

    def incident(self, group: str, key: str) -> IncidentView | None: ...

    def lesson_time(self, group: str | None, first: str, last: str) -> LessonTime: ...

    def rooms(self, group: str | None, first: str, last: str, school: str | None = None) -> tuple[RoomUse, ...]:
        """The use of each room, in the order of district, school and room."""
