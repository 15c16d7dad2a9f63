"""A ticket and the entries of its history, as values. How they change is decided in grouping.py and machine.py."""

from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import DeviceKey
from hub.core.texts import Text
from hub.tickets.machine import State


class EntryKind(Enum):
    """What an entry tells.

    OPENED     the evidence that it was opened on
    EVIDENCE   more of it: another sign came, or one of several went
    RECOVERED  all signs are gone
    RECURRED   a sign came back while the ticket was open
    MOVED      somebody moved it
    """

    OPENED = "opened"
    EVIDENCE = "evidence"
    RECOVERED = "recovered"
    RECURRED = "recurred"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history. `t`: event time for what telemetry tells, the hub's clock for what people do."""

    t: int
    kind: EntryKind
    text: Text


@dataclass(frozen=True, slots=True)
class Ticket:
    """A fault of one device, and where the work on it stands.

    onset_at      when the fault began, as far as is known
    opened_at     the event time at which the hub knew enough
    recovered_at  since when all signs are gone; None while one stands
    signs         those that stand
    version       counts the changes; 0 before it is stored for the first time
    """

    device: DeviceKey
    cause: str
    onset_at: int
    opened_at: int
    signs: tuple[str, ...]
    state: State = State.REPORTED
    recovered_at: int | None = None
    closed_at: int | None = None
    id: int = 0
    version: int = 0
