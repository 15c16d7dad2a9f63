"""Tickets and their history in the database: compare-and-set on the version, entries are only ever added."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.texts import Text
from hub.store.tables import node, ticket, ticket_entry
from hub.tickets.machine import State
from hub.tickets.ticket import Entry, Ticket


class TicketRows:
    """The port TicketStore of hub.tickets.service, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, ticket_id: int) -> Ticket | None:
        return self._first(ticket.c.id == ticket_id)

    def open_ticket(self, device: DeviceKey, cause: str) -> Ticket | None:
        return self._first(*_is_fault(device, cause), ticket.c.open)

    def tells(self, device: DeviceKey, cause: str, t: int, text: Text) -> bool:
        rows = self._connection.execute(
            select(ticket_entry.c.params)
            .join(ticket, ticket.c.id == ticket_entry.c.ticket_id)
            .join(node, node.c.id == ticket.c.node_id)
            .where(*_is_fault(device, cause), ticket_entry.c.t == t, ticket_entry.c.code == text.code)
        )
        return any(params == dict(text.params) for params in rows.scalars())

    def add(self, new: Ticket, entries: Iterable[Entry]) -> int:
        node_id = select(node.c.id).where(*_is_node(new.device.node)).scalar_subquery()
        values = {"node_id": node_id, "device": new.device.device, "cause": new.cause, "version": 1, **_changing(new)}
        ticket_id: int = self._connection.execute(insert(ticket).values(values).returning(ticket.c.id)).scalar_one()
        self._tell(ticket_id, entries)
        return ticket_id

    def change(self, changed: Ticket, entries: Iterable[Entry]) -> bool:
        result = self._connection.execute(
            update(ticket)
            .where(ticket.c.id == changed.id, ticket.c.version == changed.version)
            .values(version=changed.version + 1, **_changing(changed))
        )
        if result.rowcount != 1:
            return False
        self._tell(changed.id, entries)
        return True

    def _first(self, *conditions: Any) -> Ticket | None:
        statement = select(ticket, node.c.group, node.c.name).join(node, node.c.id == ticket.c.node_id)
        row = self._connection.execute(statement.where(*conditions)).first()
        return None if row is None else _ticket(row)

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


def _is_fault(device: DeviceKey, cause: str) -> tuple[Any, ...]:
    return (*_is_node(device.node), ticket.c.device == device.device, ticket.c.cause == cause)


def _changing(values: Ticket) -> dict[str, Any]:
    """The columns that a change may touch."""
    return {
        "state": values.state.value,
        "open": values.state.is_open,
        "onset_at": values.onset_at,
        "opened_at": values.opened_at,
        "recovered_at": values.recovered_at,
        "closed_at": values.closed_at,
        "signs": list(values.signs),
    }


def _ticket(row: Row[*tuple[Any, ...]]) -> Ticket:
    return Ticket(
        device=DeviceKey(NodeKey(row.group, row.name), row.device),
        cause=row.cause,
        onset_at=row.onset_at,
        opened_at=row.opened_at,
        signs=tuple(row.signs),
        state=State(row.state),
        recovered_at=row.recovered_at,
        closed_at=row.closed_at,
        id=row.id,
        version=row.version,
    )
