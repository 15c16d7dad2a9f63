"""Tickets and their history in the database: compare-and-set on the version, entries are only ever added."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Alternative, Place
from hub.store.nodes import node_id
from hub.store.tables import node, ticket, ticket_entry
from hub.store.tables import told as told_before
from hub.tickets.machine import State
from hub.tickets.service import Told
from hub.tickets.ticket import Entry, EntryKind, Ticket

_TICKETS = select(ticket, node.c.group, node.c.name).join(node, node.c.id == ticket.c.node_id)
_MOVED = EntryKind.MOVED.value
_STIRRED = (EntryKind.RECURRED.value, EntryKind.MERGED.value)


class TicketRows:
    """The port TicketStore of hub.tickets.service, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, ticket_id: int) -> Ticket | None:
        return self._first(ticket.c.id == ticket_id)

    def open_ticket(self, place: Place, cause: str) -> Ticket | None:
        own = self._first(*_is_fault(place, cause), ticket.c.open)
        if own is not None:
            return own
        newest = self.newest(place, cause)
        if newest is None or newest.merged_into is None:
            return None
        return self._first(ticket.c.id == newest.merged_into, ticket.c.open)

    def newest(self, place: Place, cause: str) -> Ticket | None:
        return self._first(*_is_fault(place, cause))

    def open_at(self, place: Place) -> Sequence[Ticket]:
        rows = self._connection.execute(_TICKETS.where(*_is_place(place), ticket.c.open).order_by(ticket.c.id)).all()
        return [read_ticket(row) for row in rows]

    def hear(self, told: Told) -> bool:
        row = {**_columns(told.place), "what": told.what, "cause": told.cause, "sign": told.sign, "t": told.t}
        row["node_id"] = node_id(self._connection, told.place.device.node)
        statement = (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert(told_before)
        # Of a row that was there PostgreSQL's driver gives no count.
        kept = statement.values(row).on_conflict_do_nothing().returning(told_before.c.t)
        return self._connection.execute(kept).first() is not None

    def add(self, new: Ticket, entries: Iterable[Entry]) -> int:
        number = node_id(self._connection, new.place.device.node)
        values = {"node_id": number, **_columns(new.place), "version": 1, **_changing(new)}
        ticket_id: int = self._connection.execute(insert(ticket).values(values).returning(ticket.c.id)).scalar_one()
        self._tell(ticket_id, entries)
        return ticket_id

    def change(self, changed: Ticket, entries: Iterable[Entry]) -> bool:
        here = select(node.c.id).where(*_is_node(changed.place.device.node)).scalar_subquery()
        result = self._connection.execute(
            update(ticket)
            .where(ticket.c.id == changed.id, ticket.c.version == changed.version)
            .values(version=changed.version + 1, node_id=here, **_columns(changed.place), **_changing(changed))
        )
        if result.rowcount != 1:
            return False
        self._tell(changed.id, entries)
        return True

    def point_on(self, merged: int, into: int) -> None:
        self._connection.execute(update(ticket).where(ticket.c.merged_into == merged).values(merged_into=into))

    def has_come_back(self, ticket_id: int) -> bool:
        """Whether its fault came back, or another was merged into it, since it was moved last."""
        of_it = (ticket_entry.c.ticket_id == ticket_id, ticket_entry.c.kind.in_((_MOVED, *_STIRRED)))
        newest = select(ticket_entry.c.kind).where(*of_it).order_by(ticket_entry.c.id.desc()).limit(1)
        return self._connection.execute(newest).scalar() in _STIRRED

    def _first(self, *conditions: Any) -> Ticket | None:
        """The newest of those that fulfil the conditions."""
        row = self._connection.execute(_TICKETS.where(*conditions).order_by(ticket.c.id.desc()).limit(1)).first()
        return None if row is None else read_ticket(row)

    def _tell(self, ticket_id: int, entries: Iterable[Entry]) -> None:
        rows = [
            {
                "ticket_id": ticket_id,
                "t": entry.t,
                "kind": entry.kind.value,
                "code": entry.text.code,
                "params": dict(entry.text.params),
            }
            for entry in entries
        ]
        if rows:
            self._connection.execute(insert(ticket_entry), rows)


def _is_node(key: NodeKey) -> tuple[Any, ...]:
    return node.c.group == key.group, node.c.name == key.name


def _columns(place: Place) -> dict[str, Any]:
    return {"device": place.device.device, "dish": place.dish}


def _is_place(place: Place) -> tuple[Any, ...]:
    here = (ticket.c.device == place.device.device, ticket.c.dish == place.dish)
    return (*_is_node(place.device.node), *here)


def _is_fault(place: Place, cause: str) -> tuple[Any, ...]:
    return (*_is_place(place), ticket.c.cause == cause)


def _changing(values: Ticket) -> dict[str, Any]:
    """The columns that a change may touch."""
    return {
        "cause": values.cause,
        "state": values.state.value,
        "open": values.state.is_open,
        "onset_at": values.onset_at,
        "opened_at": values.opened_at,
        "recovered_at": values.recovered_at,
        "closed_at": values.closed_at,
        "signs": list(values.signs),
        "alternatives": [[each.cause, each.share] for each in values.alternatives],
        "snoozed_until": values.snoozed_until,
        "merged_into": values.merged_into,
        "earlier": values.earlier,
    }


def read_ticket(row: Row[*tuple[Any, ...]]) -> Ticket:
    """From a row of `ticket` with the group and name of its node."""
    return Ticket(
        place=Place(DeviceKey(NodeKey(row.group, row.name), row.device), row.dish),
        cause=row.cause,
        onset_at=row.onset_at,
        opened_at=row.opened_at,
        signs=tuple(row.signs),
        alternatives=tuple(Alternative(cause, share) for cause, share in row.alternatives),
        snoozed_until=row.snoozed_until,
        merged_into=row.merged_into,
        earlier=row.earlier,
        state=State(row.state),
        recovered_at=row.recovered_at,
        closed_at=row.closed_at,
        id=row.id,
        version=row.version,
    )
