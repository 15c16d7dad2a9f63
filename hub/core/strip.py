"""The lessons of a room hour by hour of class: shown, possible, switched off, lost and to what, or not known. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from hub.core.history import Spell
from hub.core.hourly import HOUR_MS

_HALF = 0.5
_TOUCHES_MS = 10 * 60_000


class Lesson(Enum):
    """What became of an hour of class.

    SHOWN    a screen was on and its receiver had lock for most of the time that is known
    READY    a receiver had lock: a lesson could have been shown
    OFF      the school was heard, and its receivers were off
    LOST     something kept lessons from being shown, or a receiver that was on had no lock
    UNKNOWN  nothing was heard
    """

    SHOWN = "shown"
    READY = "ready"
    OFF = "off"
    LOST = "lost"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heard:
    """What an hour of a room tells: the greatest share of any receiver with lock, and of any screen that was on."""

    lock: float | None = None
    on: float | None = None
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of class. `row`: which of the day's; `cause`: what it was lost to, where that is known."""

    t: int
    row: int
    lesson: Lesson
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of class, ISO 8601. `lost`: minutes by cause, as the lesson time has them."""

    date: str
    cells: tuple[Cell, ...]
    lost: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """A room over some days. `rows`: hours of class of the longest day."""

    room: str
    days: tuple[Day, ...]
    rows: int

    @property
    def begins(self) -> tuple[int, ...]:
        """When the hour of each row began, on the newest day that has it."""
        found = {cell.row: cell.t for day in self.days for cell in day.cells}
        return tuple(found[row] for row in sorted(found))

    @property
    def lost(self) -> Mapping[str, float]:
        """Minutes by cause, the most first."""
        total: Counter[str] = Counter()
        for day in self.days:
            total.update(day.lost)
        return dict(total.most_common())

    @property
    def hours(self) -> Mapping[Lesson, int]:
        """How many hours became what."""
        return Counter(cell.lesson for day in self.days for cell in day.cells)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a room.

    heard   by hour since 1970
    lost    minutes by day and cause
    spells  incidents and faults: what could have cost lessons
    """

    heard: Mapping[int, Heard]
    lost: Mapping[str, Mapping[str, float]]
    spells: Sequence[Spell]


def strip_of(room: str, days: Sequence[tuple[str, Sequence[tuple[int, int]]]], known: Known, now: int) -> Strip:
    """`days`: each with its stretches of class."""
    made = tuple(_day(date, stretches, known, now) for date, stretches in days)
    return Strip(room, made, max((len(day.cells) for day in made), default=0))


def _day(date: str, stretches: Iterable[tuple[int, int]], known: Known, now: int) -> Day:
    hours = sorted({hour for start, end in stretches for hour in range(start // HOUR_MS, (end - 1) // HOUR_MS + 1)})
    lost = known.lost.get(date, {})
    causes = [spell for spell in known.spells if lost.get(spell.cause, 0) > 0]
    past = [(row, hour) for row, hour in enumerate(hours) if hour * HOUR_MS < now]
    return Day(date, tuple(_cell(hour, row, known.heard.get(hour, Heard()), causes) for row, hour in past), lost)


def _cell(hour: int, row: int, heard: Heard, causes: Iterable[Spell]) -> Cell:
    start, end = hour * HOUR_MS, (hour + 1) * HOUR_MS
    for spell in causes:
        if min(end, end if spell.end is None else spell.end) - max(start, spell.start) >= _TOUCHES_MS:
            return Cell(start, row, Lesson.LOST, spell.cause)
    return Cell(start, row, _lesson(heard))


def _lesson(heard: Heard) -> Lesson:
    if not heard.seen:
        return Lesson.UNKNOWN
    if heard.lock is None:
        return Lesson.OFF
    if heard.lock < _HALF:
        return Lesson.LOST
    return Lesson.SHOWN if heard.on is not None and heard.on >= _HALF else Lesson.READY
