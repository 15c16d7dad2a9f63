"""What a finding changes in a ticket. Which ticket that is, service.py looks up: one fault, one ticket."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.core.findings import FindingCleared, FindingCorrected, FindingOpened
from hub.core.texts import Text
from hub.tickets.machine import Event, State, after
from hub.tickets.merging import carried_signs, is_carried, sign_name
from hub.tickets.settings import TicketSettings
from hub.tickets.ticket import Entry, EntryKind, Ticket

CORRECTED = "ticket.corrected"
"""Parameters: was, cause."""
CLOSED_WELL = "ticket.closed_well"
"""The hub closed it, because it had been well since `well_since_at` when something new came. Parameters: from, well_since_at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket as it shall be, and what is added to its history."""

    ticket: Ticket
    entries: tuple[Entry, ...]


def is_new_fault(ticket: Ticket, finding: FindingOpened, settings: TicketSettings) -> bool:
    """Whether the ticket's fault had been gone for so long that this is another one."""
    well_since = ticket.recovered_at
    return well_since is not None and finding.onset_at - well_since > settings.same_fault_ms


def opened(finding: FindingOpened, earlier: int | None) -> Change:
    """A new ticket."""
    ticket = Ticket(
        finding.place,
        finding.cause,
        finding.onset_at,
        finding.opened_at,
        (finding.sign,),
        finding.alternatives,
        earlier=earlier,
    )
    return Change(ticket, _entries(finding.opened_at, EntryKind.OPENED, finding.evidence))


def added(ticket: Ticket, finding: FindingOpened) -> Change | None:
    """A further sign of the fault, or one that came back. None where the ticket knows it."""
    sign = sign_name(ticket, finding.place, finding.cause, finding.sign)
    if sign in ticket.signs:
        return None
    event, kind = Event.EVIDENCE, EntryKind.EVIDENCE
    if ticket.recovered_at is not None:
        event, kind = Event.RECURRED, EntryKind.RECURRED
    own = ticket.is_of(finding.place, finding.cause)
    changed = replace(
        _stirred(ticket, event),
        signs=(*ticket.signs, sign),
        onset_at=min(ticket.onset_at, finding.onset_at),
        recovered_at=None,
        alternatives=finding.alternatives if own and finding.alternatives else ticket.alternatives,
    )
    return Change(changed, _entries(finding.opened_at, kind, finding.evidence))


def cleared(ticket: Ticket, finding: FindingCleared) -> Change | None:
    """A sign is gone; with the last one the fault is, and after a repair that proves it. None where it did not stand."""
    gone = sign_name(ticket, finding.place, finding.cause, finding.sign)
    if gone not in ticket.signs:
        return None
    signs = tuple(sign for sign in ticket.signs if sign != gone)
    if signs:
        changed = replace(_stirred(ticket, Event.EVIDENCE), signs=signs)
        return Change(changed, _entries(finding.cleared_at, EntryKind.EVIDENCE, finding.evidence))
    kind = EntryKind.VERIFIED if ticket.state is State.VERIFYING else EntryKind.RECOVERED
    changed = replace(_stirred(ticket, Event.RECOVERED), signs=(), recovered_at=finding.cleared_at)
    return Change(changed, _entries(finding.cleared_at, kind, finding.evidence))


def corrected(ticket: Ticket, finding: FindingCorrected) -> Change:
    """The cause is another one than was told; what the ticket told stays in its history."""
    told = (Text(CORRECTED, {"was": finding.was, "cause": finding.cause}), *finding.evidence)
    changed = _stirred(ticket, Event.CORRECTED)
    if ticket.is_of(finding.place, finding.was):
        # Of a fault that is gone already no sign stands, under whatever name. What came with other tickets is theirs.
        others = carried_signs(ticket)
        signs = (*others, finding.sign) if len(ticket.signs) > len(others) else others
        changed = replace(changed, cause=finding.cause, signs=signs, alternatives=finding.alternatives)
    else:
        changed = replace(changed, signs=_renamed(ticket, finding))
    return Change(changed, _entries(finding.corrected_at, EntryKind.CORRECTED, told))


def closed_well(ticket: Ticket, at: int) -> Change:
    """The end of a ticket whose fault is long gone."""
    text = Text(CLOSED_WELL, {"from": ticket.state.value, "well_since_at": ticket.recovered_at})
    closed = replace(ticket, state=after(ticket.state, Event.CLOSE), closed_at=at, snoozed_until=None)
    return Change(closed, (Entry(at, EntryKind.MOVED, text),))


def _stirred(ticket: Ticket, event: Event) -> Ticket:
    """Whatever telemetry tells wakes a ticket that was put off."""
    return replace(ticket, state=after(ticket.state, event), snoozed_until=None)


def _renamed(ticket: Ticket, finding: FindingCorrected) -> tuple[str, ...]:
    """The signs of a ticket that took the corrected fault over from another one."""
    rest = tuple(sign for sign in ticket.signs if not is_carried(sign, finding.place, finding.was))
    if rest == ticket.signs:
        return rest
    return (*rest, sign_name(ticket, finding.place, finding.cause, finding.sign))


def _entries(t: int, kind: EntryKind, texts: Iterable[Text]) -> tuple[Entry, ...]:
    return tuple(Entry(t, kind, text) for text in texts)
