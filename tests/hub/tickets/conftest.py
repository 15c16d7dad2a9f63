"""A store of tickets in memory, with the promises of the port."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from hub.core.findings import Place
from hub.tickets.ticket import Entry, Ticket


class Memory:
    """All tickets by number, the history of each, and what was told."""

    def __init__(self) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.history: dict[int, list[Entry]] = {}
        self.heard: set[object] = set()

    @property
    def all(self) -> Any:
        """Everything that matters, to be compared."""
        return dict(self.tickets), {number: list(entries) for number, entries in self.history.items()}

    def get(self, ticket_id: int) -> Ticket | None:
        return self.tickets.get(ticket_id)

    def open_ticket(self, place: Place, cause: str) -> Ticket | None:
        ours = self._of(place, cause)
        found = next((each for each in ours if each.state.is_open), ours[-1] if ours else None)
        if found is not None and found.merged_into is not None:
            found = self.tickets[found.merged_into]
        return found if found is not None and found.state.is_open else None

    def newest(self, place: Place, cause: str) -> Ticket | None:
        return next(reversed(self._of(place, cause)), None)

    def open_at(self, place: Place) -> list[Ticket]:
        return [each for each in self.tickets.values() if each.place == place and each.state.is_open]

    def hear(self, told: object) -> bool:
        known = told in self.heard
        self.heard.add(told)
        return not known

    def add(self, ticket: Ticket, entries: Iterable[Entry]) -> int:
        ours = self._of(ticket.place, ticket.cause)
        assert not any(each.state.is_open for each in ours), "one open ticket per fault"
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

    def point_on(self, merged: int, into: int) -> None:
        for ticket in self.tickets.values():
            if ticket.merged_into == merged:
                self.tickets[ticket.id] = replace(ticket, merged_into=into)

    def _of(self, place: Place, cause: str) -> list[Ticket]:
        return [each for each in self.tickets.values() if each.is_of(place, cause)]


@pytest.fixture
def store() -> Memory:
    return Memory()


@pytest.fixture(scope="session")
def new_store() -> type[Memory]:
    return Memory
