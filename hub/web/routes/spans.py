"""Spans of days that a page or a call asks for."""

from dataclasses import dataclass
from datetime import date, timedelta

from hub.web.failures import Problem

_LONGEST_DAYS = 800
_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days in ISO 8601, both included."""

    first: str
    last: str


def day_span(first: date | None, last: date | None, today: str, usual_days: int = _USUAL_DAYS) -> DaySpan:
    """The days asked for; without any, the last `usual_days`. Raises Problem where they are none, or too many."""
    end = last or date.fromisoformat(today)
    begin = first or end - timedelta(days=min(usual_days, (end - date.min).days + 1) - 1)
    if not 0 <= (end - begin).days <= _LONGEST_DAYS:
        detail = f"from: has to lie before to, by {_LONGEST_DAYS} days at most"
        raise Problem(422, "invalid-input", detail, field="from", way_out="ask for a shorter span")
    return DaySpan(begin.isoformat(), end.isoformat())


def fiscal_year(today: str) -> DaySpan:
    """The running one: it begins on 1 October."""
    day = date.fromisoformat(today)
    begin = date(day.year - (day.month < 10), 10, 1)
    return DaySpan(begin.isoformat(), today)


def last_days(today: str, count: int) -> DaySpan:
    return day_span(None, None, today, count)
