"""The span of a report: a month, a quarter of the fiscal year, or the whole of it. Years are of the Buddhist era."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.core.fiscal import BUDDHIST_ERA, calendar_year, first_day, fiscal_year

_KEY = re.compile(r"(25\d\d|26\d\d)(?:-(q[1-4]|0[1-9]|1[0-2]))?")


class Span(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class NoSuchPeriod(ValueError):
    """What was asked for is no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """key: 2570-01 is January of that year; 2570-q2 a quarter of the fiscal year, 2570 the whole. last: included."""

    span: Span
    key: str
    first: date
    last: date

    @property
    def fiscal_year(self) -> int:
        return fiscal_year(self.first)

    @property
    def quarter(self) -> int:
        """Of the fiscal year, in which it begins."""
        return (self.first.month + 2) // 3 % 4 + 1

    def months(self) -> Iterator["Period"]:
        day = self.first
        while day <= self.last:
            month = month_of(day)
            yield month
            day = month.last + timedelta(days=1)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def read_period(key: str) -> Period:
    """Raises NoSuchPeriod."""
    found = _KEY.fullmatch(key.strip().lower())
    if found is None:
        raise NoSuchPeriod(
            f"{key!r} is no period; write 2570-01 for a month, 2570-q1 for a quarter, 2570 for a fiscal year"
        )
    year, part = int(found[1]), found[2]
    if part is None:
        return year_of(year)
    if part.startswith("q"):
        return quarter_of(year, int(part[1]))
    return month_of(date(year - BUDDHIST_ERA, int(part), 1))


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(Span.MONTH, f"{calendar_year(day)}-{day.month:02}", first, following - timedelta(days=1))


def quarter_of(year: int, quarter: int) -> Period:
    """Of a fiscal year: the first begins in October."""
    first = first_day(year)
    for _ in range(3 * (quarter - 1)):
        first = (first + timedelta(days=32)).replace(day=1)
    following = (first + timedelta(days=95)).replace(day=1)
    return Period(Span.QUARTER, f"{year}-q{quarter}", first, following - timedelta(days=1))


def year_of(year: int) -> Period:
    first = first_day(year)
    return Period(Span.YEAR, str(year), first, first_day(year + 1) - timedelta(days=1))


def around(day: date) -> tuple[Period, ...]:
    """The month, the quarter and the year that a day lies in."""
    month = month_of(day)
    return month, quarter_of(month.fiscal_year, month.quarter), year_of(month.fiscal_year)


def previous(period: Period) -> Period:
    return _like(period, period.first - timedelta(days=1))


def following(period: Period) -> Period:
    return _like(period, period.last + timedelta(days=1))


def _like(period: Period, day: date) -> Period:
    """Of the same length, around a day."""
    return next(each for each in around(day) if each.span is period.span)
