"""What the strips of a school's rooms are made of: hours of receivers and screens, lessons lost, tickets of the rooms."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select

from hub.core.equipment import NodeKey
from hub.core.history import Spell
from hub.core.hourly import HOUR_MS, Hourly
from hub.core.strip import Heard
from hub.store.bodies import metric_names
from hub.store.long_series import hours_of_each
from hub.store.spans import Span
from hub.store.tables import device, node, room_day, room_day_lost, ticket

_LOCK, _ON, _REACHABLE = "signal/lock", "power/on", "device/reachable"
_KINDS = ("receiver", "tv", "projector")
Hours = Mapping[str, Mapping[int, Hourly]]


def _at_school(table: Table) -> tuple[ColumnElement[bool], ...]:
    day = table.c.date.between(bindparam("first"), bindparam("last"))
    return table.c.group == bindparam("group"), table.c.school == bindparam("school"), day


_OF_NODE = (node.c.group == bindparam("group"), node.c.name == bindparam("node"))
_DEVICES = (
    select(device.c.id, device.c.kind, device.c.room)
    .join(node)
    .where(*_OF_NODE, device.c.kind.in_(_KINDS), device.c.room.is_not(None))
    .order_by(device.c.key)
)
_FAULTS = (
    select(ticket.c.cause, ticket.c.onset_at, ticket.c.recovered_at, ticket.c.closed_at, ticket.c.id, device.c.room)
    .join_from(ticket, node)
    .outerjoin(device, (device.c.node_id == ticket.c.node_id) & (device.c.key == ticket.c.device))
    .where(*_OF_NODE, ticket.c.onset_at <= bindparam("until"))
    .order_by(ticket.c.onset_at)
)
_ROOMS = select(room_day.c.room).distinct().where(*_at_school(room_day))
_lost = room_day_lost.c
_LOST = select(_lost.room, _lost.date, _lost.cause, _lost.minutes).where(*_at_school(room_day_lost))
_UNHEARD = Heard()


def heard_in(
    connection: Connection, key: NodeKey, hours: Collection[int], until: int, only: str | None
) -> dict[str, dict[int, Heard]]:
    """By room, the hours since 1970 that are asked for, up to `until`. `only`: of one room."""
    span = Span(min(hours) * HOUR_MS, until, 1)
    names = metric_names(connection)
    rows = connection.execute(_DEVICES, {"group": key.group, "node": key.name}).all()
    rows = [row for row in rows if only in (None, row.room)]
    found: defaultdict[str, dict[int, Heard]] = defaultdict(dict)
    known = hours_of_each(connection, [row.id for row in rows], (_LOCK, _ON, _REACHABLE), span, names, only=hours)
    for row in rows:
        _add(found[row.room], known[row.id], receiver=row.kind == "receiver")
    return found


def lost_in(connection: Connection, key: NodeKey, first: str, last: str) -> dict[str, dict[str, dict[str, float]]]:
    """Minutes lost by room, day and cause; every room of which something is known."""
    asked = {"group": key.group, "school": key.school, "first": first, "last": last}
    found: dict[str, dict[str, dict[str, float]]]
    found = {room: defaultdict(dict) for room in connection.execute(_ROOMS, asked).scalars()}
    for room, day, cause, minutes in connection.execute(_LOST, asked).all():
        if room in found:
            found[room][day][cause] = minutes
    return found


def faults_in(connection: Connection, key: NodeKey, since: int, until: int) -> defaultdict[str | None, list[Spell]]:
    """The times of tickets by room; under None those of dishes and of the school's computer, which befall every room."""
    rows = connection.execute(_FAULTS, {"group": key.group, "node": key.name, "until": until}).all()
    found: defaultdict[str | None, list[Spell]] = defaultdict(list)
    for cause, onset, recovered, closed, number, room in rows:
        end = recovered if recovered is not None else closed
        if end is None or end >= since:
            found[room].append(Spell(cause, onset, end, str(number)))
    return found


def _add(heard: dict[int, Heard], hours: Hours, *, receiver: bool) -> None:
    told = hours[_LOCK if receiver else _ON]
    for hour in {hour for each in hours.values() for hour in each}:
        before = heard.get(hour, _UNHEARD)
        share = told[hour].mean if hour in told else None
        lock, on = (share, None) if receiver else (None, share)
        heard[hour] = Heard(_most(before.lock, lock), _most(before.on, on), seen=True)


def _most(one: float | None, two: float | None) -> float | None:
    if one is None or two is None:
        return two if one is None else one
    return max(one, two)
