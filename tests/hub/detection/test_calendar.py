"""Class time: default hours, terms, holidays; sums and moments that agree with each other."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.detection.calendar import Calendar
from hub.detection.settings import CalendarSettings, Maintenance

HOUR, MINUTE = 3_600_000, 60_000
DAY = 24 * HOUR
BANGKOK = ZoneInfo("Asia/Bangkok")
CALENDAR = Calendar(CalendarSettings())
_FROM, _TO = (round(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (2026, 2028))
moments = st.integers(_FROM, _TO)
untimed = settings(deadline=None)
"""The first question of a year takes much longer than all others."""
times = st.one_of(moments, st.builds(lambda t: t // (30 * MINUTE) * 30 * MINUTE, moments))


def ms(text: str) -> int:
    """Of a wall clock in Bangkok, such as 2026-06-08 09:30."""
    return round(datetime.fromisoformat(text).replace(tzinfo=BANGKOK).timestamp() * 1000)


def upkeep(start: str, end: str, **more: Any) -> Maintenance:
    return Maintenance.model_validate({"from": start, "to": end, "reason": "new cables", **more})


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Of any habits, with maintenance at any times."""
    hours = sorted(draw(st.lists(st.integers(0, 47), min_size=2, max_size=2, unique=True)))
    first, last = (time(half // 2, half % 2 * 30) for half in hours)
    days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
    off = draw(st.sets(days, max_size=5))
    settings = CalendarSettings(
        class_hours=(first, last),
        weekdays=tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
        no_class=tuple(off),
        also_class=tuple(draw(st.sets(days, max_size=5)) - off),
    )
    begins = draw(st.lists(st.tuples(times, st.integers(1, 40 * DAY)), max_size=4))
    windows = [(datetime.fromtimestamp(t / 1000, UTC), timedelta(milliseconds=ms)) for t, ms in begins]
    return Calendar(settings, [Maintenance(start=t, end=t + span, reason="any") for t, span in windows])


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


@untimed
@given(calendars(), times, times, times)
def test_class_time_adds_up(calendar: Calendar, one: int, two: int, three: int) -> None:
    start, middle, end = sorted((one, two, three))
    whole = calendar.class_ms_between(start, end)
    assert calendar.class_ms_between(start, middle) + calendar.class_ms_between(middle, end) == whole


@untimed
@given(calendars(), times, st.integers(1, 40 * HOUR))
def test_the_moment_reached_is_the_first_with_so_much_class_time(calendar: Calendar, start: int, class_ms: int) -> None:
    reached = calendar.when_class_time_reached(start, class_ms)
    if reached is None:
        assert calendar.class_ms_between(start, start + 700 * DAY) < class_ms
        return
    assert calendar.class_ms_between(start, reached) == class_ms
    assert calendar.class_ms_between(start, reached - 1) == class_ms - 1


@untimed
@given(calendars(), times, times)
def test_class_time_is_never_longer_than_time(calendar: Calendar, one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert 0 <= calendar.class_ms_between(start, end) <= end - start
    assert calendar.class_ms_between(end, start) == 0


@untimed
@given(calendars(), st.lists(times, max_size=30))
def test_a_moment_is_in_class_exactly_where_its_millisecond_counts(calendar: Calendar, asked: list[int]) -> None:
    for t in asked:
        assert calendar.in_class(t) == (Calendar.class_ms_between(calendar, t, t + 1) == 1)


@untimed
@given(calendars(), st.lists(st.tuples(times, times), max_size=12))
def test_what_was_asked_before_changes_no_answer(calendar: Calendar, asked: list[tuple[int, int]]) -> None:
    answers = [(calendar.in_class(t), calendar.class_ms_between(t, u), calendar.day_of(t)) for t, u in asked]
    again = [(calendar.in_class(t), calendar.class_ms_between(t, u), calendar.day_of(t)) for t, u in reversed(asked)]
    assert answers == again[::-1]
    days = [(calendar.in_class(t), list(calendar.class_ms_by_day(t, u)))[1] for t, u in asked]
    assert days == [list(calendar.class_ms_by_day(t, u)) for t, u in asked]


@untimed
@given(calendars(), times, st.integers(0, 60 * DAY))
def test_the_days_of_a_span_hold_its_class_time(calendar: Calendar, start: int, length: int) -> None:
    days = list(calendar.class_ms_by_day(start, start + length))
    assert sum(part for _, part in days) == calendar.class_ms_between(start, start + length)
    assert [day for day, _ in days] == sorted({day for day, _ in days})
    for day, part in days:
        midnight = ms(f"{day} 00:00")
        first, last = max(start, midnight), min(start + length, midnight + DAY)
        assert 0 < part == calendar.class_ms_between(first, last)


@untimed
@given(calendars(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_stretches_of_a_day_are_its_class_time(calendar: Calendar, day: date) -> None:
    midnight = ms(f"{day} 00:00")
    stretches = calendar.class_stretches(day)
    assert sum(end - start for start, end in stretches) == calendar.class_ms_between(midnight, midnight + DAY)
    assert all(calendar.in_class(start) and not calendar.in_class(end) for start, end in stretches)
    assert calendar.class_span(day) == ((stretches[0][0], stretches[-1][1]) if stretches else None)


@untimed
@given(times)
def test_the_day_is_that_of_the_wall_clock(t: int) -> None:
    assert CALENDAR.day_of(t) == datetime.fromtimestamp(t / 1000, BANGKOK).date()


@untimed
@given(times, times, times, times)
def test_maintenance_takes_its_class_time_away(one: int, two: int, three: int, four: int) -> None:
    (start, end), (first, last) = sorted((one, two)), sorted((three, four))
    if first == last:
        return
    shut, opened = (datetime.fromtimestamp(t / 1000, UTC) for t in (first, last))
    calendar = Calendar(CalendarSettings(), [Maintenance(start=shut, end=opened, reason="any")])
    taken = CALENDAR.class_ms_between(max(start, first), min(end, last))
    assert calendar.class_ms_between(start, end) == CALENDAR.class_ms_between(start, end) - taken
    assert not calendar.in_class(first)
    assert not calendar.in_class(last - 1)
    assert calendar.in_class(last) == CALENDAR.in_class(last)


def test_a_day_with_maintenance_has_class_around_it() -> None:
    calendar = Calendar(CalendarSettings(), [upkeep("2026-06-08T10:00", "2026-06-08T11:30")])
    day = date(2026, 6, 8)
    assert calendar.class_stretches(day) == (
        (ms("2026-06-08 08:30"), ms("2026-06-08 10:00")),
        (ms("2026-06-08 11:30"), ms("2026-06-08 15:30")),
    )
    assert calendar.class_span(day) == (ms("2026-06-08 08:30"), ms("2026-06-08 15:30"))
    assert list(calendar.class_ms_by_day(ms("2026-06-08 00:00"), ms("2026-06-09 00:00"))) == [(day, 11 * HOUR // 2)]


def test_windows_of_maintenance_may_overlap() -> None:
    windows = [upkeep("2026-06-08T10:00", "2026-06-08T12:00"), upkeep("2026-06-08T09:00", "2026-06-08T11:00")]
    assert Calendar(CalendarSettings(), windows).class_stretches(date(2026, 6, 8)) == (
        (ms("2026-06-08 08:30"), ms("2026-06-08 09:00")),
        (ms("2026-06-08 12:00"), ms("2026-06-08 15:30")),
    )


@pytest.mark.parametrize(("start", "end"), [("2026-06-08", "2026-06-09"), (date(2026, 6, 8), date(2026, 6, 9))])
def test_maintenance_given_by_days_holds_the_last_one_too(start: object, end: object) -> None:
    window = Maintenance.model_validate({"from": start, "to": end, "reason": "any"})
    calendar = Calendar(CalendarSettings(), [window])
    assert calendar.class_days(date(2026, 6, 8), date(2026, 6, 10)) == [date(2026, 6, 10)]


def test_maintenance_may_be_given_with_an_offset() -> None:
    calendar = Calendar(CalendarSettings(), [upkeep("2026-06-08T03:00Z", "2026-06-08T04:00Z")])
    assert [calendar.in_class(ms(f"2026-06-08 {at}")) for at in ("10:30", "10:59", "11:00")] == [False, False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "2026-06-08T10:00", "to": "2026-06-08T10:00", "reason": "none"},
        {"from": "2026-06-09", "to": "2026-06-08", "reason": "turned round"},
        {"from": "2026-06-08T10:00Z", "to": "2026-06-09T10:00", "reason": "half an offset"},
        {"from": "2026-06-08", "to": "2026-06-09"},
        {"from": "2026-06-08", "to": "2026-06-0x", "reason": "no date"},
        {"from": "2026-06-08", "to": "2026-06-09", "reason": "x", "school": ["1"]},
        {"from": "2026-06-08", "to": "2026-06-09", "reason": "x", "schools": ["a school"]},
    ],
)
def test_maintenance_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Maintenance.model_validate(wrong)


def test_exceptions_stand_over_weekdays_holidays_and_terms() -> None:
    saturday, holiday, between_terms, monday = (
        date(2026, 6, 13),
        date(2026, 6, 3),
        date(2026, 10, 19),
        date(2026, 6, 8),
    )
    settings = CalendarSettings(also_class=(saturday, holiday, between_terms), no_class=(monday,))
    calendar = Calendar(settings)
    assert all(calendar.class_span(day) for day in (saturday, holiday, between_terms))
    assert calendar.class_span(monday) is None
    assert CALENDAR.class_span(monday) is not None


def test_a_day_cannot_be_both_with_and_without_class() -> None:
    with pytest.raises(ValidationError, match="2026-06-13"):
        CalendarSettings(no_class=(date(2026, 6, 13),), also_class=(date(2026, 6, 13),))


def test_the_public_holidays_of_a_year_are_those_of_thailand_with_their_substitutes() -> None:
    weekdays = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    terms = ((date(2027, 1, 1), date(2027, 12, 31)),)
    calendar = Calendar(CalendarSettings(terms=terms))
    off = [f"{day:%m-%d}" for day in weekdays if day.weekday() < 5 and calendar.class_span(day) is None]
    new_year, makha_bucha, chakri, songkran = ["01-01"], ["02-22"], ["04-06"], ["04-13", "04-14", "04-15"]
    may, queen, asarnha, king, mother = ["05-03", "05-04", "05-20"], ["06-03"], ["07-19", "07-20"], ["07-28"], ["08-12"]
    autumn, winter = ["10-13", "10-25"], ["12-06", "12-10", "12-31"]
    spring = new_year + makha_bucha + chakri + songkran
    assert off == spring + may + queen + asarnha + king + mother + autumn + winter


def test_hours_follow_the_clock_where_it_is_changed() -> None:
    settings = CalendarSettings(timezone="Europe/Berlin", terms=((date(2026, 1, 1), date(2026, 12, 31)),), holidays=())
    calendar = Calendar(settings)
    friday, monday = calendar.class_span(date(2026, 3, 27)), calendar.class_span(date(2026, 3, 30))
    assert friday is not None
    assert monday is not None
    assert monday[0] - friday[0] == 3 * DAY - HOUR
    assert calendar.day_of(monday[0]) == date(2026, 3, 30)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1969, 12, 31), date(9999, 12, 31)])
def test_days_beyond_our_time_have_no_class(day: date) -> None:
    assert CALENDAR.class_span(day) is None


@pytest.mark.parametrize("t", [-(10**18), 10**18])
def test_questions_about_a_broken_clock_have_answers(t: int) -> None:
    assert CALENDAR.day_of(t).year in (1970, 2200)
    assert CALENDAR.class_ms_between(-(10**18), 10**18) > 200 * 190 * 7 * HOUR
    assert CALENDAR.when_class_time_reached(t, HOUR) is None or t < 0


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


@untimed
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 500))
def test_days_with_class_are_those_that_have_a_span(first: date, more: int) -> None:
    days = [first + timedelta(days=n) for n in range(more + 1)]
    assert CALENDAR.class_days(first, days[-1]) == [day for day in days if CALENDAR.class_span(day)]
