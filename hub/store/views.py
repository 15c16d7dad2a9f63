"""What the pages read: few indexed queries a page, none of them repeated per row. Fills the Pages port of hub/web/pages.py."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, tuple_

from hub.core.equipment import HOST, DeviceKey, NodeKey, Reported
from hub.core.texts import Text
from hub.core.views import (
    DeviceView,
    NodeView,
    OverviewView,
    ReportView,
    SchoolLine,
    SchoolView,
    SeriesView,
    TicketCounts,
    TicketEntry,
    TicketLine,
    TicketView,
)
from hub.store.journals import epochs_of
from hub.store.registration import is_unregistered
from hub.store.series import Span, reports_of, series_of
from hub.store.tables import device, node, school, ticket, ticket_entry
from hub.store.unit_of_work import Store

_NEWCOMERS = 20
_Row = Row[*tuple[Any, ...]]
_NODES = (
    select(
        node.c.id,
        node.c.group,
        node.c.name,
        node.c.online,
        node.c.status_since,
        node.c.heard_at,
        node.c.properties,
        school.c.name.label("school_name"),
    )
    .select_from(node.outerjoin(school, and_(school.c.group == node.c.group, school.c.code == node.c.school)))
    .order_by(node.c.group, node.c.name)
)
_DEVICES = (
    select(device, node.c.group, node.c.name.label("node_name"), node.c.online, is_unregistered().label("unregistered"))
    .join_from(device, node)
    .order_by(node.c.group, node.c.name, device.c.key)
)
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
    .outerjoin(device, and_(device.c.node_id == ticket.c.node_id, device.c.key == ticket.c.device))
)
_FAULTS = select(ticket.c.id, ticket.c.node_id, ticket.c.device, ticket.c.recovered_at).where(ticket.c.open)


class StorePages:
    """Pages, read from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(self, tickets: int) -> OverviewView:
        with self._store.reading() as connection:
            nodes = connection.execute(_NODES).all()
            counted = connection.execute(
                select(device.c.node_id, func.count()).where(device.c.key != HOST).group_by(device.c.node_id)
            )
            devices: dict[int, int] = {row[0]: row[1] for row in counted}
            faults = connection.execute(_FAULTS).all()
            pressing = _TICKETS.where(ticket.c.open).order_by(
                ticket.c.recovered_at.is_not(None), ticket.c.opened_at, ticket.c.id
            )
            lines = _ticket_lines(connection, pressing.limit(tickets))
            newcomers = connection.execute(_DEVICES.where(is_unregistered()).limit(_NEWCOMERS)).all()
        troubled, open_tickets = _by_node(faults)
        return OverviewView(
            schools=tuple(
                SchoolLine(_node(row), devices.get(row.id, 0), len(troubled[row.id]), open_tickets[row.id])
                for row in nodes
            ),
            tickets=lines,
            open_tickets=len(faults),
            newcomers=tuple(_device(row, []) for row in newcomers),
        )

    def nodes(self, after: NodeKey | None, limit: int) -> tuple[NodeView, ...]:
        query = _NODES.limit(limit)
        if after is not None:
            query = query.where(tuple_(node.c.group, node.c.name) > (after.group, after.name))
        with self._store.reading() as connection:
            return tuple(map(_node, connection.execute(query)))

    def school(self, key: NodeKey) -> SchoolView | None:
        with self._store.reading() as connection:
            row = connection.execute(_NODES.where(*_is(key))).one_or_none()
            if row is None:
                return None
            devices = _devices(connection, _DEVICES.where(node.c.id == row.id))
            here = _TICKETS.where(ticket.c.open, ticket.c.node_id == row.id).order_by(ticket.c.opened_at, ticket.c.id)
            tickets = _ticket_lines(connection, here)
            epochs = epochs_of(connection, row.id)
        return SchoolView(
            node=_node(row),
            host=next((each for each in devices if each.key.device == HOST), None),
            devices=tuple(each for each in devices if each.key.device != HOST),
            tickets=tickets,
            epochs=epochs,
        )

    def devices(self, node_key: NodeKey | None, after: DeviceKey | None, limit: int) -> tuple[DeviceView, ...]:
        query = _DEVICES.limit(limit)
        if node_key is not None:
            query = query.where(*_is(node_key))
        if after is not None:
            place = (after.node.group, after.node.name, after.device)
            query = query.where(tuple_(node.c.group, node.c.name, device.c.key) > place)
        with self._store.reading() as connection:
            return _devices(connection, query)

    def device(self, key: DeviceKey) -> DeviceView | None:
        with self._store.reading() as connection:
            found = _devices(connection, _DEVICES.where(*_is(key.node), device.c.key == key.device))
        return found[0] if found else None

    def tickets(
        self, *, is_open: bool | None, words: str, causes: Sequence[str], before: int | None, limit: int
    ) -> tuple[TicketLine, ...]:
        query = _TICKETS.order_by(ticket.c.id.desc()).limit(limit)
        if is_open is not None:
            query = query.where(ticket.c.open.is_(is_open))
        if before is not None:
            query = query.where(ticket.c.id < before)
        if words:
            query = query.where(_mentions(words, causes))
        with self._store.reading() as connection:
            return _ticket_lines(connection, query)

    def ticket_counts(self) -> TicketCounts:
        with self._store.reading() as connection:
            rows = connection.execute(select(ticket.c.open, func.count()).group_by(ticket.c.open))
            counts = {bool(row[0]): row[1] for row in rows}
        return TicketCounts(open=counts.get(True, 0), closed=counts.get(False, 0))

    def ticket(self, ticket_id: int) -> TicketView | None:
        with self._store.reading() as connection:
            lines = _ticket_lines(connection, _TICKETS.where(ticket.c.id == ticket_id))
            history = connection.execute(
                select(ticket_entry.c.t.label("at"), ticket_entry.c.kind, ticket_entry.c.code, ticket_entry.c.params)
                .where(ticket_entry.c.ticket_id == ticket_id)
                .order_by(ticket_entry.c.t, ticket_entry.c.id)
            ).all()
        if not lines:
            return None
        entries = tuple(TicketEntry(row.at, row.kind, Text(row.code, row.params)) for row in history)
        return TicketView(lines[0], entries)

    def reports(self, key: NodeKey, epoch: str | None, first: int, limit: int) -> tuple[ReportView, ...]:
        with self._store.reading() as connection:
            return reports_of(connection, key, epoch, first, limit)

    def series(
        self, key: DeviceKey, metrics: Sequence[str], since: int, until: int, points: int
    ) -> tuple[SeriesView, ...]:
        with self._store.reading() as connection:
            return series_of(connection, key, metrics, Span(since, until, points))


def _is(key: NodeKey) -> tuple[Any, Any]:
    return node.c.group == key.group, node.c.name == key.name


def _mentions(words: str, causes: Sequence[str]) -> Any:
    columns = (node.c.school, node.c.name, school.c.name, ticket.c.device)
    hits = [column.icontains(words, autoescape=True) for column in columns]
    number = words.removeprefix("#")
    # 18 digits fit every integer column; more is no ticket of ours.
    if number.isdecimal() and len(number) <= 18:
        hits.append(ticket.c.id == int(number))
    return or_(*hits, ticket.c.cause.in_(causes))


def _by_node(faults: Iterable[_Row]) -> tuple[Mapping[int, set[str]], Mapping[int, int]]:
    troubled: defaultdict[int, set[str]] = defaultdict(set)
    tickets: defaultdict[int, int] = defaultdict(int)
    for row in faults:
        tickets[row.node_id] += 1
        if row.recovered_at is None:
            troubled[row.node_id].add(row.device)
    return troubled, tickets


def _node(row: _Row) -> NodeView:
    return NodeView(
        key=NodeKey(row.group, row.name),
        online=row.online,
        status_since=row.status_since,
        heard_at=row.heard_at,
        properties=row.properties,
        school_name=row.school_name,
    )


def _devices(connection: Connection, query: Select[Any]) -> tuple[DeviceView, ...]:
    rows = connection.execute(query).all()
    faults = connection.execute(
        _FAULTS.where(ticket.c.recovered_at.is_(None), ticket.c.node_id.in_({row.node_id for row in rows}))
    )
    tickets: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for fault in faults:
        tickets[fault.node_id, fault.device].append(fault.id)
    return tuple(_device(row, tickets.get((row.node_id, row.key), [])) for row in rows)


def _device(row: _Row, tickets: list[int]) -> DeviceView:
    return DeviceView(
        key=DeviceKey(NodeKey(row.group, row.node_name), row.key),
        kind=row.kind,
        profile=row.profile,
        room=row.room,
        properties=row.properties,
        stale=row.stale or not row.online,
        latest={name: Reported(value, t) for name, (value, t) in sorted(row.latest.items())},
        tickets=tuple(sorted(tickets)),
        unregistered=row.unregistered,
    )


def _ticket_lines(connection: Connection, query: Select[Any]) -> tuple[TicketLine, ...]:
    return tuple(
        TicketLine(
            id=row.id,
            device=DeviceKey(NodeKey(row.group, row.node_name), row.device),
            kind=row.kind,
            room=row.room,
            school_name=row.school_name,
            cause=row.cause,
            state=row.state,
            open=row.open,
            onset_at=row.onset_at,
            opened_at=row.opened_at,
            recovered_at=row.recovered_at,
            closed_at=row.closed_at,
            signs=tuple(row.signs),
            version=row.version,
        )
        for row in connection.execute(query)
    )
