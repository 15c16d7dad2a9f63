"""When there is class."""

from datetime import date

import pytest

from simulator.clock import HOUR, midnight
from simulator.schooldays import Calendar

MONDAY = date(2026, 6, 8)


@pytest.mark.parametrize(
    ("day", "school"),
    [
        (MONDAY, True),
        (date(2026, 6, 7), False),
        (date(2026, 6, 3), False),
        (date(2026, 4, 20), False),
        (date(2026, 10, 20), False),
        (date(2026, 11, 3), True),
    ],
)
def test_class_is_on_weekdays_of_the_terms_without_holidays(day: date, school: bool) -> None:
    assert Calendar().is_school_day(day) is school


def test_an_inventory_can_say_otherwise() -> None:
    told = {"class_hours": ["08:00", "12:00"], "weekdays": [5], "terms": [["2026-06-01", "2026-06-30"]], "holidays": []}
    calendar = Calendar.of(told)
    assert calendar.class_time(date(2026, 6, 6)) == (
        midnight(date(2026, 6, 6)) + 8 * HOUR,
        midnight(date(2026, 6, 6)) + 12 * HOUR,
    )
    assert calendar.class_time(MONDAY) is None


def test_class_time_counts_over_nights_and_weekends() -> None:
    friday, monday = midnight(date(2026, 6, 12)), midnight(date(2026, 6, 15))
    assert Calendar().class_seconds(friday + 14.5 * HOUR, monday + 9.5 * HOUR) == 2 * HOUR


def test_an_amount_of_class_time_ends_where_it_is_reached() -> None:
    friday, monday = midnight(date(2026, 6, 12)), midnight(date(2026, 6, 15))
    assert Calendar().after(friday + 14.5 * HOUR, 2 * HOUR, monday + 12 * HOUR) == monday + 9.5 * HOUR
    assert Calendar().after(friday + 14.5 * HOUR, 2 * HOUR, monday) is None
