"""When there is class: terms, weekdays, holidays, hours. Built from the `calendar` of an inventory, or its defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

from simulator.clock import MINUTE, day_of, midnight


@dataclass(frozen=True)
class Calendar:
    """One district's calendar; `opens` and `closes` in minutes of the day."""

    opens: int = 8 * 60 + 30
    closes: int = 15 * 60 + 30
    weekdays: frozenset[int] = frozenset(range(5))
    terms: tuple[tuple[date, date], ...] | None = None
    holidays: frozenset[date] | None = None
    known: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Calendar":
        """The calendar of an inventory; what it leaves out is Thailand's."""
        opens, closes = map(_minutes, told.get("class_hours", ("08:30", "15:30")))
        terms = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in told["terms"]] if "terms" in told else None
        free = frozenset(map(date.fromisoformat, told["holidays"])) if "holidays" in told else None
        weekdays = frozenset(told.get("weekdays", range(5)))
        return cls(opens, closes, weekdays, tuple(terms) if terms is not None else None, free)

    def is_school_day(self, day: date) -> bool:
        if day not in self.known:
            self.known[day] = self._judge(day)
        return self.known[day]

    def _judge(self, day: date) -> bool:
        terms = self.terms if self.terms is not None else _usual_terms(day.year)
        free = self.holidays if self.holidays is not None else public_holidays(day.year)
        return day.weekday() in self.weekdays and day not in free and any(a <= day <= b for a, b in terms)

    def class_time(self, day: date) -> tuple[int, int] | None:
        """The class hours of the day in seconds since 1970, or None without school."""
        if not self.is_school_day(day):
            return None
        start = midnight(day)
        return start + self.opens * MINUTE, start + self.closes * MINUTE

    def class_seconds(self, start: float, end: float) -> float:
        """How much class time lies between the two moments."""
        found, day, last = 0.0, day_of(start), day_of(end)
        while day <= last:
            if (hours := self.class_time(day)) is not None:
                found += max(0.0, min(end, hours[1]) - max(start, hours[0]))
            day += timedelta(days=1)
        return found

    def after(self, start: float, class_seconds: float, end: float) -> float | None:
        """When that much class time has passed since `start`; None where that is past `end`."""
        day, left = day_of(start), class_seconds
        while midnight(day) < end:
            if (hours := self.class_time(day)) is not None:
                begin = max(start, hours[0])
                if hours[1] - begin >= left:
                    return begin + left if begin + left < end else None
                left -= max(0.0, hours[1] - begin)
            day += timedelta(days=1)
        return None


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _usual_terms(year: int) -> tuple[tuple[date, date], ...]:
    """Term 1 from 16 May, term 2 from 1 November (the ministry's rule of 2006)."""
    return tuple(
        term
        for each in (year - 1, year)
        for term in (
            (date(each, 5, 16), date(each, 10, 11)),
            (date(each, 11, 1), date(each + 1, 3, 31)),
        )
    )


@lru_cache
def public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("TH", years=year))
