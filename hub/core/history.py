"""What stands behind a curve of a device: class, what befell its school, what happened to it, and its bounds."""

from dataclasses import dataclass
from enum import Enum


class Happening(Enum):
    """What a point of the time axis tells."""

    TICKET_OPENED = "ticket_opened"
    RECOVERED = "recovered"
    REPAIRED = "repaired"
    TICKET_CLOSED = "ticket_closed"
    RESTARTED = "restarted"
    SILENT = "silent"
    HEARD = "heard"


class Bound(Enum):
    """What a level across a chart is.

    CLEAR_SKY  what a receiver hears when it is dry, as learnt from its own history
    LOW        below it, that signal counts as low
    LIMIT      a limit of the device's profile
    """

    CLEAR_SKY = "clear_sky"
    LOW = "low"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Spell:
    """An incident at the school. `end` None: it lasts."""

    cause: str
    start: int
    end: int | None
    key: str


@dataclass(frozen=True, slots=True)
class Event:
    """`cause` and `ticket` are those of the ticket that it is about."""

    t: int
    what: Happening
    cause: str = ""
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A level across the chart of a metric, in the metric's own unit."""

    metric: str
    bound: Bound
    value: float


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind the curves of a device.

    class_hours  stretches of class, ms
    """

    class_hours: tuple[tuple[int, int], ...]
    spells: tuple[Spell, ...]
    events: tuple[Event, ...]
    levels: tuple[Level, ...]
