"""Working time: half-open hours, weekdays, Thai public holidays, and what holds for any two moments."""

from collections.abc import Callable
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.core.fiscal import calendar_year, fiscal_year
from hub.workflows.clock import HOUR_MS, OfficeCalendar
from hub.workflows.settings import OfficeSettings

ZONE = ZoneInfo("Asia/Bangkok")
OFFICE = OfficeCalendar(OfficeSettings(), ZONE)
MINUTE = 60_000
# November 2026 to March 2027: weekends, new year, holidays of the calendar.
MOMENTS = st.integers(1_793_400_000_000, 1_806_000_000_000)
AMOUNTS = st.integers(0, 200 * HOUR_MS)


def hours(calendar: OfficeCalendar, moment: Callable[[str], int], start: str, end: str) -> float:
    return calendar.worked(moment(start), moment(end)) / HOUR_MS


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        ("2026-11-23T08:30", "2026-11-23T16:30", 8),
        ("2026-11-23T00:00", "2026-11-24T00:00", 8),
        ("2026-11-23T16:30", "2026-11-24T08:30", 0),
        ("2026-11-23T16:00", "2026-11-24T09:00", 1),
        ("2026-11-27T16:00", "2026-11-30T09:00", 1),
        ("2026-11-28T08:00", "2026-11-29T20:00", 0),
        ("2026-12-04T08:30", "2026-12-09T08:30", 16),
        ("2027-04-12T08:30", "2027-04-16T16:30", 16),
        ("2026-11-24T09:00", "2026-11-23T09:00", 0),
    ],
)
def test_working_hours_between_two_moments(moment: Callable[[str], int], start: str, end: str, worked: float) -> None:
    assert hours(OFFICE, moment, start, end) == worked


@pytest.mark.parametrize(
    ("start", "amount", "then"),
    [
        ("2026-11-23T08:30", 8, "2026-11-23T16:30"),
        ("2026-11-23T16:30", 1, "2026-11-24T09:30"),
        ("2026-11-27T15:30", 2, "2026-11-30T09:30"),
        ("2026-11-28T12:00", 4, "2026-11-30T12:30"),
        ("2026-11-23T03:00", 0, "2026-11-23T03:00"),
    ],
)
def test_when_so_much_will_have_been_worked(moment: Callable[[str], int], start: str, amount: float, then: str) -> None:
    assert OFFICE.after(moment(start), round(amount * HOUR_MS)) == moment(then)


@given(MOMENTS, AMOUNTS)
def test_what_is_due_after_so_much_work_has_just_that_much_before_it(start: int, amount: int) -> None:
    end = OFFICE.after(start, amount)
    assert OFFICE.worked(start, end) == amount
    assert amount == 0 or OFFICE.worked(start, end - 1) == amount - 1


@given(MOMENTS, AMOUNTS)
def test_a_warning_comes_so_much_work_before_the_end(end: int, amount: int) -> None:
    start = OFFICE.before(end, amount)
    assert OFFICE.worked(start, end) == amount
    assert start <= end


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_stretch_is_the_sum_of_its_parts(one: int, two: int, three: int) -> None:
    first, middle, last = sorted((one, two, three))
    assert OFFICE.worked(first, last) == OFFICE.worked(first, middle) + OFFICE.worked(middle, last)


@given(MOMENTS, st.integers(0, 40 * 24 * 60))
def test_no_more_is_worked_than_time_passes(start: int, minutes: int) -> None:
    assert 0 <= OFFICE.worked(start, start + minutes * MINUTE) <= minutes * MINUTE


@given(MOMENTS)
def test_a_millisecond_is_worked_where_the_office_is_open(moment: int) -> None:
    assert OFFICE.worked(moment, moment + 1) == (1 if OFFICE.is_open(moment) else 0)


def test_closing_is_no_working_time_any_more(moment: Callable[[str], int]) -> None:
    assert OFFICE.is_open(moment("2026-11-23T08:30"))
    assert not OFFICE.is_open(moment("2026-11-23T16:30"))


def test_the_office_says_when_it_works(moment: Callable[[str], int]) -> None:
    closed, extra = date(2026, 11, 24), date(2026, 11, 28)
    settings = OfficeSettings(opens=time(9), closes=time(12), closed=(closed,), also_open=(extra,))
    calendar = OfficeCalendar(settings, ZONE)
    assert hours(calendar, moment, "2026-11-23T00:00", "2026-11-30T00:00") == 5 * 3


def test_an_office_that_never_works_is_waited_for_no_longer_than_any_calendar_goes() -> None:
    never = OfficeCalendar(OfficeSettings(weekdays=(0,), holidays=()), ZONE)
    assert never.after(0, 10_000 * 8 * HOUR_MS) == 4_102_444_800_000
    assert never.before(10**12, 10**14) == 0


def test_an_office_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValidationError, match="opens after it closes"):
        OfficeSettings(opens=time(17))


def test_years_are_buddhist_and_the_fiscal_one_begins_in_october() -> None:
    assert [fiscal_year(date(2026, month, 1)) for month in (9, 10, 11)] == [2569, 2570, 2570]
    assert fiscal_year(date(2028, 2, 29)) == 2571
    assert [calendar_year(date(2026, month, 31)) for month in (10, 12)] == [2569, 2569]
