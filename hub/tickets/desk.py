"""What people do with tickets: put them off, merge two; and how a ticket follows its repair. In the caller's transaction."""

from dataclasses import replace
from enum import Enum

from hub.core.texts import Text
from hub.tickets.errors import ChangedMeanwhile
from hub.tickets.machine import State
from hub.tickets.merging import can_merge, ended, taken_over
from hub.tickets.service import TicketStore
from hub.tickets.ticket import Entry, EntryKind, Ticket

MOVED = "ticket.moved"
"""Parameters: from, to (states), note."""
WELL = "ticket.well"
"""A repair is to be verified, and the readings are well already. Parameters: well_since_at."""
SNOOZED = "ticket.snoozed"
"""Parameters: until_at, note."""
WOKEN = "ticket.woken"
"""Somebody ended the snooze. Parameters: note."""
LONGEST_SNOOZE_MS = 400 * 86_400_000


class Outcome(Enum):
    """What became of a wish."""

    MOVED = "moved"
    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_TICKET = "no_such_ticket"


class Desk:
    """Keeps nothing between calls. Each wish names the version of the ticket that was read."""

    def follow(self, store: TicketStore, ticket_id: int, to: State, *, note: str, now: int) -> None:
        """Its repair stands in state `to`. Nothing happens where the ticket stands there, or is done, already."""
        ticket = store.get(ticket_id)
        if ticket is None or ticket.state is to or not ticket.state.is_open:
            return
        if not store.change(*_followed(ticket, to, note, now)):
            raise ChangedMeanwhile(f"ticket {ticket_id} was changed while its repair went on")

    def snooze(
        self, store: TicketStore, ticket_id: int, until: int | None, *, version: int, note: str, now: int
    ) -> Outcome:
        """Put an open ticket off until a time; None takes it up again."""
        ticket = store.get(ticket_id)
        if ticket is None or ticket.version != version:
            return _unread(ticket)
        if not ticket.state.is_open or (until is not None and not now < until <= now + LONGEST_SNOOZE_MS):
            return Outcome.NOT_ALLOWED
        text = Text(WOKEN, {"note": note}) if until is None else Text(SNOOZED, {"until_at": until, "note": note})
        return _kept(store, replace(ticket, snoozed_until=until), Entry(now, EntryKind.SNOOZED, text))

    def merge(self, store: TicketStore, ticket_id: int, into: int, *, version: int, note: str, now: int) -> Outcome:
        """Close a ticket as one with another, which goes on for both."""
        ticket, other = store.get(ticket_id), store.get(into)
        if ticket is None or ticket.version != version:
            return _unread(ticket)
        if other is None or not can_merge(ticket, other):
            return Outcome.NOT_ALLOWED
        store.point_on(ticket.id, other.id)
        goes_on, took_over = taken_over(other, ticket, note, now)
        if not store.change(goes_on, [took_over]):
            raise ChangedMeanwhile(f"ticket {into} was changed while another was merged into it")
        return _kept(store, *ended(ticket, other, note, now))


def _followed(ticket: Ticket, state: State, note: str, now: int) -> tuple[Ticket, list[Entry]]:
    done = not state.is_open
    moved = replace(
        ticket, state=state, closed_at=now if done else None, snoozed_until=None if done else ticket.snoozed_until
    )
    entries = [Entry(now, EntryKind.MOVED, Text(MOVED, {"from": ticket.state.value, "to": state.value, "note": note}))]
    if state is State.VERIFYING and ticket.recovered_at is not None:
        entries.append(Entry(now, EntryKind.VERIFIED, Text(WELL, {"well_since_at": ticket.recovered_at})))
    return moved, entries


def _unread(ticket: Ticket | None) -> Outcome:
    return Outcome.NO_SUCH_TICKET if ticket is None else Outcome.STALE


def _kept(store: TicketStore, ticket: Ticket, *entries: Entry) -> Outcome:
    return Outcome.MOVED if store.change(ticket, entries) else Outcome.STALE
