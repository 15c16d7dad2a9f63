"""Tickets: findings open them, add to them and correct them. In the caller's transaction; what people do is in desk.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from hub.core.findings import Finding, FindingCleared, FindingCorrected, FindingOpened, Place
from hub.tickets.errors import ChangedMeanwhile
from hub.tickets.grouping import Change, added, cleared, closed_well, corrected, is_new_fault, opened
from hub.tickets.hindsight import misplaced, mistaken, set_right
from hub.tickets.merging import ended, taken_over
from hub.tickets.settings import TicketSettings
from hub.tickets.ticket import Entry, Ticket


@dataclass(frozen=True, slots=True)
class Told:
    """The identity of a finding: what was said of which fault, and when (event time)."""

    place: Place
    what: str
    cause: str
    sign: str
    t: int


class TicketStore(Protocol):
    """The tickets, within one transaction."""

    def get(self, ticket_id: int) -> Ticket | None: ...

    def open_ticket(self, place: Place, cause: str) -> Ticket | None:
        """The open ticket that this fault belongs to: its own, or the one that its newest was merged into."""

    def newest(self, place: Place, cause: str) -> Ticket | None:
        """The last ticket that was opened for this fault, open or not."""

    def open_at(self, place: Place) -> Sequence[Ticket]:
        """The open tickets that were opened for this place, whatever their cause."""

    def hear(self, told: Told) -> bool:
        """Remember that this was told. False where it was told before."""

    def add(self, ticket: Ticket, entries: Iterable[Entry]) -> int:
        """Store a new ticket and give its number."""

    def change(self, ticket: Ticket, entries: Iterable[Entry]) -> bool:
        """Store the ticket, one version on, if it still is of the version that it says. Whether it was."""

    def point_on(self, merged: int, into: int) -> None:
        """Let the tickets that were merged into `merged` point to `into`."""


class Tickets:
    """Keeps nothing between calls."""

    def __init__(self, settings: TicketSettings | None = None) -> None:
        self._settings = settings or TicketSettings()

    def apply(self, store: TicketStore, findings: Iterable[Finding]) -> set[int]:
        """Put findings into tickets. The numbers of those that changed; what was applied before changes nothing."""
        return {number for finding in findings if store.hear(_told(finding)) for number in self._apply(store, finding)}

    def _apply(self, store: TicketStore, finding: Finding) -> list[int]:
        if isinstance(finding, FindingOpened):
            return self._open(store, finding)
        if isinstance(finding, FindingCorrected):
            return _correct(store, finding)
        found = store.open_ticket(finding.place, finding.cause)
        return [] if found is None else _keep(store, cleared(found, finding))

    def _open(self, store: TicketStore, finding: FindingOpened) -> list[int]:
        found = store.open_ticket(finding.place, finding.cause)
        if found is not None and not is_new_fault(found, finding, self._settings):
            changed = _keep(store, added(found, finding))
        else:
            changed = [] if found is None else _keep(store, closed_well(found, finding.opened_at))
            changed += _keep(store, _begun(store, finding, found))
        return [*changed, *_merge_told(store, finding)]


def _told_elsewhere(store: TicketStore, finding: FindingOpened) -> list[Ticket]:
    """The open tickets that told this fault of another place. One that went on for such a ticket has a fault of its own."""
    asked = ((store.open_ticket(place, cause), place, cause) for place, cause in finding.taken_for)
    return [ticket for ticket, place, cause in asked if ticket is not None and ticket.is_of(place, cause)]


def _merge_told(store: TicketStore, finding: FindingOpened) -> list[int]:
    """Those of them that still are there end in the ticket of this fault.

    Of one that was said to be gone nothing is left to be told of its place, so it is no longer found by that.
    """
    changed = []
    for told in _told_elsewhere(store, finding):
        there, at = store.open_ticket(finding.place, finding.cause), finding.opened_at
        if there is None or there.id == told.id:
            continue
        if told.recovered_at is None:
            changed += _merge(store, told, there, at)
        else:
            known = FindingCorrected(told.place, told.cause, finding.cause, finding.sign, at, ())
            changed += _merge_corrected(store, told, there, known)
    return changed


def _begun(store: TicketStore, finding: FindingOpened, found: Ticket | None) -> Change:
    """A fault without a ticket of its own: the one that took it for something else, or a new one."""
    told_here = mistaken(finding, store.open_at(finding.place))
    other = told_here or misplaced(_told_elsewhere(store, finding))
    if other is not None:
        return set_right(other, finding)
    earlier = found or store.newest(finding.place, finding.cause)
    return opened(finding, earlier.id if earlier else None)


def _correct(store: TicketStore, finding: FindingCorrected) -> list[int]:
    """The cause of an open ticket. One that somebody has closed stays as it was closed."""
    found = store.open_ticket(finding.place, finding.was)
    if found is None:
        return []
    there = store.open_ticket(finding.place, finding.cause)
    if not found.is_of(finding.place, finding.was):
        _rename_merged(store, finding)
    elif there is not None and there.id != found.id:
        return _merge_corrected(store, found, there, finding)
    return _keep(store, corrected(found, finding))


def _rename_merged(store: TicketStore, finding: FindingCorrected) -> None:
    """The closed ticket is found by its cause, and leads to the one that goes on for it."""
    merged = store.newest(finding.place, finding.was)
    if merged is not None:
        _keep(store, Change(replace(merged, cause=finding.cause), ()))


def _merge_corrected(store: TicketStore, found: Ticket, there: Ticket, finding: FindingCorrected) -> list[int]:
    """The fault has a ticket under its right name already: that one goes on for both."""
    change = corrected(found, finding)
    return _merge(store, change.ticket, there, finding.corrected_at, change.entries)


def _merge(store: TicketStore, ticket: Ticket, into: Ticket, at: int, entries: Iterable[Entry] = ()) -> list[int]:
    """`into` goes on for both. `entries`: what else the other's history says."""
    end, end_entry = ended(ticket, into, "", at)
    goes_on, entry = taken_over(into, ticket, "", at)
    store.point_on(ticket.id, into.id)
    return [*_keep(store, Change(end, (*entries, end_entry))), *_keep(store, Change(goes_on, (entry,)))]


def _keep(store: TicketStore, change: Change | None) -> list[int]:
    """Store the change. The number of its ticket, or none where there is nothing to change."""
    if change is None:
        return []
    if not change.ticket.id:
        return [store.add(change.ticket, change.entries)]
    if not store.change(change.ticket, change.entries):
        raise ChangedMeanwhile(f"ticket {change.ticket.id} was changed while readings were put into it")
    return [change.ticket.id]


def _told(finding: Finding) -> Told:
    if isinstance(finding, FindingOpened):
        return Told(finding.place, "opened", finding.cause, finding.sign, finding.opened_at)
    if isinstance(finding, FindingCleared):
        return Told(finding.place, "cleared", finding.cause, finding.sign, finding.cleared_at)
    return Told(finding.place, f"was {finding.was}", finding.cause, finding.sign, finding.corrected_at)
