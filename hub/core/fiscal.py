"""Years of the Buddhist era. The fiscal year 2570 goes from 1 October 2026 to 30 September 2027."""

from datetime import date

BUDDHIST_ERA = 543
"""So many years is it ahead."""
_FIRST_MONTH = 10


def calendar_year(day: date) -> int:
    return day.year + BUDDHIST_ERA


def fiscal_year(day: date) -> int:
    """The year that a day belongs to."""
    return calendar_year(day) + (day.month >= _FIRST_MONTH)


def first_day(year: int) -> date:
    return date(year - BUDDHIST_ERA - 1, _FIRST_MONTH, 1)
