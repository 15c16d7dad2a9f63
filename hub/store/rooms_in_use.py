"""The use of each room: what was shown, what was lost, and for how many class days nothing has been shown.

A room is one that has a receiver and something to show its picture on, or one that detection told of. Detection tells a room's
day only when there is something to tell, so days without use come from the calendar, since its receiver first reported.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    null,
    select,
    tuple_,
)

from hub.core.equipment import NodeKey
from hub.core.insights import RoomIdle, RoomUse
from hub.store.districts import chosen, within
from hub.store.kept_reports import first_told
from hub.store.tables import device, node, registered, room_day, room_day_lost

ClassDays = Callable[[str, str, str], Sequence[str]]
"""The class days of a school from one day to another, both included: ISO 8601, in order."""
_LOCK = "signal/lock"
_RECEIVER = "receiver"
_MANY = 500
_DISPLAYS = ("tv", "projector")
Room = tuple[str, str, str]
"""District, school and room."""
_ROOM = func.coalesce(registered.c.room, device.c.room)
_FRESH = node.c.online & node.c.unseen_since.is_(None) & ~device.c.stale
_STAND = device.join(node).outerjoin(
    registered,
    and_(registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key),
)
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rooms, over which days (ISO 8601, both included). among: these only."""

    groups: Collection[str] | None
    school: str | None
    first: str
    last: str
    among: Collection[Room] | None = None

    @property
    def shape(self) -> "_Shape":
        return _Shape(chosen(self.groups), self.school is not None, self.among is not None)

    @property
    def given(self) -> Mapping[str, object]:
        """What the statements of its shape want to know."""
        told: dict[str, object] = {"first": self.first, "last": self.last}
        if self.school is not None:
            told["school"] = self.school
        if self.among is not None:
            # By district and school as well, for which there is an index.
            told |= {"districts": sorted({group for group, _, _ in self.among}), "among": sorted(self.among)}
            told["schools"] = sorted({school for _, school, _ in self.among})
        return told


class _Shape(NamedTuple):
    """By what rooms are asked for: statements are kept by it, for to put one together takes as long as to ask it."""

    groups: tuple[str, ...] | None
    school: bool
    among: bool


@dataclass(slots=True)
class _Equipment:
    """What stands in a room.

    since  when its receiver first reported, ms; looked for where `used` is not known
    used   its last day of use
    told   detection told of a day
    live   its receivers that report now, by number
    """

    node: NodeKey | None = None
    since: int | None = None
    used: str | None = None
    told: bool = False
    live: list[int] = field(default_factory=list)
    shows: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    days: int = 0
    minutes: float = 0.0
    last: str | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """All that is known of the rooms that were asked for."""

    shown: Mapping[Room, _Shown]
    lost: Mapping[Room, Mapping[str, float]]
    equipment: Mapping[Room, _Equipment]
    names: Mapping[tuple[str, str], str]
    pictures: set[Room] = field(default_factory=set)
    days: dict[str, Sequence[str]] = field(default_factory=dict)


def rooms_in_use(
    connection: Connection, asked: Asked, names: Mapping[tuple[str, str], str], class_days: ClassDays, zone: ZoneInfo
) -> tuple[RoomUse, ...]:
    """In the order of district, school and room."""
    facts = _Facts(_shown(connection, asked), _lost(connection, asked), _equipment(connection, asked), names)
    rooms = sorted(_ready(facts.equipment) | set(facts.shown))
    if asked.among is not None:
        rooms = sorted(set(asked.among) & set(rooms))
    facts.pictures.update(_pictures(connection, facts.equipment, rooms))
    for school in {place[1] for place in rooms}:
        facts.days[school] = class_days(school, asked.first, asked.last)
    return tuple(_room(place, facts, asked, zone) for place in rooms)


def idle_rooms(
    connection: Connection, asked: Asked, class_days: ClassDays, zone: ZoneInfo, enough: int
) -> tuple[RoomIdle, ...]:
    """Of the rooms with a receiver, in the same order: the days of use are not counted, only the last is looked for.

    enough  whether there is a picture is looked for in rooms that have been idle for so many days; of the others it is not told
    """
    equipment = _equipment(connection, asked, days=True)
    rooms = sorted(_ready(equipment) | {place for place, stands in equipment.items() if stands.told})
    days = {school: class_days(school, asked.first, asked.last) for school in {place[1] for place in rooms}}
    idle = {place: _idle(days[place[1]], equipment[place], equipment[place].used, asked, zone) for place in rooms}
    pictures = _pictures(connection, equipment, (place for place in rooms if idle[place] >= enough))
    return tuple(RoomIdle(*place, idle[place], place in pictures) for place in rooms)


def _ready(equipment: Mapping[Room, _Equipment]) -> set[Room]:
    return {place for place, stands in equipment.items() if stands.shows and stands.since is not None}


def _idle(days: Sequence[str], stands: _Equipment, used: str | None, asked: Asked, zone: ZoneInfo) -> int:
    """The last day counts for use, but not as one without: it may not be over."""
    begun = bisect_left(days, _since(stands, asked, zone)) if used is None else bisect_right(days, used)
    return max(0, bisect_left(days, asked.last) - begun)


def _since(stands: _Equipment, asked: Asked, zone: ZoneInfo) -> str:
    if stands.since is None:
        return asked.first
    return datetime.fromtimestamp(stands.since / 1000, zone).date().isoformat()


def _room(place: Room, facts: _Facts, asked: Asked, zone: ZoneInfo) -> RoomUse:
    shown, stands = facts.shown.get(place, _Shown()), facts.equipment.get(place, _Equipment())
    days = facts.days[place[1]]
    known = len(days) - bisect_left(days, _since(stands, asked, zone))
    return RoomUse(
        group=place[0],
        school=place[1],
        school_name=facts.names.get(place[:2]),
        room=place[2],
        days=max(known, shown.days),
        used_days=shown.days,
        used_min=shown.minutes,
        idle_days=_idle(days, stands, shown.last, asked, zone),
        last_used=shown.last,
        has_picture=place in facts.pictures,
        node=stands.node,
        lost=facts.lost.get(place, {}),
    )


def _wanted(of: FromClause, room: ColumnElement[Any], shape: _Shape) -> Iterator[ColumnElement[bool]]:
    """of: what tells district and school."""
    yield from within(of.c.group, shape.groups)
    if shape.school:
        yield of.c.school == bindparam("school")
    if shape.among:
        yield of.c.group.in_(bindparam("districts", expanding=True))
        yield of.c.school.in_(bindparam("schools", expanding=True))
        yield tuple_(of.c.group, of.c.school, room).in_(bindparam("among", expanding=True))


def _days(table: Table, shape: _Shape) -> Iterator[ColumnElement[bool]]:
    yield table.c.date.between(bindparam("first"), bindparam("last"))
    yield from _wanted(table, table.c.room, shape)


def _shown(connection: Connection, asked: Asked) -> Mapping[Room, _Shown]:
    rows = connection.execute(_ask_shown(asked.shape), asked.given).all()
    return {(row[0], row[1], row[2]): _Shown(row[3], row[4], row[5]) for row in rows}


@lru_cache(_KEPT)
def _ask_shown(shape: _Shape) -> Select[Any]:
    day = room_day.c
    key = (day.group, day.school, day.room)
    used = func.sum(case((day.used > 0, 1), else_=0))
    query = select(*key, used, func.sum(day.used), func.max(case((day.used > 0, day.date))))
    return query.where(*_days(room_day, shape)).group_by(*key)


def _lost(connection: Connection, asked: Asked) -> Mapping[Room, Mapping[str, float]]:
    found: defaultdict[Room, dict[str, float]] = defaultdict(dict)
    for row in connection.execute(_ask_lost(asked.shape), asked.given).all():
        found[row[0], row[1], row[2]][row[3]] = row[4]
    return found


@lru_cache(_KEPT)
def _ask_lost(shape: _Shape) -> Select[Any]:
    lost = room_day_lost.c
    by = (lost.group, lost.school, lost.room, lost.cause)
    query = select(*by, func.sum(lost.minutes)).where(*_days(room_day_lost, shape)).group_by(*by)
    return query.order_by(func.sum(lost.minutes).desc(), lost.cause)


def _equipment(connection: Connection, asked: Asked, *, days: bool = False) -> Mapping[Room, _Equipment]:
    """`days`: with the last day of use, which is looked for room by room."""
    found: dict[Room, _Equipment] = {}
    displays = set(map(tuple, connection.execute(_ask_displays(asked.shape), asked.given).all()))
    rows = connection.execute(_ask_receivers(asked.shape, days=days), asked.given).all()
    unused = _unused(connection, asked, [row[0] for row in rows if row[-2] is None]) if days else {}
    for number, group, school, where, name, fresh, used, first in rows:
        place = (group, school, where)
        stands = found.get(place) or found.setdefault(place, _Equipment(shows=place in displays))
        stands.node = NodeKey(group, name)
        if fresh:
            stands.live.append(number)
        heard, judged = unused.get(number, (first, used))
        if heard is not None and (stands.since is None or heard < stands.since):
            stands.since = heard
        stands.used, stands.told = used, judged is not None
    return found


@lru_cache(_KEPT)
def _ask_displays(shape: _Shape) -> Select[Any]:
    here = (device.c.kind.in_(_DISPLAYS), _ROOM.is_not(None), *_wanted(node, _ROOM, shape))
    return select(node.c.group, node.c.school, _ROOM).select_from(_STAND).where(*here).distinct()


@lru_cache(_KEPT)
def _ask_receivers(shape: _Shape, *, days: bool) -> Select[*tuple[Any, ...]]:
    # When it was heard first says nothing of a room whose last day of use is known: then it is looked for where that is not.
    told = (_last_day(used=True), null()) if days else (null(), first_told())
    here = (device.c.kind == _RECEIVER, _ROOM.is_not(None), *_wanted(node, _ROOM, shape))
    facts = (device.c.id, node.c.group, node.c.school, _ROOM, node.c.name, _FRESH)
    return select(*facts, *told).select_from(_STAND).where(*here)


def _pictures(connection: Connection, equipment: Mapping[Room, _Equipment], rooms: Iterable[Room]) -> set[Room]:
    """Those of the rooms of which a receiver has lock now."""
    where = {number: place for place in rooms if place in equipment for number in equipment[place].live}
    numbers, found = sorted(where), set[Room]()
    for at in range(0, len(numbers), _MANY):
        # Of all that a device said last this alone is read: as objects, the rest of a district would take most of the time.
        lock = select(device.c.id, device.c.latest[(_LOCK, 0)]).where(device.c.id.in_(numbers[at : at + _MANY]))
        # SQLite takes 1 out of what holds true.
        found |= {where[number] for number, locked in connection.execute(lock).all() if locked == 1}
    return found


def _last_day(*, used: bool) -> ColumnElement[str | None]:
    """Of the room of a receiver, the last day of use, or the last of all: a step in the index, where nothing is wrong."""
    day = room_day.c
    here = (day.group == node.c.group, day.school == node.c.school, day.room == _ROOM)
    during = day.date.between(bindparam("first"), bindparam("last"))
    last = select(day.date).where(*here, during).order_by(day.date.desc()).limit(1)
    return (last.where(day.used > 0) if used else last).correlate(device, node, registered).scalar_subquery()


def _unused(
    connection: Connection, asked: Asked, numbers: Sequence[int]
) -> Mapping[int, tuple[int | None, str | None]]:
    """By receiver: when it was heard first, and the last day that detection told of its room."""
    found: dict[int, tuple[int | None, str | None]] = {}
    for at in range(0, len(numbers), _MANY):
        some = select(device.c.id, first_told(), _last_day(used=False)).select_from(_STAND)
        rows = connection.execute(some.where(device.c.id.in_(numbers[at : at + _MANY])), asked.given)
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found
