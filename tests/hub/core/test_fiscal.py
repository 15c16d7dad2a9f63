"""Fiscal years."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.core.fiscal import first_day, fiscal_year


def test_the_year_2570_begins_in_october_2026() -> None:
    assert first_day(2570) == date(2026, 10, 1)
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 9, 30)]
    assert [fiscal_year(day) for day in days] == [2569, 2570, 2570, 2570, 2570]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_between_the_first_and_the_last_of_its_year(day: date) -> None:
    year = fiscal_year(day)
    assert first_day(year) <= day < first_day(year + 1)
    assert fiscal_year(first_day(year) - timedelta(days=1)) == year - 1
