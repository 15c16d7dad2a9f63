"""Which ticket is about which fault.

A ticket is *about* a fault of the same school when place and time agree:

Place
1. A fault of one device: the ticket names that device, or another set of the same room (the cable between two of them).
   A fault of a receiver may also be taken for one of its dish: the ticket names a dish of the school.
2. A fault of a dish: the ticket names that dish, or one of the school's receivers.
3. A fault of the school or of an agent's computer: the ticket names neither device nor dish. Faults of the computer, of power
   and of the link do not stand for one another: the cause has to be of the same family (`FAMILIES`). Likewise a worn lamp is
   told by its own cause only: any other ticket for that projector is about something else.

Time
4. It was opened after the fault's onset, with an hour's grace, and at most two days after its end. What comes slowly (`SLOW`)
   may be announced by its own cause ten days early: a lamp at 95 %, a disk that fills.

Choice
5. A ticket that could be about several faults is about the one with its own cause, then with exactly its place, then with the
   nearest onset.
6. Of several tickets about one fault the first opened is *its* ticket; the others are duplicates. Duplicates are counted by
   themselves: they are neither true nor false in the precision.

Cause
7. The cause is right when it is the fault's own. A computer that died for good and a link that never came back look alike to
   the end (`school_offline` either way); an agent that hung and was started again tells at its return no more than one without
   power or link.

Faults that could not be seen (`observable` false) are not missed in the recall; a ticket about one is true.

A ticket about no fault is *false*, and charged to what it fell on: the first of rain, sun, satellite, power and link that the
school had between half an hour before the ticket's onset and its opening; otherwise nothing. One exception, *granted*: a
silence of over four class hours that was no repair in the end is a ticket by contract (`school_offline`), with its cause
corrected later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.evaluation.told import Incident, Label, Labels, Ticket
from simulator.schooldays import Calendar

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
GRACE_MS, LATE_MS, EARLY_MS = HOUR_MS, 2 * DAY_MS, 10 * DAY_MS
LONG_S = 4 * 3600
_LONGEST_MS = 60 * 86_400_000
"""An incident that never ended is looked at for so long: there is no later date for a time without end."""
SLOW = frozenset({"signal_degrading", "lamp_worn", "host_disk_full", "host_disk_worn"})
SILENT = frozenset({"school_offline", "school_link_outage", "school_power_outage", "area_outage"})
FAMILIES: tuple[frozenset[str], ...] = (SILENT,)
FELL_ON = {
    "rain_fade": "rain",
    "sun_outage": "sun",
    "satellite_outage": "satellite",
    "school_power_outage": "power",
    "area_outage": "power",
    "school_link_outage": "link",
}


@dataclass(slots=True)
class Match:
    """A fault and the tickets about it, in order of opening."""

    fault: Label
    tickets: list[Ticket] = field(default_factory=list)

    @property
    def first(self) -> Ticket:
        return self.tickets[0]

    @property
    def right(self) -> bool:
        return right_cause(self.fault, self.first)


@dataclass(slots=True)
class Matching:
    matches: list[Match]
    false: list[tuple[Ticket, str]]
    granted: list[Ticket]

    @property
    def found(self) -> list[Match]:
        return [match for match in self.matches if match.tickets]


def match(labels: Labels, tickets: Iterable[Ticket], calendar: Calendar) -> Matching:
    matches = [Match(fault) for fault in labels.faults]
    result = Matching(matches, [], [])
    for ticket in sorted(tickets, key=lambda each: each.opened_at):
        about = [each for each in matches if is_about(ticket, each.fault)]
        if about:
            max(about, key=lambda each: _closeness(ticket, each.fault)).tickets.append(ticket)
        elif _is_granted(ticket, labels.incidents, calendar):
            result.granted.append(ticket)
        else:
            result.false.append((ticket, fell_on(ticket, labels.incidents)))
    return result


def is_about(ticket: Ticket, fault: Label) -> bool:
    return ticket.school == fault.school and _in_time(ticket, fault) and _at_place(ticket, fault)


def right_cause(fault: Label, ticket: Ticket) -> bool:
    if ticket.cause == fault.cause:
        return True
    if fault.cause == "school_link_outage" and fault.ended_at is None:
        return ticket.cause == "school_offline"
    if fault.cause == "school_offline" and fault.ended_at is not None:
        return ticket.cause in ("school_power_outage", "school_link_outage")
    return False


def fell_on(ticket: Ticket, incidents: Iterable[Incident]) -> str:
    around = [each for each in incidents if ticket.school in each.schools and _touches(ticket, each)]
    causes = {FELL_ON.get(each.cause, "nothing") for each in around}
    return next((name for name in dict.fromkeys(FELL_ON.values()) if name in causes), "nothing")


def _touches(ticket: Ticket, incident: Incident) -> bool:
    return (
        incident.start <= ticket.opened_at and incident.end >= min(ticket.onset_at, ticket.opened_at) - 30 * MINUTE_MS
    )


def _in_time(ticket: Ticket, fault: Label) -> bool:
    early = EARLY_MS if fault.cause in SLOW and ticket.cause == fault.cause else GRACE_MS
    if ticket.opened_at < fault.onset_at - early:
        return False
    return fault.ended_at is None or ticket.opened_at <= fault.ended_at + LATE_MS


def _at_place(ticket: Ticket, fault: Label) -> bool:
    if fault.cause == "lamp_worn" and ticket.cause != fault.cause:
        return False
    if fault.device is not None:
        if ticket.device is not None:
            return ticket.device == fault.device or _room(ticket.device) == _room(fault.device)
        return ticket.dish is not None and fault.cause == "receiver_failed"
    if fault.dish is not None:
        if ticket.dish is not None:
            return ticket.dish == fault.dish
        return ticket.device is not None and ticket.device.endswith("receiver")
    return ticket.device is None and ticket.dish is None and same_family(ticket.cause, fault.cause)


def same_family(one: str, other: str) -> bool:
    return one == other or any(one in family and other in family for family in FAMILIES)


def _room(device: str) -> str:
    return device.rpartition("-")[0]


def _closeness(ticket: Ticket, fault: Label) -> tuple[bool, bool, int]:
    exact = ticket.device == fault.device and ticket.dish == fault.dish
    return right_cause(fault, ticket), exact, -abs(ticket.onset_at - fault.onset_at)


def _is_granted(ticket: Ticket, incidents: Iterable[Incident], calendar: Calendar) -> bool:
    return ticket.cause in SILENT and any(
        each.cause in SILENT
        and ticket.school in each.schools
        and _touches(ticket, each)
        and calendar.class_seconds(each.start / 1000, min(each.end, each.start + _LONGEST_MS) / 1000) >= LONG_S
        for each in incidents
    )
