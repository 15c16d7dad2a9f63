"""Two tickets that turn out to be one fault: one goes on for both, the other is closed and points to it."""

from dataclasses import replace

from hub.core.findings import Place
from hub.core.texts import Text
from hub.tickets.machine import Event, after
from hub.tickets.ticket import Entry, EntryKind, Ticket

MERGED_INTO = "ticket.merged_into"
"""In the ticket that ends. Parameters: ticket (number), note."""
TOOK_OVER = "ticket.took_over"
"""In the ticket that goes on. Parameters: ticket (number), cause, note."""


def sign_name(ticket: Ticket, place: Place, cause: str, sign: str) -> str:
    """What a sign of this fault is called in `ticket`: by its own name, or with its cause and place where it was merged."""
    return sign if ticket.is_of(place, cause) else f"{cause}.{sign}@{_where(place)}"


def is_carried(sign: str, place: Place, cause: str) -> bool:
    """Whether a sign on a ticket came from this fault, with a merged ticket."""
    return sign.startswith(f"{cause}.") and sign.endswith(f"@{_where(place)}")


def carried_signs(ticket: Ticket) -> tuple[str, ...]:
    """The signs that came with merged tickets."""
    return tuple(sign for sign in ticket.signs if "@" in sign)


def can_merge(ticket: Ticket, into: Ticket) -> bool:
    """Two open tickets of one school. What befalls several schools is an incident."""
    here, there = ticket.place.device.node, into.place.device.node
    together = (here.group, here.school) == (there.group, there.school)
    return ticket.id != into.id and ticket.state.is_open and into.state.is_open and together


def ended(ticket: Ticket, into: Ticket, note: str, now: int) -> tuple[Ticket, Entry]:
    """The ticket that ends."""
    state = after(ticket.state, Event.MERGE)
    changed = replace(ticket, state=state, closed_at=now, merged_into=into.id, signs=(), snoozed_until=None)
    return changed, Entry(now, EntryKind.MERGED, Text(MERGED_INTO, {"ticket": str(into.id), "note": note}))


def taken_over(into: Ticket, ticket: Ticket, note: str, now: int) -> tuple[Ticket, Entry]:
    """The ticket that goes on, with what stood on the other."""
    theirs = (_carried(into, ticket, sign) for sign in ticket.signs)
    signs = (*into.signs, *(sign for sign in theirs if sign not in into.signs))
    recovered = [t for t in (into.recovered_at, ticket.recovered_at) if t is not None]
    changed = replace(
        into,
        signs=signs,
        onset_at=min(into.onset_at, ticket.onset_at),
        recovered_at=None if signs else max(recovered, default=now),
    )
    params = {"ticket": str(ticket.id), "cause": ticket.cause, "note": note}
    return changed, Entry(now, EntryKind.MERGED, Text(TOOK_OVER, params))


def _carried(into: Ticket, ticket: Ticket, sign: str) -> str:
    """A sign of `ticket` as `into` calls it. One that was carried before has its full name already."""
    return sign if "@" in sign else sign_name(into, ticket.place, ticket.cause, sign)


def _where(place: Place) -> str:
    return f"{place.device.node.name}/{place.dish or place.device.device}"
