"""The use of each room: what was shown, what was lost, and for how many class days nothing has been shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, case, func, or_, select

from hub.core.equipment import NodeKey
from hub.core.insights import RoomUse
from hub.store.tables import device, node, registered, room_day, room_day_lost

_LOCK = "signal/lock"
_Room = tuple[str, str, str]
_KEY = (room_day.c.group, room_day.c.school, room_day.c.room)


def rooms_in_use(
    connection: Connection,
    group: str | None,
    first: str,
    last: str,
    *,
    school: str | None,
    names: Mapping[tuple[str, str], str],
) -> tuple[RoomUse, ...]:
    """Every room that has a day between `first` and `last`."""
    wanted = list(_wanted(room_day, group, school, first, last))
    rows = connection.execute(_summed(wanted)).all()
    lost = _lost(connection, list(_wanted(room_day_lost, group, school, first, last)))
    receivers = _receivers(connection, group, school)
    return tuple(_room(row, lost, receivers, names) for row in rows)


def _room(
    row: Row[*tuple[Any, ...]],
    lost: Mapping[_Room, Mapping[str, float]],
    receivers: Mapping[_Room, tuple[NodeKey, bool]],
    names: Mapping[tuple[str, str], str],
) -> RoomUse:
    place = (row.group, row.school, row.room)
    stands, has_picture = receivers.get(place, (None, False))
    return RoomUse(
        group=row.group,
        school=row.school,
        school_name=names.get((row.group, row.school)),
        room=row.room,
        days=row.days,
        used_days=row.used_days,
        used_min=row.used_min,
        idle_days=row.idle_days,
        last_used=row.last_used,
        has_picture=has_picture,
        node=stands,
        lost=lost.get(place, {}),
    )


def _wanted(
    table: Table, group: str | None, school: str | None, first: str, last: str
) -> Iterator[ColumnElement[bool]]:
    yield table.c.date.between(first, last)
    if group is not None:
        yield table.c.group == group
    if school is not None:
        yield table.c.school == school


def _summed(wanted: list[ColumnElement[bool]]) -> Any:
    """One row a room. Idle are the days after the last on which something was shown."""
    shown = case((room_day.c.used > 0, 1), else_=0)
    last = (
        select(
            *_KEY,
            func.count().label("days"),
            func.sum(shown).label("used_days"),
            func.sum(room_day.c.used).label("used_min"),
            func.max(case((room_day.c.used > 0, room_day.c.date))).label("last_used"),
        )
        .where(*wanted)
        .group_by(*_KEY)
        .subquery()
    )
    same = and_(*(last.c[column.name] == column for column in _KEY))
    since = or_(last.c.last_used.is_(None), room_day.c.date > last.c.last_used)
    idle = func.sum(case((since, 1), else_=0)).label("idle_days")
    told = [last.c[name] for name in ("group", "school", "room", "days", "used_days", "used_min", "last_used")]
    return select(*told, idle).join_from(last, room_day, same).where(*wanted).group_by(*told).order_by(*told[:3])


def _lost(connection: Connection, wanted: list[ColumnElement[bool]]) -> Mapping[_Room, Mapping[str, float]]:
    lost = room_day_lost.c
    by = (lost.group, lost.school, lost.room, lost.cause)
    found: defaultdict[_Room, dict[str, float]] = defaultdict(dict)
    query = select(*by, func.sum(lost.minutes)).where(*wanted).group_by(*by).order_by(func.sum(lost.minutes).desc())
    for row in connection.execute(query):
        found[row[0], row[1], row[2]][row[3]] = row[4]
    return found


def _receivers(connection: Connection, group: str | None, school: str | None) -> Mapping[_Room, tuple[NodeKey, bool]]:
    """The node that a room's receivers report by, and whether one of them has lock now."""
    of_register = and_(
        registered.c.group == node.c.group, registered.c.node == node.c.name, registered.c.device == device.c.key
    )
    room = func.coalesce(registered.c.room, device.c.room)
    query = select(
        node.c.group, node.c.name, node.c.school, node.c.online, room.label("room"), device.c.stale, device.c.latest
    ).select_from(device.join(node).outerjoin(registered, of_register))
    query = query.where(device.c.kind == "receiver", room.is_not(None))
    if group is not None:
        query = query.where(node.c.group == group)
    if school is not None:
        query = query.where(node.c.school == school)
    found: dict[_Room, tuple[NodeKey, bool]] = {}
    for row in connection.execute(query):
        place = (row.group, row.school, row.room)
        locked = row.online and not row.stale and row.latest.get(_LOCK, [None])[0] is True
        found[place] = (NodeKey(row.group, row.name), locked or found.get(place, (None, False))[1])
    return found
