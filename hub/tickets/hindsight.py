"""A fault that is told late, and began before what another ticket of its dish tells of: that was this fault, taken for another.

A decline over days is known only when there are enough of them. Until then its first dry dip looks like a moved dish, may be told
as one, and pass. What befalls a dish shows in one thing, the signal of all that hang on it, so what is low there since before is
one fault. Devices and computers are not asked: a set may have no picture, and be dead, of two faults.

Whether a dish or a receiver on it is at fault shows only beside others on that dish. Detection says where a fault was told, and
as what, before they were heard: that ticket goes on at the right place.
"""

from collections.abc import Iterable
from dataclasses import replace

from hub.core.findings import FindingOpened
from hub.core.texts import Text
from hub.tickets.grouping import CORRECTED, Change
from hub.tickets.machine import Event, after
from hub.tickets.merging import carried_signs
from hub.tickets.ticket import Entry, EntryKind, Ticket


def mistaken(finding: FindingOpened, tickets: Iterable[Ticket]) -> Ticket | None:
    """Of the open tickets of its place, the newest that told this fault under another name. None where none did."""
    if not finding.place.dish:
        return None
    told = (each for each in tickets if each.cause != finding.cause and each.onset_at >= finding.onset_at)
    return max(told, key=lambda each: each.id, default=None)


def misplaced(told: Iterable[Ticket]) -> Ticket | None:
    """Of the open tickets that told a fault of another place, the newest that was said to be gone there.

    Of one that stands a sign is still to be cleared where it was told: it can only be merged (see service.py).
    """
    passed = (each for each in told if each.recovered_at is not None)
    return max(passed, key=lambda each: each.id, default=None)


def set_right(ticket: Ticket, finding: FindingOpened) -> Change:
    """It goes on under the right name, at the right place, and stands again where it was said to be gone.

    What it told stays in its history. A sign that stood under the other name stands no more: nobody would find the ticket by it
    to say that it is gone.
    """
    event, kind = Event.EVIDENCE, EntryKind.EVIDENCE
    if ticket.recovered_at is not None:
        event, kind = Event.RECURRED, EntryKind.RECURRED
    changed = replace(
        ticket,
        state=after(ticket.state, event),
        place=finding.place,
        cause=finding.cause,
        onset_at=min(ticket.onset_at, finding.onset_at),
        signs=(*carried_signs(ticket), finding.sign),
        alternatives=finding.alternatives,
        recovered_at=None,
        snoozed_until=None,
    )
    told = Text(CORRECTED, {"was": ticket.cause, "cause": finding.cause})
    evidence = (Entry(finding.opened_at, kind, text) for text in finding.evidence)
    return Change(changed, (Entry(finding.opened_at, EntryKind.CORRECTED, told), *evidence))
