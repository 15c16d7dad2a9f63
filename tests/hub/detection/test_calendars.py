"""Each school's own calendar: what it does differently stands over what the district does."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hub.detection.calendars import Calendars
from hub.detection.settings import CalendarSettings, Maintenance, SchoolCalendar

MONDAY, SATURDAY = date(2026, 6, 8), date(2026, 6, 13)
ONE, OTHER = "99990001", "99990002"


def ms(day: date, clock: str) -> int:
    at = datetime.combine(day, time.fromisoformat(clock), ZoneInfo("Asia/Bangkok"))
    return round(at.timestamp() * 1000)


def calendars(
    own: dict[str, Any] | None = None, maintenance: list[dict[str, Any]] | None = None, **said: Any
) -> Calendars:
    """The district's settings; `own`: by school, what the register says."""
    return Calendars(
        CalendarSettings.model_validate(said),
        {code: SchoolCalendar.model_validate(each) for code, each in (own or {}).items()},
        [Maintenance.model_validate({"reason": "any"} | each) for each in maintenance or ()],
    )


@pytest.mark.parametrize(
    ("said", "day", "span"),
    [
        ({"class_hours": ["09:00", "14:00"]}, MONDAY, ("09:00", "14:00")),
        ({"weekdays": [5, 6]}, MONDAY, None),
        ({"weekdays": [5, 6]}, SATURDAY, ("08:30", "15:30")),
        ({"terms": [["2026-07-01", "2026-07-31"]]}, MONDAY, None),
        ({"holidays": ["2026-06-08"]}, MONDAY, None),
        ({"holidays": []}, date(2026, 6, 3), ("08:30", "15:30")),
        ({"no_class": ["2026-06-08"]}, MONDAY, None),
        ({"also_class": ["2026-06-13"]}, SATURDAY, ("08:30", "15:30")),
    ],
)
def test_a_school_may_differ(said: dict[str, Any], day: date, span: tuple[str, str] | None) -> None:
    expected = span and (ms(day, span[0]), ms(day, span[1]))
    for fleet in (calendars(schools={ONE: said}), calendars(own={ONE: said})):
        assert fleet.of(ONE).class_span(day) == expected
        assert fleet.of(OTHER).class_span(MONDAY) == (ms(MONDAY, "08:30"), ms(MONDAY, "15:30"))
        assert fleet.of(OTHER).class_span(SATURDAY) is None


def test_what_a_school_does_not_say_is_as_in_the_district() -> None:
    fleet = calendars(class_hours=["08:00", "15:00"], weekdays=[5], schools={ONE: {"class_hours": ["09:00", "12:00"]}})
    assert fleet.of(ONE).class_span(SATURDAY) == (ms(SATURDAY, "09:00"), ms(SATURDAY, "12:00"))


def test_the_settings_stand_over_the_register() -> None:
    own = {ONE: {"class_hours": ["09:00", "12:00"], "weekdays": [5]}}
    fleet = calendars(own=own, schools={ONE: {"class_hours": ["10:00", "11:00"]}})
    assert fleet.of(ONE).class_span(SATURDAY) == (ms(SATURDAY, "10:00"), ms(SATURDAY, "11:00"))


def test_a_schools_exception_stands_over_the_districts() -> None:
    said = {ONE: {"no_class": ["2026-06-13"], "also_class": ["2026-06-08"]}}
    fleet = calendars(no_class=["2026-06-08"], also_class=["2026-06-13"], schools=said)
    assert (fleet.of(ONE).class_span(MONDAY) is None, fleet.of(ONE).class_span(SATURDAY) is None) == (False, True)
    assert (fleet.of(OTHER).class_span(MONDAY) is None, fleet.of(OTHER).class_span(SATURDAY) is None) == (True, False)


def test_a_schools_days_off_are_added_to_the_districts() -> None:
    fleet = calendars(no_class=["2026-06-08"], schools={ONE: {"no_class": ["2026-06-09"]}})
    days = [date(2026, 6, 8), date(2026, 6, 9), date(2026, 6, 10)]
    assert [fleet.of(ONE).class_span(day) is None for day in days] == [True, True, False]


def test_maintenance_holds_for_all_schools_or_for_those_that_it_names() -> None:
    everywhere = {"from": "2026-06-08", "to": "2026-06-08"}
    at_one = {"from": "2026-06-09", "to": "2026-06-09", "schools": [ONE]}
    fleet = calendars(maintenance=[everywhere, at_one])
    wednesday = date(2026, 6, 10)
    assert fleet.of(ONE).class_days(MONDAY, wednesday) == [wednesday]
    assert fleet.of(OTHER).class_days(MONDAY, wednesday) == [date(2026, 6, 9), wednesday]


def test_maintenance_can_be_given_later() -> None:
    fleet = calendars()
    before = fleet.of(ONE)
    fleet.maintain([Maintenance.model_validate({"from": "2026-06-08", "to": "2026-06-08", "reason": "any"})])
    assert not fleet.of(ONE).in_class(ms(MONDAY, "10:00"))
    assert before.in_class(ms(MONDAY, "10:00"))
    fleet.maintain([])
    assert fleet.of(ONE).in_class(ms(MONDAY, "10:00"))


def test_schools_that_do_the_same_share_a_calendar() -> None:
    fleet = calendars(schools={ONE: {"weekdays": [5]}, OTHER: {"weekdays": [5]}})
    assert fleet.of(ONE) is fleet.of(OTHER)
    assert fleet.of("99990003") is fleet.of("99990004")
    assert fleet.of("99990003") is not fleet.of(ONE)


@pytest.mark.parametrize("model", [SchoolCalendar, Maintenance])
def test_each_setting_says_why(model: type[SchoolCalendar | Maintenance]) -> None:
    assert all(len((field.description or "").split()) >= 5 for field in model.model_fields.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"schools": {"a school": {}}},
        {"schools": {ONE: {"class_hours": ["15:30", "08:30"]}}},
        {"schools": {ONE: {"weekday": [1]}}},
        {"schools": {ONE: {"no_class": ["2026-06-08"], "also_class": ["2026-06-08"]}}},
    ],
)
def test_a_schools_calendar_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CalendarSettings.model_validate(wrong)
