"""What reports are made of, as the store found it. Minutes are of class; money is whole satang; working time is in hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class SchoolFact:
    group: str
    code: str
    name: str
    pupils: int | None


@dataclass(frozen=True, slots=True)
class RoomMonth:
    """A room in a month. class_min: how much class it could have shown, since it is known; lost by cause."""

    group: str
    school: str
    room: str
    month: str
    class_min: float
    used_min: float
    lost: Mapping[str, float] = field(default_factory=dict)

    @property
    def lost_min(self) -> float:
        """Several causes at once take no more than there is."""
        return min(self.class_min, sum(self.lost.values()))


@dataclass(frozen=True, slots=True)
class RequestFact:
    """A request that was open in the period.

    opened_in, ended_in   months of the period, where that lay in it; None: before or after
    hours        working hours that it took, or has taken; waiting is not counted
    limit_hours  that it may take
    overdue      a limit has run out, and it is open
    """

    type: str
    state: str
    group: str
    school: str
    opened_in: str | None
    ended_in: str | None
    hours: float = 0.0
    limit_hours: float | None = None
    overdue: bool = False
    rating: int | None = None

    @property
    def in_time(self) -> bool | None:
        return None if self.limit_hours is None else self.hours <= self.limit_hours


@dataclass(frozen=True, slots=True)
class RepairFact:
    """A repair that was open in the period: its request, and what is known besides.

    cause        as detection names it; "": nobody measured it
    route        own, vendor, bought or beyond: the way that it went
    automatic    the hub opened it
    saved_min    lesson minutes that its rooms would have lost besides, had it taken as long as its limit allows
    """

    request: RequestFact
    kind: str
    cause: str = ""
    route: str = ""
    automatic: bool = False
    cost_satang: int = 0
    saved_min: float = 0.0


@dataclass(frozen=True, slots=True)
class AssetFact:
    kind: str
    acquired_on: date | None
    life_years: int
    price_satang: int | None = None


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line of a plan of allocation. accepted: pieces in the period; before: those that were accepted earlier"""

    round: str
    title: str
    group: str
    kind: str
    work: str
    source: str
    quantity: int
    accepted: int
    price_satang: int
    before: int = 0


@dataclass(frozen=True, slots=True)
class PurchaseFact:
    """A purchase request whose goods all came in the period. counted: what has its cost in its own, "" where nothing has"""

    number: str
    subject: str
    cost_satang: int
    counted: str = ""


@dataclass(frozen=True, slots=True)
class NeedFact:
    kind: str
    advice: str
    price_satang: int | None


@dataclass(frozen=True, slots=True)
class RatingFact:
    """about: the type of request, or the survey"""

    about: str
    value: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of a period. budget_satang: of the rounds of its fiscal year"""

    schools: tuple[SchoolFact, ...] = ()
    rooms: tuple[RoomMonth, ...] = ()
    requests: tuple[RequestFact, ...] = ()
    repairs: tuple[RepairFact, ...] = ()
    assets: tuple[AssetFact, ...] = ()
    lines: tuple[LineFact, ...] = ()
    purchases: tuple[PurchaseFact, ...] = ()
    needs: tuple[NeedFact, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    budget_satang: int | None = None
