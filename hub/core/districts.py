"""Districts of one hub: what they are called, what is counted of each, and what several come to together.

Decides what is added up, and what is not known. Leaves to others where the counts come from and in which words they are told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from hub.core.overview import AGE_DAYS

NO_AGES = (0,) * (len(AGE_DAYS) + 1)


class DistrictSettings(BaseModel):
    """How the districts of the hub are called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: Path | None = Field(
        None,
        description="A CSV file of the districts with the columns `code`, `th`, `en`, `province_th` and `province_en`; `code` is "
        "how `groups` names them. The hub reads it when it starts. Without it, districts are called by their codes.",
    )


@dataclass(frozen=True, slots=True)
class District:
    """What a district and its province are called. code: as `groups` has it"""

    code: str
    th: str = ""
    en: str = ""
    province_th: str = ""
    province_en: str = ""

    def name(self, language: str) -> str:
        return (self.th if language == "th" else self.en) or self.th or self.code

    def province(self, language: str) -> str:
        """Empty where nobody has said which."""
        return (self.province_th if language == "th" else self.province_en) or self.province_th


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """What was counted of a district, or of several together.

    at         when; of several, the oldest. None: not counted yet
    schools    of the register
    agents     computers of schools that have ever reported; silent: without a session
    rooms      that have a receiver
    class_min  minutes of class today so far, of all these rooms together
    lost       of them those in which the lesson could not be shown, by cause; lost_month: of the whole month
    ages       open tickets that are not put off, by age (AGE_DAYS)
    overdue    open requests, repairs among them, that are over their limit
    """

    at: int | None = None
    schools: int = 0
    agents: int = 0
    silent: int = 0
    rooms: int = 0
    class_min: float = 0.0
    lost: Mapping[str, float] = field(default_factory=dict)
    lost_month: Mapping[str, float] = field(default_factory=dict)
    ages: tuple[int, ...] = NO_AGES
    overdue: int = 0

    @property
    def lost_min(self) -> float:
        return sum(self.lost.values())

    @property
    def lost_month_min(self) -> float:
        return sum(self.lost_month.values())

    @property
    def open(self) -> int:
        return sum(self.ages)

    @property
    def available(self) -> float | None:
        """The share of class today in which lessons could be shown; None where there has been no class yet."""
        return None if self.class_min <= 0 else max(0.0, 1 - self.lost_min / self.class_min)

    @property
    def causes(self) -> tuple[tuple[str, float], ...]:
        """Of the month, what cost most first."""
        return _most_first(self.lost_month)

    @property
    def causes_today(self) -> tuple[tuple[str, float], ...]:
        return _most_first(self.lost)


def together(counts: Iterable[DistrictCount]) -> DistrictCount:
    """Without those that were not counted yet."""
    known = [each for each in counts if each.at is not None]
    return DistrictCount(
        at=min((each.at for each in known if each.at is not None), default=None),
        schools=sum(each.schools for each in known),
        agents=sum(each.agents for each in known),
        silent=sum(each.silent for each in known),
        rooms=sum(each.rooms for each in known),
        class_min=sum(each.class_min for each in known),
        lost=_added(each.lost for each in known),
        lost_month=_added(each.lost_month for each in known),
        ages=tuple(map(sum, zip(NO_AGES, *(each.ages for each in known), strict=True))),
        overdue=sum(each.overdue for each in known),
    )


def _added(told: Iterable[Mapping[str, float]]) -> Mapping[str, float]:
    found: Counter[str] = Counter()
    for each in told:
        found.update(each)
    return dict(found)


def _most_first(told: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(
        sorted(((cause, each) for cause, each in told.items() if each > 0), key=lambda each: (-each[1], each[0]))
    )
