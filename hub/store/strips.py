"""What the strips of a school's rooms are made of: hours of receivers and screens, lessons lost, tickets of the rooms."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from hub.core.equipment import NodeKey
from hub.core.history import Spell
from hub.core.hourly import HOUR_MS, Hourly
from hub.core.strip import Heard
from hub.store.bodies import metric_names
from hub.store.lessons import room_days
from hub.store.long_series import hours_of_each
from hub.store.spans import Span
from hub.store.tables import device, node, ticket

_LOCK, _ON, _REACHABLE = "signal/lock", "power/on", "device/reachable"
_KINDS = ("receiver", "tv", "projector")
Hours = Mapping[str, Mapping[int, Hourly]]


def heard_in(
    connection: Connection, key: NodeKey, hours: Collection[int], until: int, only: str | None
) -> dict[str, dict[int, Heard]]:
    """By room, the hours since 1970 that are asked for, up to `until`. `only`: of one room."""
    span = Span(min(hours) * HOUR_MS, until, 1)
    names = metric_names(connection)
    query = (
        select(device.c.id, device.c.kind, device.c.room)
        .join(node)
        .where(
            node.c.group == key.group, node.c.name == key.name, device.c.kind.in_(_KINDS), device.c.room.is_not(None)
        )
        .order_by(device.c.key)
    )
    rows = connection.execute(query if only is None else query.where(device.c.room == only)).all()
    found: defaultdict[str, dict[int, Heard]] = defaultdict(dict)
    known = hours_of_each(connection, [row.id for row in rows], (_LOCK, _ON, _REACHABLE), span, names, only=hours)
    for row in rows:
        _add(found[row.room], known[row.id], receiver=row.kind == "receiver")
    return found


def lost_in(connection: Connection, key: NodeKey, first: str, last: str) -> dict[str, dict[str, Mapping[str, float]]]:
    """Minutes lost by room, day and cause."""
    found: defaultdict[str, dict[str, Mapping[str, float]]] = defaultdict(dict)
    for day in room_days(connection, key.group, key.school, first=first, last=last):
        found[day.room][day.date] = day.lost
    return found


def faults_in(connection: Connection, key: NodeKey, since: int, until: int) -> defaultdict[str | None, list[Spell]]:
    """The times of tickets by room; under None those of dishes and of the school's computer, which befall every room."""
    rows = connection.execute(
        select(ticket.c.cause, ticket.c.onset_at, ticket.c.recovered_at, ticket.c.closed_at, ticket.c.id, device.c.room)
        .join_from(ticket, node)
        .outerjoin(device, (device.c.node_id == ticket.c.node_id) & (device.c.key == ticket.c.device))
        .where(node.c.group == key.group, node.c.name == key.name, ticket.c.onset_at <= until)
        .order_by(ticket.c.onset_at)
    )
    found: defaultdict[str | None, list[Spell]] = defaultdict(list)
    for cause, onset, recovered, closed, number, room in rows:
        end = recovered if recovered is not None else closed
        if end is None or end >= since:
            found[room].append(Spell(cause, onset, end, str(number)))
    return found


def _add(heard: dict[int, Heard], hours: Hours, *, receiver: bool) -> None:
    for hour in {hour for each in hours.values() for hour in each}:
        before = heard.get(hour, Heard())
        lock = _share(hours[_LOCK].get(hour)) if receiver else None
        on = None if receiver else _share(hours[_ON].get(hour))
        heard[hour] = Heard(_most((before.lock, lock)), _most((before.on, on)), seen=True)


def _share(hour: Hourly | None) -> float | None:
    return None if hour is None else hour.mean


def _most(shares: Iterable[float | None]) -> float | None:
    return max((each for each in shares if each is not None), default=None)
