"""What is counted of each district: the few queries that count, each over all districts at once, and the rows that keep it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, and_, case, delete, distinct, func, insert, select

from hub.core.districts import DistrictCount
from hub.core.overview import AGE_DAYS
from hub.store.district_tables import district_count
from hub.store.districts import within
from hub.store.tables import device, node, room_day_lost, school, ticket
from hub.store.workflow_tables import request

_DAY_MS = 86_400_000
_RECEIVER = "receiver"
ByCause = Mapping[str, Mapping[str, float]]
"""Minutes by district and cause."""


@dataclass(frozen=True, slots=True)
class Agents:
    """Computers of the schools of a district."""

    known: int
    silent: int


class DistrictRows:
    """On one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self, groups: Collection[str] | None = None) -> Mapping[str, DistrictCount]:
        """As they were kept last, by district."""
        rows = select(district_count).where(*within(district_count.c.group, groups))
        return {row.group: _count(row) for row in self._connection.execute(rows)}

    def keep(self, counts: Mapping[str, DistrictCount]) -> None:
        """In place of all that was kept."""
        self._connection.execute(delete(district_count))
        rows = [{"group": group, **_columns(each)} for group, each in counts.items()]
        if rows:
            self._connection.execute(insert(district_count), rows)

    def schools(self) -> Mapping[str, int]:
        rows = select(school.c.group, func.count()).group_by(school.c.group)
        return {row[0]: row[1] for row in self._connection.execute(rows)}

    def agents(self) -> Mapping[str, Agents]:
        silent = func.sum(case((node.c.online, 0), else_=1))
        rows = select(node.c.group, func.count(), silent).group_by(node.c.group)
        return {row[0]: Agents(row[1], row[2]) for row in self._connection.execute(rows)}

    def rooms(self) -> Mapping[tuple[str, str], int]:
        """Rooms with a receiver, by district and school."""
        here = and_(device.c.kind == _RECEIVER, device.c.room.is_not(None))
        by = (node.c.group, node.c.school)
        rows = select(*by, func.count(distinct(device.c.room))).select_from(device.join(node)).where(here).group_by(*by)
        return {(row[0], row[1]): row[2] for row in self._connection.execute(rows)}

    def lost(self, first: str, last: str) -> ByCause:
        """Lesson minutes lost from one day to another (ISO 8601), both included."""
        lost = room_day_lost.c
        rows = select(lost.group, lost.cause, func.sum(lost.minutes)).where(lost.date.between(first, last))
        found: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for group, cause, minutes in self._connection.execute(rows.group_by(lost.group, lost.cause)):
            found[group][cause] = float(minutes)
        return found

    def open_tickets(self, now: int) -> Mapping[str, tuple[int, ...]]:
        """By age, without those that are put off."""
        ages = tuple(func.sum(case((each, 1), else_=0)) for each in _ages(now))
        awake = func.coalesce(ticket.c.snoozed_until, 0) <= now
        rows = select(node.c.group, *ages).select_from(ticket.join(node)).where(ticket.c.open, awake)
        return {row[0]: tuple(row[1:]) for row in self._connection.execute(rows.group_by(node.c.group))}

    def overdue(self, now: int) -> Mapping[str, int]:
        late = (request.c.is_open, request.c.due_at <= now, request.c.group.is_not(None))
        rows = select(request.c.group, func.count()).where(*late).group_by(request.c.group)
        return {row[0]: row[1] for row in self._connection.execute(rows)}


def _ages(now: int) -> Iterator[Any]:
    """The classes of hub.core.overview.AGE_DAYS, the youngest first; what is exactly so old is of the next one."""
    since = [now - days * _DAY_MS for days in AGE_DAYS]
    at = ticket.c.opened_at
    yield at > since[0]
    for younger, older in pairwise(since):
        yield and_(at <= younger, at > older)
    yield at <= since[-1]


def _columns(count: DistrictCount) -> dict[str, Any]:
    return {
        "at": count.at,
        "schools": count.schools,
        "agents": count.agents,
        "silent": count.silent,
        "rooms": count.rooms,
        "class_min": count.class_min,
        "lost": dict(count.lost),
        "lost_month": dict(count.lost_month),
        "ages": list(count.ages),
        "overdue": count.overdue,
    }


def _count(row: Any) -> DistrictCount:
    told = {name: getattr(row, name) for name in ("at", "schools", "agents", "silent", "rooms", "class_min", "overdue")}
    return DistrictCount(**told, lost=row.lost, lost_month=row.lost_month, ages=tuple(row.ages))
