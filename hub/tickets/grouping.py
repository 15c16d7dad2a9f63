"""Which ticket a finding belongs to, and what it changes there. One fault, one ticket: the open one of its device and cause."""

from dataclasses import dataclass, replace

from hub.core.findings import Finding, FindingCleared, FindingOpened
from hub.core.texts import Text
from hub.tickets.machine import Event, after
from hub.tickets.ticket import Entry, EntryKind, Ticket


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket as it shall be, and what is added to its history."""

    ticket: Ticket
    entries: tuple[Entry, ...]


def group(found: Ticket | None, finding: Finding) -> Change | None:
    """What `finding` does to the open ticket of its device and cause, or to a new one. None where it changes nothing."""
    if isinstance(finding, FindingCleared):
        return None if found is None or finding.sign not in found.signs else _cleared(found, finding)
    if found is None:
        return _new(finding)
    return None if finding.sign in found.signs else _added(found, finding)


def _new(finding: FindingOpened) -> Change:
    ticket = Ticket(finding.device, finding.cause, finding.onset_at, finding.opened_at, (finding.sign,))
    return Change(ticket, _entries(finding.opened_at, EntryKind.OPENED, finding.evidence))


def _added(ticket: Ticket, finding: FindingOpened) -> Change:
    event, kind = Event.EVIDENCE, EntryKind.EVIDENCE
    if ticket.recovered_at is not None:
        event, kind = Event.RECURRED, EntryKind.RECURRED
    changed = replace(
        ticket,
        state=after(ticket.state, event),
        signs=(*ticket.signs, finding.sign),
        onset_at=min(ticket.onset_at, finding.onset_at),
        recovered_at=None,
    )
    return Change(changed, _entries(finding.opened_at, kind, finding.evidence))


def _cleared(ticket: Ticket, finding: FindingCleared) -> Change:
    signs = tuple(sign for sign in ticket.signs if sign != finding.sign)
    event, kind = (Event.EVIDENCE, EntryKind.EVIDENCE) if signs else (Event.RECOVERED, EntryKind.RECOVERED)
    recovered_at = None if signs else finding.cleared_at
    changed = replace(ticket, state=after(ticket.state, event), signs=signs, recovered_at=recovered_at)
    return Change(changed, _entries(finding.cleared_at, kind, finding.evidence))


def _entries(t: int, kind: EntryKind, texts: tuple[Text, ...]) -> tuple[Entry, ...]:
    return tuple(Entry(t, kind, text) for text in texts)
