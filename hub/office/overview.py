"""The first page's numbers and what waits for whoever looks at it, from one reading of the store each."""

import threading
from collections.abc import Collection, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from hub.core.class_time import ClassTime
from hub.core.overview import AbsentSchool, DayNumbers, Pending, SchoolPlace, Waiting, by_age, class_minutes
from hub.core.people import Permission, Principal
from hub.office.repair_steps import REPAIR
from hub.store.overview import OverviewRows
from hub.store.unit_of_work import Store
from hub.workflows.engine import Engine
from hub.workflows.schema import StateKind
from hub.workflows.waiting import steps_for

_KEEP_MS = 5_000
_TWINS_MS = 14 * 86_400_000
_HANDED_OVER = "handed_over"
"""The school has it, and is asked for its word: nothing for a technician to do."""


class Overview:
    """Fills hub.web.overview_pages.OverviewPages."""

    def __init__(self, store: Store, engine: Engine, bells: ClassTime, zone: ZoneInfo) -> None:
        self._store, self._engine, self._bells, self._zone = store, engine, bells, zone
        self._lock = threading.Lock()
        self._counted: dict[frozenset[str] | None, tuple[int, DayNumbers]] = {}
        states = engine.definitions[REPAIR].states
        self._worked_on = frozenset(
            name
            for name, state in states.items()
            if state.kind in (StateKind.BEGIN, StateKind.NORMAL) and name != _HANDED_OVER
        )
        self._not_begun = frozenset(name for name, state in states.items() if state.kind is StateKind.BEGIN)

    def places(self, groups: Collection[str] | None = None) -> tuple[SchoolPlace, ...]:
        with self._store.reading() as connection:
            return OverviewRows(connection, groups).places()

    def absent(self, groups: Collection[str] | None = None) -> tuple[AbsentSchool, ...]:
        with self._store.reading() as connection:
            return OverviewRows(connection, groups).absent()

    def day(self, now: int, groups: frozenset[str] | None = None) -> DayNumbers:
        """Of several who ask at once, one counts and the others wait."""
        with self._lock:
            # Whatever districts people are limited to, what is old is not kept.
            fresh = {key: kept for key, kept in self._counted.items() if 0 <= now - kept[0] < _KEEP_MS}
            self._counted = fresh if groups in fresh else {**fresh, groups: (now, self._count(now, groups))}
            return self._counted[groups][1]

    def waiting(self, who: Principal, now: int) -> tuple[Waiting, ...]:
        with self._store.reading() as connection:
            rows = OverviewRows(connection, who.groups)
            found = [*self._repairs(rows, who, now), *self._steps(rows, who, now), *self._equipment(rows, who, now)]
        return tuple(sorted((each for each in found if each.count), key=lambda each: each.order))

    def _count(self, now: int, groups: frozenset[str] | None) -> DayNumbers:
        day = datetime.fromtimestamp(now / 1000, self._zone).date()
        begin = round(datetime.combine(day, time.min, self._zone).timestamp() * 1000)
        order = self._engine.definitions[REPAIR].states
        with self._store.reading() as connection:
            rows = OverviewRows(connection, groups)
            rooms = rows.rooms_by_school()
            silent, since = rows.silent()
            return DayNumbers(
                rooms=sum(rooms.values()),
                class_min=class_minutes(rooms, self._class_so_far(rooms, begin, now)),
                lost=rows.lost_on(day.isoformat()),
                tickets=by_age(rows.open_tickets(now), now, order),
                silent=silent,
                silent_since=since,
            )

    def _class_so_far(
        self, rooms: Mapping[tuple[str, str], int], begin: int, now: int
    ) -> Mapping[tuple[str, str], float]:
        return {place: self._bells.minutes(place[1], begin, now) for place in rooms}

    def _repairs(self, rows: OverviewRows, who: Principal, now: int) -> list[Waiting]:
        if not who.may(Permission.WORK_ON_TICKETS):
            return []
        mine = rows.repairs_of(who, now, self._worked_on)
        nobodys = rows.unassigned(who, now, self._not_begun)
        return [Waiting(Pending.MINE, *mine), Waiting(Pending.UNASSIGNED, *nobodys)]

    def _steps(self, rows: OverviewRows, who: Principal, now: int) -> tuple[Waiting, ...]:
        return steps_for(who, rows.standing(who, now), self._engine.definitions)

    def _equipment(self, rows: OverviewRows, who: Principal, now: int) -> list[Waiting]:
        found = []
        if who.may(Permission.WORK_ON_TICKETS):
            found.append(Waiting(Pending.SILENT, *rows.silent()))
        if who.may(Permission.ADOPT):
            found.append(Waiting(Pending.NEWCOMERS, rows.newcomers()))
        if who.may(Permission.ENROL):
            found.append(Waiting(Pending.TWINS, *rows.twins(now - _TWINS_MS)))
        return found
