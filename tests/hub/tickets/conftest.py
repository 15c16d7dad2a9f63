"""A store of tickets in memory, with the promises of the port."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from hub.core.equipment import DeviceKey
from hub.core.texts import Text
from hub.tickets.ticket import Entry, Ticket


class Memory:
    """All tickets by number, and the history of each."""

    def __init__(self) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.history: dict[int, list[Entry]] = {}

    def get(self, ticket_id: int) -> Ticket | None:
        return self.tickets.get(ticket_id)

    def open_ticket(self, device: DeviceKey, cause: str) -> Ticket | None:
        return next((each for each in self._of(device, cause) if each.state.is_open), None)

    def tells(self, device: DeviceKey, cause: str, t: int, text: Text) -> bool:
        entries = (entry for ticket in self._of(device, cause) for entry in self.history[ticket.id])
        return any(entry.t == t and entry.text == text for entry in entries)

    def add(self, ticket: Ticket, entries: Iterable[Entry]) -> int:
        assert self.open_ticket(ticket.device, ticket.cause) is None, "one open ticket per fault"
        ticket_id = len(self.tickets) + 1
        self.tickets[ticket_id] = replace(ticket, id=ticket_id, version=1)
        self.history[ticket_id] = list(entries)
        return ticket_id

    def change(self, ticket: Ticket, entries: Iterable[Entry]) -> bool:
        if self.tickets[ticket.id].version != ticket.version:
            return False
        self.tickets[ticket.id] = replace(ticket, version=ticket.version + 1)
        self.history[ticket.id] += entries
        return True

    def _of(self, device: DeviceKey, cause: str) -> list[Ticket]:
        return [each for each in self.tickets.values() if (each.device, each.cause) == (device, cause)]


@pytest.fixture
def store() -> Memory:
    return Memory()


@pytest.fixture(scope="session")
def new_store() -> type[Memory]:
    return Memory
