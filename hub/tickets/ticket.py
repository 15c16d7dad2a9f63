"""A ticket and the entries of its history, as values. How they change is decided in grouping.py, merging.py and machine.py."""

from dataclasses import dataclass
from enum import Enum

from hub.core.findings import Alternative, Place
from hub.core.texts import Text
from hub.tickets.machine import State


class EntryKind(Enum):
    """What an entry tells.

    OPENED     the evidence that it was opened on
    EVIDENCE   more of it: another sign came, or one of several went
    CORRECTED  more is known, and the cause is another one
    RECOVERED  all signs are gone
    VERIFIED   all signs are gone after a repair
    RECURRED   a sign came back while the ticket was open
    MOVED      somebody moved it, or the hub closed it
    SNOOZED    somebody put it off, or took it up again
    MERGED     it was merged into another ticket, or another one into it
    """

    OPENED = "opened"
    EVIDENCE = "evidence"
    CORRECTED = "corrected"
    RECOVERED = "recovered"
    VERIFIED = "verified"
    RECURRED = "recurred"
    MOVED = "moved"
    SNOOZED = "snoozed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history. `t`: event time for what telemetry tells, the hub's clock for what people do."""

    t: int
    kind: EntryKind
    text: Text


@dataclass(frozen=True, slots=True)
class Ticket:
    """A fault of one device or dish, and where the work on it stands.

    onset_at       when the fault began, as far as is known
    opened_at      the event time at which the hub knew enough
    recovered_at   since when all signs are gone; None while one stands
    signs          those that stand; one that came with a merged ticket names its fault (see merging.sign_name)
    alternatives   what else it could be, the likeliest first
    snoozed_until  out of the daily list until then, by the hub's clock
    merged_into    the number of the ticket that goes on for this one
    earlier        the number of the ticket that this fault had before
    version        counts the changes; 0 before it is stored for the first time
    """

    place: Place
    cause: str
    onset_at: int
    opened_at: int
    signs: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
    state: State = State.REPORTED
    recovered_at: int | None = None
    closed_at: int | None = None
    snoozed_until: int | None = None
    merged_into: int | None = None
    earlier: int | None = None
    id: int = 0
    version: int = 0

    def is_of(self, place: Place, cause: str) -> bool:
        """Whether it was opened for this fault, rather than having taken it over from a merged ticket."""
        return (self.place, self.cause) == (place, cause)
