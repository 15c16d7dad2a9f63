"""The class days of a school, as the pages count them."""

from hub.config import HubSettings
from hub.judging import class_days, make_calendars

SETTINGS = {
    "calendar": {
        "holidays": ["2026-06-03"],
        "schools": {"s2": {"no_class": ["2026-06-05"], "also_class": ["2026-06-06"]}},
    }
}


def test_class_days_are_those_of_the_calendar() -> None:
    calendars = make_calendars(HubSettings.model_validate(SETTINGS), None)
    assert class_days(calendars, "s1", "2026-06-01", "2026-06-07") == [
        "2026-06-01",
        "2026-06-02",
        "2026-06-04",
        "2026-06-05",
    ]


def test_a_school_can_differ() -> None:
    calendars = make_calendars(HubSettings.model_validate(SETTINGS), None)
    assert class_days(calendars, "s2", "2026-06-04", "2026-06-07") == ["2026-06-04", "2026-06-06"]


def test_between_the_terms_there_are_none() -> None:
    calendars = make_calendars(HubSettings(), None)
    assert class_days(calendars, "s1", "2026-04-06", "2026-04-30") == []
