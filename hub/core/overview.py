"""Read models of the first page: where the schools stand, the numbers of the day, and what waits for whoever looks.

Decides how numbers are made of rows, and which state of a school is the worst. Leaves to others where the rows come from.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.core.equipment import NodeKey

_DAY_MS = 86_400_000
AGE_DAYS = (1, 3, 7)
"""Open tickets are counted as younger than these, and as older than the last."""


class SchoolState(StrEnum):
    """How a school stands, the worst first. What nobody knows is not called broken."""

    TROUBLE = "trouble"
    """a device has an open ticket and has not recovered"""
    QUIET = "quiet"
    """its computer has a session, and has said nothing for longer than it should"""
    SILENT = "silent"
    """its computer has no session"""
    WELL = "well"
    ABSENT = "absent"
    """the register knows it, and no computer of it has ever reported"""

    @property
    def badness(self) -> int:
        """0 for the worst."""
        return _BADNESS[self]


_BADNESS = {state: place for place, state in enumerate(SchoolState)}


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    """A school of the register: degrees north and east."""

    group: str
    code: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class AbsentSchool:
    """A school of the register of which no computer has ever reported."""

    group: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SchoolSpot:
    """A school on the map. node: the computer whose page tells most of it; heard_at: newest of what any of its computers said."""

    place: SchoolPlace
    state: SchoolState
    node: NodeKey | None = None
    heard_at: int | None = None
    troubled: int = 0
    tickets: int = 0


@dataclass(frozen=True, slots=True)
class StateAges:
    """Open tickets of one state by age: younger than each of AGE_DAYS, and the rest."""

    state: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """The day so far.

    rooms      that have a receiver, of all schools
    class_min  minutes of class so far, of all these rooms together
    lost       of them those in which the lesson could not be shown, by cause, most first
    tickets    open ones that are not put off, by state and age
    silent     computers of schools without a session; silent_since: when the first of them was heard last
    """

    rooms: int
    class_min: float
    lost: tuple[tuple[str, float], ...] = ()
    tickets: tuple[StateAges, ...] = ()
    silent: int = 0
    silent_since: int | None = None

    @property
    def lost_min(self) -> float:
        return sum(minutes for _, minutes in self.lost)

    @property
    def available(self) -> float | None:
        """The share of class in which lessons could be shown; None where there has been no class yet."""
        if self.class_min <= 0:
            return None
        return max(0.0, 1 - self.lost_min / self.class_min)


class Pending(StrEnum):
    """Why something waits for somebody. The values are codes of the catalogues: `pending.<code>`."""

    MINE = "mine"
    """repairs that they work on"""
    UNASSIGNED = "unassigned"
    """repairs that nobody has taken"""
    STEP = "step"
    """requests of a type and state whose usual next step is theirs"""
    SILENT = "silent"
    NEWCOMERS = "newcomers"
    """equipment that reports and is not in the register"""
    TWINS = "twins"
    """computers that want to be one and the same"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for whoever looks.

    late    so many of them are over their limit
    since   when the oldest of them came to where it is
    type, state  of the requests, where they are meant
    """

    why: Pending
    count: int
    since: int | None = None
    late: int = 0
    type: str = ""
    state: str = ""

    @property
    def order(self) -> tuple[bool, int]:
        """What is late first, then what waits longest."""
        return self.late == 0, self.since or 0


def by_age(opened: Iterable[tuple[str, int]], now: int, order: Iterable[str]) -> tuple[StateAges, ...]:
    """States and times of opening as counts; the states in this order, others after them by name."""
    counts: dict[str, list[int]] = {}
    for state, at in opened:
        ages = counts.setdefault(state, [0] * (len(AGE_DAYS) + 1))
        ages[bisect_right(AGE_DAYS, max(0, now - at) / _DAY_MS)] += 1
    known = [state for state in order if state in counts]
    return tuple(StateAges(state, tuple(counts[state])) for state in (*known, *sorted(set(counts) - set(known))))


def class_minutes(rooms: Mapping[tuple[str, str], int], minutes: Mapping[tuple[str, str], float]) -> float:
    """Of all rooms together: each room of a school has the school's class."""
    return sum(count * minutes.get(place, 0.0) for place, count in rooms.items())
