"""A request and its history, as values. Nothing of a history is ever changed: a mistake is corrected by a further entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Cell = str | int | float
Rows = Sequence[Mapping[str, Cell]]
Value = Cell | Mapping[str, str | int] | Rows
"""What a field holds: a moment is ms since 1970 UTC, a date ISO 8601, a file {"file": its number, "name": …}, rows a list."""
Values = Mapping[str, Value]


class Told(StrEnum):
    """What an entry of the history tells."""

    OPENED = "opened"
    MOVED = "moved"
    CORRECTED = "corrected"
    WARNED = "warned"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    who, name    as the audit calls them, and for people
    transition   by which it moved; origin, to: the states
    values       what was given with it
    documents    forms that it made
    corrects     the entry that it puts right
    scope        of a limit: the state, or "" for the whole
    """

    at: int
    told: Told
    who: str
    name: str = ""
    transition: str | None = None
    origin: str | None = None
    to: str | None = None
    values: Values = field(default_factory=dict)
    note: str = ""
    documents: tuple[str, ...] = ()
    corrects: int | None = None
    scope: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """Where a request stands.

    values      what the fields hold now
    spent       working time that a state had used when the request went from it into waiting
    worked      working time until `entered_at`, without waiting states
    due_at      the first limit that runs out, or has
    reminded    keys of the timers that have been told already
    parent      number of the request that it came from
    version     goes up with every entry
    """

    type: str
    state: str
    opened_by: str
    opened_name: str
    opened_at: int
    entered_at: int
    values: Values
    is_open: bool = True
    group: str | None = None
    school: str | None = None
    spent: Mapping[str, int] = field(default_factory=dict)
    worked: int = 0
    due_at: int | None = None
    reminded: frozenset[str] = frozenset()
    parent: str | None = None
    number: str = ""
    version: int = 1
    id: int = 0


class Turn(StrEnum):
    """What a timer says when it is due."""

    WARN = "warn"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Timer:
    """scope: the state, or "" for the whole request."""

    at: int
    turn: Turn
    scope: str

    @property
    def key(self) -> str:
        return f"{self.turn.value}:{self.scope}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is to be told of an entry. to: roles, or labels of persons."""

    code: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """A request of another type that is to be opened."""

    type: str
    values: Values


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows from a step, for others to do. timers: all that the request has now."""

    documents: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    timers: tuple[Timer, ...] = ()
    hooks: tuple[str, ...] = ()
    opens: Opening | None = None
    audit: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a wish."""

    request: Request
    entry: Entry
    effects: Effects
