"""What the pages read of tickets: the lists, and one with all that belongs to it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Alternative
from hub.core.texts import Text
from hub.core.views import TicketCounts, TicketEntry, TicketFilter, TicketLine
from hub.store.districts import chosen, within
from hub.store.sequences import arranged, paged
from hub.store.spelled import held, spelled
from hub.store.tables import device, node, school, ticket, ticket_entry

_EARLIER = 20
_OTHERS = 50
_KEPT = 32
_TICKETS = select(
    ticket,
    node.c.group,
    node.c.name.label("node_name"),
    school.c.name.label("school_name"),
    device.c.kind.label("kind"),
    device.c.room.label("room"),
).select_from(
    ticket.join(node)
    .outerjoin(school, and_(school.c.group == node.c.group, school.c.code == node.c.school))
    .outerjoin(device, and_(device.c.node_id == ticket.c.node_id, device.c.key == ticket.c.device, ticket.c.dish == ""))
)
_ORDER = {
    "school": (node.c.group, node.c.school.is_(None), node.c.school, ticket.c.id.desc()),
    "cause": (ticket.c.cause, ticket.c.id.desc()),
}
"""What else there is, is by age."""
_of_node = (node.c.group == bindparam("group"), node.c.name == bindparam("node"))
_of_school = (node.c.group == bindparam("group"), node.c.school == bindparam("school"))
_of_device = (ticket.c.device == bindparam("device"), ticket.c.dish == bindparam("dish"))
_by_age = (ticket.c.opened_at, ticket.c.id)
_ONE = _TICKETS.where(ticket.c.id == bindparam("this"))
_AT_NODE = _TICKETS.where(ticket.c.open, ticket.c.node_id == bindparam("node")).order_by(*_by_age)
_AT_SCHOOL = (
    _TICKETS.where(*_of_school, ticket.c.open, ticket.c.id != bindparam("this")).order_by(*_by_age).limit(_OTHERS)
)
_BEFORE = (
    _TICKETS.where(*_of_node, *_of_device, ticket.c.id < bindparam("this")).order_by(ticket.c.id.desc()).limit(_EARLIER)
)
_entry = ticket_entry.c
_HISTORY = (
    select(_entry.t, _entry.kind, _entry.code, _entry.params, _entry.ticket_id)
    .join(ticket)
    .where(or_(ticket.c.id == bindparam("this"), ticket.c.merged_into == bindparam("this")))
    .order_by(_entry.t, _entry.id)
)
FAULTS = select(
    ticket.c.id, ticket.c.node_id, ticket.c.device, ticket.c.dish, ticket.c.recovered_at, ticket.c.snoozed_until
).where(ticket.c.open)
"""Open tickets, as short as they can be: what counts them."""


def found_tickets(
    connection: Connection, wanted: TicketFilter, before: int | None, limit: int
) -> tuple[TicketLine, ...]:
    found = _TICKETS.where(*_wanted(connection, wanted))
    if (order := _ORDER.get(wanted.order)) is not None:
        return _lines(connection, arranged(found, order, wanted.skip, limit))
    return _lines(connection, paged(found, ticket.c.id, before, limit, oldest=wanted.order == "oldest"))


def pressing(
    connection: Connection, now: int, limit: int, groups: Collection[str] | None = None
) -> tuple[TicketLine, ...]:
    """Those that want somebody today, the oldest first; faults that went away by themselves come last."""
    return _lines(connection, _pressing(chosen(groups), limit), {"now": now})


@lru_cache(_KEPT)
def _pressing(groups: tuple[str, ...] | None, limit: int) -> Select[Any]:
    order = (ticket.c.recovered_at.is_not(None), ticket.c.opened_at, ticket.c.id)
    sleeps = _sleeps(bindparam("now", type_=BigInteger))
    return _TICKETS.where(ticket.c.open, not_(sleeps), *within(node.c.group, groups)).order_by(*order).limit(limit)


def open_at_node(connection: Connection, node_id: int) -> tuple[TicketLine, ...]:
    return _lines(connection, _AT_NODE, {"node": node_id})


def open_at_school(connection: Connection, line: TicketLine) -> tuple[TicketLine, ...]:
    """The other open tickets of a ticket's school."""
    key = line.device.node
    return _lines(connection, _AT_SCHOOL, {"group": key.group, "school": key.school, "this": line.id})


def before_this(connection: Connection, line: TicketLine) -> tuple[TicketLine, ...]:
    """Earlier tickets of the same device or dish, the newest first."""
    key = line.device
    place = {"group": key.node.group, "node": key.node.name, "device": key.device, "dish": line.dish}
    return _lines(connection, _BEFORE, {**place, "this": line.id})


def one_ticket(connection: Connection, ticket_id: int) -> TicketLine | None:
    lines = _lines(connection, _ONE, {"this": ticket_id})
    return lines[0] if lines else None


def history(connection: Connection, ticket_id: int) -> tuple[TicketEntry, ...]:
    """Its entries and those of the tickets that were merged into it, in the order of time."""
    rows = connection.execute(_HISTORY, {"this": ticket_id}).all()
    return tuple(TicketEntry(at, kind, Text(code, params), number) for at, kind, code, params, number in rows)


def counts(connection: Connection, now: int, groups: Collection[str] | None = None) -> TicketCounts:
    by = select(ticket.c.open, func.count()).group_by(ticket.c.open)
    sleeping = select(func.count()).select_from(ticket).where(ticket.c.open, _sleeps(now))
    if groups is not None:
        theirs = ticket.c.node_id.in_(select(node.c.id).where(*within(node.c.group, groups)))
        by, sleeping = by.where(theirs), sleeping.where(theirs)
    by_open = {bool(row[0]): row[1] for row in connection.execute(by)}
    asleep = connection.execute(sleeping).scalar_one()
    return TicketCounts(open=by_open.get(True, 0), closed=by_open.get(False, 0), snoozed=asleep)


def _sleeps(now: int | BindParameter[int]) -> ColumnElement[bool]:
    return and_(ticket.c.snoozed_until.is_not(None), ticket.c.snoozed_until > now)


def _wanted(connection: Connection, wanted: TicketFilter) -> Iterator[ColumnElement[bool]]:
    yield from within(node.c.group, wanted.groups)
    if wanted.is_open is not None:
        yield ticket.c.open.is_(wanted.is_open)
    if wanted.snoozed is not None:
        yield _sleeps(wanted.now) if wanted.snoozed else not_(_sleeps(wanted.now))
    if wanted.words:
        yield _mentions(connection, wanted)


def _mentions(connection: Connection, wanted: TicketFilter) -> ColumnElement[bool]:
    # Computers are few beside their tickets: they are looked through once, and not with each ticket.
    place = or_(held(wanted.words, node.c.school, node.c.name), spelled(connection, school.c.name, wanted.words))
    there = select(node.c.id).outerjoin(school, and_(school.c.group == node.c.group, school.c.code == node.c.school))
    hits: list[Any] = [ticket.c.node_id.in_(there.where(place)), held(wanted.words, ticket.c.device, ticket.c.dish)]
    number = wanted.words.removeprefix("#")
    # 18 digits fit every integer column; more is no ticket of ours.
    if number.isdecimal() and len(number) <= 18:
        hits.append(ticket.c.id == int(number))
    return or_(*hits, ticket.c.cause.in_(wanted.causes))


def _lines(
    connection: Connection, query: Select[Any], given: Mapping[str, object] | None = None
) -> tuple[TicketLine, ...]:
    return tuple(map(_line, connection.execute(query, given).all()))


def _line(row: Sequence[Any]) -> TicketLine:
    """row: what `_TICKETS` asks for, in its order."""
    number, _node, device_key, dish, cause, state, is_open, onset, opened, recovered, closed, *more = row
    signs, alternatives, version, snoozed, merged, earlier, group, name, school_name, kind, room = more
    return TicketLine(
        id=number,
        device=DeviceKey(NodeKey(group, name), device_key),
        kind=kind,
        room=room,
        school_name=school_name,
        cause=cause,
        state=state,
        open=is_open,
        onset_at=onset,
        opened_at=opened,
        recovered_at=recovered,
        closed_at=closed,
        signs=tuple(signs),
        version=version,
        dish=dish,
        alternatives=tuple(Alternative(other, share) for other, share in alternatives),
        snoozed_until=snoozed,
        merged_into=merged,
        earlier=earlier,
    )
