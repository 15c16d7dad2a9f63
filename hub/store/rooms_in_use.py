"""The use of each room: what was shown, what was lost, and for how many class days nothing has been shown.

A room is one that has a receiver and something to show its picture on, or one that detection told of. Detection tells a room's
day only when there is something to tell, so days without use come from the calendar, since its receiver first reported.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, and_, case, func, select

from hub.core.equipment import NodeKey
from hub.core.insights import RoomUse
from hub.store.tables import device, node, registered, report, room_day, room_day_lost

ClassDays = Callable[[str, str, str], Sequence[str]]
"""The class days of a school from one day to another, both included: ISO 8601, in order."""
_LOCK = "signal/lock"
_DISPLAYS = ("tv", "projector")
_Room = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rooms, over which days (ISO 8601, both included)."""

    group: str | None
    school: str | None
    first: str
    last: str


@dataclass(slots=True)
class _Equipment:
    """What stands in a room. `since`: when its receiver first reported, ms."""

    node: NodeKey | None = None
    since: int | None = None
    locked: bool = False
    shows: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    days: int = 0
    minutes: float = 0.0
    last: str | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """All that is known of the rooms that were asked for."""

    shown: Mapping[_Room, _Shown]
    lost: Mapping[_Room, Mapping[str, float]]
    equipment: Mapping[_Room, _Equipment]
    names: Mapping[tuple[str, str], str]
    days: dict[str, Sequence[str]] = field(default_factory=dict)


def rooms_in_use(
    connection: Connection, asked: Asked, names: Mapping[tuple[str, str], str], class_days: ClassDays, zone: ZoneInfo
) -> tuple[RoomUse, ...]:
    """In the order of district, school and room."""
    facts = _Facts(_shown(connection, asked), _lost(connection, asked), _equipment(connection, asked), names)
    ready = {place for place, stands in facts.equipment.items() if stands.shows and stands.since is not None}
    rooms = sorted(ready | set(facts.shown))
    for school in {place[1] for place in rooms}:
        facts.days[school] = class_days(school, asked.first, asked.last)
    return tuple(_room(place, facts, asked, zone) for place in rooms)


def _room(place: _Room, facts: _Facts, asked: Asked, zone: ZoneInfo) -> RoomUse:
    shown, stands = facts.shown.get(place, _Shown()), facts.equipment.get(place, _Equipment())
    days = facts.days[place[1]]
    since = (
        asked.first if stands.since is None else datetime.fromtimestamp(stands.since / 1000, zone).date().isoformat()
    )
    known = len(days) - bisect_left(days, since)
    # The last day counts for use, but not as one without: it may not be over.
    idle = bisect_left(days, asked.last) - (
        bisect_left(days, since) if shown.last is None else bisect_right(days, shown.last)
    )
    return RoomUse(
        group=place[0],
        school=place[1],
        school_name=facts.names.get(place[:2]),
        room=place[2],
        days=max(known, shown.days),
        used_days=shown.days,
        used_min=shown.minutes,
        idle_days=max(0, idle),
        last_used=shown.last,
        has_picture=stands.locked,
        node=stands.node,
        lost=facts.lost.get(place, {}),
    )


def _wanted(table: Table, asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield table.c.date.between(asked.first, asked.last)
    if asked.group is not None:
        yield table.c.group == asked.group
    if asked.school is not None:
        yield table.c.school == asked.school


def _shown(connection: Connection, asked: Asked) -> Mapping[_Room, _Shown]:
    day = room_day.c
    key = (day.group, day.school, day.room)
    query = select(
        *key,
        func.sum(case((day.used > 0, 1), else_=0)),
        func.sum(day.used),
        func.max(case((day.used > 0, day.date))),
    )
    rows = connection.execute(query.where(*_wanted(room_day, asked)).group_by(*key))
    return {(row[0], row[1], row[2]): _Shown(row[3], row[4], row[5]) for row in rows}


def _lost(connection: Connection, asked: Asked) -> Mapping[_Room, Mapping[str, float]]:
    lost = room_day_lost.c
    by = (lost.group, lost.school, lost.room, lost.cause)
    found: defaultdict[_Room, dict[str, float]] = defaultdict(dict)
    query = select(*by, func.sum(lost.minutes)).where(*_wanted(room_day_lost, asked)).group_by(*by)
    for row in connection.execute(query.order_by(func.sum(lost.minutes).desc(), lost.cause)):
        found[row[0], row[1], row[2]][row[3]] = row[4]
    return found


def _equipment(connection: Connection, asked: Asked) -> Mapping[_Room, _Equipment]:
    of_register = and_(
        registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
    )
    room = func.coalesce(registered.c.room, device.c.room)
    first = select(func.min(report.c.t)).where(report.c.device_id == device.c.id).scalar_subquery()
    since = case((device.c.kind == "receiver", first))
    told = (node.c.group, node.c.name, node.c.school, node.c.online, device.c.kind, device.c.stale, device.c.latest)
    query = select(*told, room.label("room"), since.label("since"))
    query = query.select_from(device.join(node).outerjoin(registered, of_register))
    query = query.where(device.c.kind.in_(("receiver", *_DISPLAYS)), room.is_not(None))
    if asked.group is not None:
        query = query.where(node.c.group == asked.group)
    if asked.school is not None:
        query = query.where(node.c.school == asked.school)
    found: defaultdict[_Room, _Equipment] = defaultdict(_Equipment)
    for row in connection.execute(query):
        stands = found[row.group, row.school, row.room]
        if row.kind in _DISPLAYS:
            stands.shows = True
            continue
        stands.node = NodeKey(row.group, row.name)
        stands.locked |= row.online and not row.stale and row.latest.get(_LOCK, [None])[0] is True
        stands.since = min((each for each in (stands.since, row.since) if each is not None), default=None)
    return found
