"""A report, frozen: every figure of a period, for pages, papers and workbooks alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.reports.period import Period

Shares = tuple[tuple[str, float], ...]
"""Codes with a figure, most first."""


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school in the period. available: the share of class in which its rooms could show their lesson; None: not measured."""

    group: str
    code: str
    name: str
    pupils: int | None
    rooms: int
    class_min: float
    used_min: float
    lost_min: float
    available: float | None
    works: bool
    small: bool
    cause: str = ""
    """that took most"""
    repairs: int = 0


@dataclass(frozen=True, slots=True)
class Headline:
    """The goal: every small school, one hundred per cent. unmeasured: small schools of which nothing is known"""

    small: int
    measured: int
    working: int

    @property
    def unmeasured(self) -> int:
        return self.small - self.measured

    @property
    def share(self) -> float | None:
        return self.working / self.measured if self.measured else None


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A point of the curves. key: 2570-01"""

    key: str
    available: float | None
    small_working: float | None
    used_min: float
    lost_min: float
    saved_min: float
    opened: int
    done: int


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A type of request. quarters: how many were opened in each of the fiscal year; hours: mean of those that ended"""

    type: str
    quarters: tuple[int, int, int, int]
    opened: int
    done: int
    open: int
    overdue: int
    hours: float | None
    in_time: float | None


@dataclass(frozen=True, slots=True)
class RepairLine:
    """Repairs of a kind of equipment. routes: own, vendor, bought, beyond"""

    kind: str
    count: int
    cause: str
    routes: Mapping[str, int]
    automatic: int
    cost_satang: int


@dataclass(frozen=True, slots=True)
class Repairs:
    """hours: mean, and what half of them stayed below; in_time: the share that kept its limit"""

    opened: int = 0
    done: int = 0
    open: int = 0
    overdue: int = 0
    automatic: int = 0
    by_state: Shares = ()
    by_cause: Shares = ()
    by_kind: tuple[RepairLine, ...] = ()
    hours: float | None = None
    median_hours: float | None = None
    in_time: float | None = None
    cost_satang: int = 0


@dataclass(frozen=True, slots=True)
class AgeLine:
    """Equipment of a kind by years of age: up to 2, 5, 8, more, not known. outlived: beyond its useful life"""

    kind: str
    ages: tuple[int, int, int, int, int]
    outlived: int

    @property
    def count(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class RatingLine:
    about: str
    mean: float
    deviation: float
    count: int


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """Pieces of a kind: new ones, replacements of old ones, moved ones; open: planned and not accepted"""

    kind: str
    bought: int
    repaired: int
    moved: int
    open: int
    value_satang: int


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A round of allocation: what was planned, and what was accepted and paid in the period."""

    number: str
    title: str
    planned: int
    accepted: int
    planned_satang: int
    spent_satang: int


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """What was bought. counted: `repair` or `allocation`, among whose costs it is already; "": it is one by itself"""

    number: str
    subject: str
    cost_satang: int
    counted: str


@dataclass(frozen=True, slots=True)
class NeedLine:
    kind: str
    replace: int
    repair: int
    watch: int
    price_satang: int


@dataclass(frozen=True, slots=True)
class Report:
    """groups: the districts that it is about. works_from: the share of class from which on a school's DLTV works"""

    period: Period
    groups: tuple[str, ...]
    made_at: int
    works_from: float
    headline: Headline
    schools: tuple[SchoolLine, ...] = ()
    rooms: int = 0
    available: float | None = None
    used_min: float = 0.0
    lost_min: float = 0.0
    saved_min: float = 0.0
    lost_by_cause: Shares = ()
    months: tuple[MonthLine, ...] = ()
    quarters: tuple[MonthLine, ...] = ()
    """of a fiscal year; their shares are of the whole quarter"""
    services: tuple[ServiceLine, ...] = ()
    repairs: Repairs = field(default_factory=Repairs)
    ages: tuple[AgeLine, ...] = ()
    ratings: tuple[RatingLine, ...] = ()
    allocation: tuple[AllocationLine, ...] = ()
    projects: tuple[ProjectLine, ...] = ()
    purchases: tuple[PurchaseLine, ...] = ()
    needs: tuple[NeedLine, ...] = ()
    budget_satang: int | None = None
    spent_satang: int = 0

    @property
    def failing(self) -> tuple[SchoolLine, ...]:
        """Small schools that are measured and do not work, the worst first."""
        behind = [each for each in self.schools if each.small and each.available is not None and not each.works]
        return tuple(sorted(behind, key=lambda each: (each.available or 0.0, each.code)))
