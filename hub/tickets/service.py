"""Tickets: findings open them and add to them, people move them. One function an intent, in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from typing import Protocol

from hub.core.equipment import DeviceKey
from hub.core.findings import Finding, FindingCleared
from hub.core.texts import Text
from hub.tickets.grouping import group
from hub.tickets.machine import State, moves_from
from hub.tickets.ticket import Entry, EntryKind, Ticket

MOVED = "ticket.moved"
"""Parameters: from, to (states), note."""


class Outcome(Enum):
    """What became of a wish to move a ticket."""

    MOVED = "moved"
    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_TICKET = "no_such_ticket"


class TicketStore(Protocol):
    """The tickets, within one transaction."""

    def get(self, ticket_id: int) -> Ticket | None: ...

    def open_ticket(self, device: DeviceKey, cause: str) -> Ticket | None:
        """The open ticket of this fault."""

    def tells(self, device: DeviceKey, cause: str, t: int, text: Text) -> bool:
        """Whether a ticket of this fault, open or closed, has an entry with this text at this time."""

    def add(self, ticket: Ticket, entries: Iterable[Entry]) -> int:
        """Store a new ticket and give its number."""

    def change(self, ticket: Ticket, entries: Iterable[Entry]) -> bool:
        """Store the ticket, one version on, if it still is of the version that it says. Whether it was."""


class Tickets:
    """Keeps nothing between calls."""

    def apply(self, store: TicketStore, findings: Iterable[Finding]) -> set[int]:
        """Put findings into tickets. The numbers of those that changed; what was applied before changes nothing."""
        changed = (self._apply(store, finding) for finding in findings)
        return {ticket_id for ticket_id in changed if ticket_id is not None}

    def _apply(self, store: TicketStore, finding: Finding) -> int | None:
        t = finding.cleared_at if isinstance(finding, FindingCleared) else finding.opened_at
        if any(store.tells(finding.device, finding.cause, t, text) for text in finding.evidence):
            return None
        change = group(store.open_ticket(finding.device, finding.cause), finding)
        if change is None:
            return None
        if not change.ticket.id:
            return store.add(change.ticket, change.entries)
        return change.ticket.id if store.change(change.ticket, change.entries) else None

    def move(self, store: TicketStore, ticket_id: int, to: str, *, version: int, note: str, now: int) -> Outcome:
        """Move a ticket on to state `to`, if nobody changed it since `version` was read."""
        ticket = store.get(ticket_id)
        if ticket is None:
            return Outcome.NO_SUCH_TICKET
        if ticket.version != version:
            return Outcome.STALE
        if to not in self.allowed(ticket.state.value):
            return Outcome.NOT_ALLOWED
        state = State(to)
        moved = replace(ticket, state=state, closed_at=None if state.is_open else now)
        text = Text(MOVED, {"from": ticket.state.value, "to": to, "note": note})
        return Outcome.MOVED if store.change(moved, [Entry(now, EntryKind.MOVED, text)]) else Outcome.STALE

    def allowed(self, state: str) -> tuple[str, ...]:
        """The states that a ticket in `state` may be moved to by people, the usual one first."""
        return tuple(to.value for to in moves_from(State(state)))
