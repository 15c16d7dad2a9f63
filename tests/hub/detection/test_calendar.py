"""Class time: default hours, terms, holidays; sums and moments that agree with each other."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.detection.calendar import Calendar
from hub.detection.settings import CalendarSettings

HOUR, MINUTE = 3_600_000, 60_000
CALENDAR = Calendar(CalendarSettings())
_FROM, _TO = (round(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (2026, 2028))
moments = st.integers(_FROM, _TO)


@pytest.mark.parametrize(
    ("clock", "day", "there_is"),
    [("08:29", 0, False), ("08:30", 0, True), ("15:29", 4, True), ("15:30", 0, False), ("10:00", 5, False)],
)
def test_class_is_on_weekdays_from_bell_to_bell(lab: SimpleNamespace, clock: str, day: int, there_is: bool) -> None:
    assert CALENDAR.in_class(lab.at(clock, day)) is there_is


def test_a_school_day_has_seven_hours(lab: SimpleNamespace) -> None:
    assert CALENDAR.class_ms_between(lab.at("00:00"), lab.at("00:00", 1)) == 7 * HOUR


def test_a_weekend_has_none(lab: SimpleNamespace) -> None:
    assert CALENDAR.class_ms_between(lab.at("15:30", 4), lab.at("08:30", 7)) == 0


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 6, 3),  # birthday of the queen
        date(2026, 12, 7),  # in lieu of a Saturday
        date(2026, 4, 20),  # between the terms
        date(2026, 10, 19),
        date(2027, 4, 1),
    ],
)
def test_holidays_and_the_time_between_terms_have_no_class(day: date) -> None:
    noon = round(datetime(day.year, day.month, day.day, 5, tzinfo=UTC).timestamp() * 1000)
    assert not CALENDAR.in_class(noon)


def test_own_holidays_and_terms_replace_the_default_ones(lab: SimpleNamespace) -> None:
    settings = CalendarSettings(terms=((date(2026, 6, 1), date(2026, 6, 9)),), holidays=(date(2026, 6, 8),))
    calendar = Calendar(settings)
    assert [calendar.in_class(lab.at("10:00", day)) for day in (-5, 0, 1, 2)] == [True, False, True, False]


def test_a_calendar_can_be_open_around_the_clock(lab: SimpleNamespace) -> None:
    every_day = {"class_hours": ["00:00", "24:00"], "weekdays": [0, 1, 2, 3, 4, 5, 6], "holidays": []}
    terms = [[date(2000, 1, 1), date(2099, 12, 31)]]
    calendar = Calendar(CalendarSettings.model_validate({**every_day, "terms": terms}))
    assert calendar.class_ms_between(lab.at("00:00"), lab.at("00:00", 14)) == 14 * 24 * HOUR


def test_class_time_goes_on_at_the_next_school_day(lab: SimpleNamespace) -> None:
    friday = lab.at("15:00", 4)
    assert CALENDAR.when_class_time_reached(friday, 40 * MINUTE) == lab.at("08:40", 7)


def test_no_class_time_is_there_at_once(lab: SimpleNamespace) -> None:
    assert CALENDAR.when_class_time_reached(lab.at("03:00"), 0) == lab.at("03:00")


def test_where_the_terms_have_run_out_class_time_is_never_reached(lab: SimpleNamespace) -> None:
    calendar = Calendar(CalendarSettings(terms=((date(2026, 6, 1), date(2026, 6, 9)),)))
    assert calendar.when_class_time_reached(lab.at("15:00", 1), HOUR) is None


@pytest.mark.parametrize("t", [-(10**18), -1, 10**18])
def test_a_time_of_a_broken_clock_breaks_nothing(t: int) -> None:
    assert CALENDAR.in_class(t) is False


@given(moments, moments, moments)
def test_class_time_adds_up(one: int, two: int, three: int) -> None:
    start, middle, end = sorted((one, two, three))
    whole = CALENDAR.class_ms_between(start, end)
    assert CALENDAR.class_ms_between(start, middle) + CALENDAR.class_ms_between(middle, end) == whole


@given(moments, st.integers(1, 40 * HOUR))
def test_the_moment_reached_is_the_first_with_so_much_class_time(start: int, class_ms: int) -> None:
    reached = CALENDAR.when_class_time_reached(start, class_ms)
    assert reached is not None
    assert CALENDAR.class_ms_between(start, reached) == class_ms
    assert CALENDAR.class_ms_between(start, reached - 1) == class_ms - 1


@given(moments, moments)
def test_class_time_is_never_longer_than_time(one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert 0 <= CALENDAR.class_ms_between(start, end) <= end - start
    assert CALENDAR.class_ms_between(end, start) == 0


@given(moments)
def test_a_moment_is_in_class_exactly_where_its_millisecond_counts(t: int) -> None:
    assert CALENDAR.in_class(t) == (CALENDAR.class_ms_between(t, t + 1) == 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"class_hours": ("15:30", "08:30")},
        {"terms": [("2026-10-11", "2026-05-16")]},
        {"timezone": "Asia/Bankok"},
        {"weekdays": [7]},
        {"weekday": [1]},
    ],
)
def test_a_calendar_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CalendarSettings.model_validate(wrong)


def test_the_default_hours_are_those_of_the_contract() -> None:
    assert CalendarSettings().class_hours == (time(8, 30), time(15, 30))
