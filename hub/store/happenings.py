"""What happened to a device and its school within a span: incidents, the ways of its tickets, restarts, silences."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Select, bindparam, or_, select

from hub.core.equipment import HOST, DeviceKey
from hub.core.history import Event, Happening, Spell
from hub.core.reports import ONLINE
from hub.core.thinning import Point
from hub.store.series import series_of
from hub.store.spans import Span
from hub.store.tables import device, incident, incident_school, node, registered, ticket, ticket_entry
from hub.tickets.machine import State
from hub.tickets.ticket import EntryKind

_UPTIME = "host/uptime_s"
_MOST = 2000
_SLACK_S = 60
"""A clock that was set, or rounding, is no restart."""
_SPELLS = (
    select(incident.c.cause, incident_school.c.start, incident_school.c.end, incident.c.key)
    .join_from(incident_school, incident, incident_school.c.incident_id == incident.c.id)
    .where(
        incident.c.group == bindparam("group"),
        incident_school.c.school == bindparam("school"),
        incident_school.c.start <= bindparam("until"),
        or_(incident_school.c.end.is_(None), incident_school.c.end >= bindparam("since")),
    )
    .order_by(incident_school.c.start)
    .limit(_MOST)
)


def spells_at(connection: Connection, group: str, school: str, since: int, until: int) -> tuple[Spell, ...]:
    """Incidents that were at the school, in the order of their beginnings."""
    given = {"group": group, "school": school, "since": since, "until": until}
    rows = connection.execute(_SPELLS, given).all()
    return tuple(Spell(*row) for row in rows)


def events_of(connection: Connection, key: DeviceKey, span: Span) -> tuple[Event, ...]:
    """In the order of time."""
    found = [*_of_tickets(connection, key, span), *_of_computer(connection, key, span)]
    return tuple(sorted(found, key=lambda event: (event.t, event.what.value)))


def _of_tickets(connection: Connection, key: DeviceKey, span: Span) -> Iterator[Event]:
    rows = connection.execute(_tickets(key).limit(_MOST)).all()
    for row in rows:
        for t, what in (
            (row.opened_at, Happening.TICKET_OPENED),
            (row.recovered_at, Happening.RECOVERED),
            (row.closed_at, Happening.TICKET_CLOSED),
        ):
            if t is not None and span.since <= t <= span.until:
                yield Event(t, what, row.cause, row.id)
    causes = {row.id: row.cause for row in rows}
    repaired = connection.execute(_repairs(causes, span)).all() if causes else []
    yield from (Event(each.at, Happening.REPAIRED, causes[each.ticket_id], each.ticket_id) for each in repaired)


def _tickets(key: DeviceKey) -> Select[tuple[int, str, int, int | None, int | None]]:
    """Of the device, and of the dish that it hangs on."""
    dish = select(registered.c.dish).where(
        registered.c.group == key.node.group, registered.c.node == key.node.name, registered.c.device == key.device
    )
    told = (
        select(device.c.properties["dish"].as_string())
        .join(node)
        .where(node.c.group == key.node.group, node.c.name == key.node.name, device.c.key == key.device)
    )
    own = (ticket.c.device == key.device) & (ticket.c.dish == "")
    of_dish = (
        (ticket.c.device == HOST) & ((ticket.c.dish.in_(dish)) | (ticket.c.dish.in_(told))) & (ticket.c.dish != "")
    )
    return (
        select(ticket.c.id, ticket.c.cause, ticket.c.opened_at, ticket.c.recovered_at, ticket.c.closed_at)
        .join_from(ticket, node)
        .where(node.c.group == key.node.group, node.c.name == key.node.name, own | of_dish)
        .order_by(ticket.c.id.desc())
    )


def _repairs(tickets: Iterable[int], span: Span) -> Select[tuple[int, int]]:
    return select(ticket_entry.c.ticket_id, ticket_entry.c.t.label("at")).where(
        ticket_entry.c.ticket_id.in_(list(tickets)),
        ticket_entry.c.kind == EntryKind.MOVED.value,
        ticket_entry.c.params["to"].as_string() == State.VERIFYING.value,
        ticket_entry.c.t.between(span.since, span.until),
    )


def _of_computer(connection: Connection, key: DeviceKey, span: Span) -> Iterator[Event]:
    """Restarts of the school's computer; in short spans also when it was lost and came back."""
    uptime, online = series_of(connection, DeviceKey(key.node, HOST), (_UPTIME, ONLINE), span)
    lows = [band[0] if band else None for band in uptime.bands]
    yield from (Event(t, Happening.RESTARTED) for t in _restarts(uptime.points, lows, uptime.step))
    if not online.step:
        yield from (Event(t, Happening.HEARD if up else Happening.SILENT) for t, up in _turns(online.points))


def _restarts(points: Iterable[Point], lows: list[float | None], step: int) -> Iterator[int]:
    """Where the uptime fell. Of hours the lowest value tells, and when it was is known to the hour."""
    before: float | None = None
    for at, (t, value) in enumerate(points):
        now = lows[at] if lows else value
        if now is None or value is None:
            continue
        if before is not None and now + _SLACK_S < before:
            yield t if step else t - round(now * 1000)
        before = value if not step else max(value, now)


def _turns(points: Iterable[Point]) -> Iterator[tuple[int, bool]]:
    before: bool | None = None
    for t, value in points:
        if value is not None and bool(value) is not before:
            if before is not None:
                yield t, bool(value)
            before = bool(value)
