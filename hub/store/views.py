"""What the pages read: few indexed queries a page, none of them repeated per row. Fills the Pages port of hub/web/pages.py."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select, tuple_

from hub.core.equipment import HOST, DeviceKey, NodeKey, Reported
from hub.core.views import (
    DeviceView,
    NodeView,
    OverviewView,
    ReportView,
    SchoolLine,
    SchoolView,
    SeriesView,
    TicketCounts,
    TicketFilter,
    TicketLine,
    TicketView,
)
from hub.store.districts import chosen, within
from hub.store.journals import epochs_of
from hub.store.registration import is_unregistered
from hub.store.series import reports_of, series_of
from hub.store.spans import Span
from hub.store.tables import device, node, registered, school, ticket
from hub.store.ticket_views import (
    FAULTS,
    before_this,
    counts,
    found_tickets,
    history,
    one_ticket,
    open_at_node,
    open_at_school,
    pressing,
)
from hub.store.unit_of_work import Store

_NEWCOMERS = 20
_KEPT = 32
"""Sets of districts whose statements are kept."""
_Row = Row[*tuple[Any, ...]]
_NODES = (
    select(
        node.c.id,
        node.c.group,
        node.c.name,
        node.c.online,
        node.c.unseen_since,
        node.c.status_since,
        node.c.heard_at,
        node.c.properties,
        school.c.name.label("school_name"),
    )
    .select_from(node.outerjoin(school, and_(school.c.group == node.c.group, school.c.code == node.c.school)))
    .order_by(node.c.group, node.c.name)
)
_entry = registered.alias("entry_of_register")
_dish_of = func.coalesce(_entry.c.dish, device.c.properties["dish"].as_string())
_of_register = and_(_entry.c.group == node.c.group, _entry.c.node == node.c.name, _entry.c.device == device.c.key)
_DEVICES = (
    select(
        device,
        node.c.group,
        node.c.name.label("node_name"),
        node.c.online,
        node.c.unseen_since,
        is_unregistered().label("unregistered"),
        _dish_of.label("dish"),
    )
    .select_from(device.join(node).outerjoin(_entry, _of_register))
    .order_by(node.c.group, node.c.name, device.c.key)
)


_here = (node.c.group == bindparam("group"), node.c.name == bindparam("node"))
_ONE_NODE, _AT_NODE = _NODES.where(*_here), _DEVICES.where(*_here)
_ONE_DEVICE = _AT_NODE.where(device.c.key == bindparam("device"))
_ON_DISH = _AT_NODE.where(_dish_of == bindparam("dish"))
_LASTING = FAULTS.where(ticket.c.recovered_at.is_(None), ticket.c.node_id.in_(bindparam("nodes", expanding=True)))
_PLACE = select(node.c.group, node.c.name).join_from(ticket, node).where(ticket.c.id == bindparam("ticket"))


class _Fleet(NamedTuple):
    """What the overview asks. nodes: without what each tells of itself, which takes longer than all else and is not shown."""

    nodes: Select[Any]
    devices: Select[Any]
    faults: Select[Any]
    newcomers: Select[Any]


@lru_cache(_KEPT)
def _fleet(groups: tuple[str, ...] | None) -> _Fleet:
    here = tuple(within(node.c.group, groups))
    counted = select(device.c.node_id, func.count()).where(device.c.key != HOST).group_by(device.c.node_id)
    return _Fleet(
        _NODES.with_only_columns(*(each for each in _NODES.selected_columns if each.key != "properties")).where(*here),
        counted.join_from(device, node).where(*here) if here else counted,
        FAULTS.join_from(ticket, node).where(*here) if here else FAULTS,
        _DEVICES.where(is_unregistered(), *here).limit(_NEWCOMERS),
    )


class StorePages:
    """Pages, read from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(self, tickets: int, now: int, groups: Collection[str] | None = None) -> OverviewView:
        asked = _fleet(chosen(groups))
        with self._store.reading() as connection:
            nodes = connection.execute(asked.nodes).all()
            devices: dict[int, int] = {row[0]: row[1] for row in connection.execute(asked.devices).all()}
            faults = connection.execute(asked.faults).all()
            lines = pressing(connection, now, tickets, groups)
            newcomers = connection.execute(asked.newcomers).all()
        troubled, open_tickets = _by_node(faults)
        return OverviewView(
            schools=tuple(
                SchoolLine(
                    NodeView(NodeKey(group, name), online, since, heard, {}, school_name),
                    *(devices.get(number, 0), len(troubled[number]), open_tickets[number]),
                )
                for number, group, name, online, _unseen, since, heard, school_name in nodes
            ),
            tickets=lines,
            open_tickets=sum((fault.snoozed_until or 0) <= now for fault in faults),
            newcomers=tuple(_device(row, []) for row in newcomers),
        )

    def nodes(self, after: NodeKey | None, limit: int, groups: Collection[str] | None = None) -> tuple[NodeView, ...]:
        query = _NODES.where(*within(node.c.group, groups)).limit(limit)
        if after is not None:
            query = query.where(tuple_(node.c.group, node.c.name) > (after.group, after.name))
        with self._store.reading() as connection:
            return tuple(map(_node, connection.execute(query)))

    def school(self, key: NodeKey) -> SchoolView | None:
        with self._store.reading() as connection:
            row = connection.execute(_ONE_NODE, {"group": key.group, "node": key.name}).one_or_none()
            if row is None:
                return None
            devices = _devices(connection, _AT_NODE, {"group": key.group, "node": key.name})
            tickets = open_at_node(connection, row.id)
            epochs = epochs_of(connection, row.id)
        return SchoolView(
            node=_node(row),
            host=next((each for each in devices if each.key.device == HOST), None),
            devices=tuple(each for each in devices if each.key.device != HOST),
            tickets=tickets,
            epochs=epochs,
        )

    def devices(
        self, node_key: NodeKey | None, after: DeviceKey | None, limit: int, groups: Collection[str] | None = None
    ) -> tuple[DeviceView, ...]:
        query = _DEVICES.where(*within(node.c.group, groups)).limit(limit)
        if node_key is not None:
            query = query.where(*_is(node_key))
        if after is not None:
            place = (after.node.group, after.node.name, after.device)
            query = query.where(tuple_(node.c.group, node.c.name, device.c.key) > place)
        with self._store.reading() as connection:
            return _devices(connection, query, {})

    def device(self, key: DeviceKey) -> DeviceView | None:
        with self._store.reading() as connection:
            named = {"group": key.node.group, "node": key.node.name, "device": key.device}
            found = _devices(connection, _ONE_DEVICE, named)
        return found[0] if found else None

    def tickets(self, wanted: TicketFilter, before: int | None, limit: int) -> tuple[TicketLine, ...]:
        with self._store.reading() as connection:
            return found_tickets(connection, wanted, before, limit)

    def ticket_counts(self, now: int, groups: Collection[str] | None = None) -> TicketCounts:
        with self._store.reading() as connection:
            return counts(connection, now, groups)

    def ticket(self, ticket_id: int) -> TicketView | None:
        with self._store.reading() as connection:
            line = one_ticket(connection, ticket_id)
            if line is None:
                return None
            key = line.device
            named = {"group": key.node.group, "node": key.node.name, "device": key.device, "dish": line.dish}
            concerned = _devices(connection, _ON_DISH if line.dish else _ONE_DEVICE, named)
            return TicketView(
                line,
                history(connection, ticket_id),
                concerned,
                open_at_school(connection, line),
                before_this(connection, line),
            )

    def place_of_ticket(self, ticket_id: int) -> NodeKey | None:
        with self._store.reading() as connection:
            row = connection.execute(_PLACE, {"ticket": ticket_id}).one_or_none()
        return None if row is None else NodeKey(row.group, row.name)

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


def _by_node(faults: Iterable[_Row]) -> tuple[Mapping[int, set[tuple[str, str]]], Mapping[int, int]]:
    troubled: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    tickets: defaultdict[int, int] = defaultdict(int)
    for row in faults:
        tickets[row.node_id] += 1
        if row.recovered_at is None:
            troubled[row.node_id].add((row.device, row.dish))
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


def _devices(connection: Connection, query: Select[Any], named: Mapping[str, str]) -> tuple[DeviceView, ...]:
    rows = connection.execute(query, named).all()
    faults = connection.execute(_LASTING, {"nodes": list({row.node_id for row in rows})}).all()
    tickets: defaultdict[tuple[int, str, str], list[int]] = defaultdict(list)
    for fault in faults:
        tickets[fault.node_id, fault.device, fault.dish].append(fault.id)
    return tuple(_device(row, _tickets_of(row, tickets)) for row in rows)


def _tickets_of(row: _Row, tickets: Mapping[tuple[int, str, str], list[int]]) -> list[int]:
    """Its own, and those of the dish that it hangs on."""
    of_dish = tickets.get((row.node_id, HOST, row.dish), []) if row.dish else []
    return [*tickets.get((row.node_id, row.key, ""), []), *of_dish]


def _device(row: _Row, tickets: list[int]) -> DeviceView:
    return DeviceView(
        key=DeviceKey(NodeKey(row.group, row.node_name), row.key),
        kind=row.kind,
        profile=row.profile,
        room=row.room,
        properties=row.properties,
        stale=row.stale or not row.online or row.unseen_since is not None,
        latest={name: Reported(value, t) for name, (value, t) in sorted(row.latest.items())},
        tickets=tuple(sorted(tickets)),
        unregistered=row.unregistered,
        dish=row.dish,
    )
