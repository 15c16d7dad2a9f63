"""The lessons of a room, hour by hour of class."""

from collections.abc import Mapping

from hub.core.history import Spell
from hub.core.hourly import HOUR_MS
from hub.core.strip import Cell, Heard, Known, Lesson, Strip, strip_of

EIGHT = 400_000 * HOUR_MS
DAY = ("2026-11-20", [(EIGHT + HOUR_MS // 2, EIGHT + 3 * HOUR_MS)])


def strip(heard: Mapping[int, Heard], *spells: Spell, lost: Mapping[str, float] | None = None, now: int = 0) -> Strip:
    known = Known({400_000 + hour: each for hour, each in heard.items()}, {DAY[0]: lost or {}}, spells)
    return strip_of("p1", [DAY], known, now or EIGHT + 9 * HOUR_MS)


def lessons(found: Strip) -> list[Lesson]:
    return [cell.lesson for cell in found.days[0].cells]


def test_each_hour_that_class_touches_is_a_cell() -> None:
    assert [(cell.t, cell.row) for cell in strip({}).days[0].cells] == [
        (EIGHT, 0),
        (EIGHT + HOUR_MS, 1),
        (EIGHT + 2 * HOUR_MS, 2),
    ]


def test_an_hour_is_shown_ready_or_off_as_its_sets_were() -> None:
    heard = {
        0: Heard(lock=1.0, on=0.8, seen=True),
        1: Heard(lock=1.0, on=0.1, seen=True),
        2: Heard(on=1.0, seen=True),
    }
    assert lessons(strip(heard)) == [Lesson.SHOWN, Lesson.READY, Lesson.OFF]


def test_without_lock_an_hour_is_lost_and_nobody_says_to_what() -> None:
    assert strip({0: Heard(lock=0.2, on=1.0, seen=True)}).days[0].cells[0] == Cell(EIGHT, 0, Lesson.LOST)


def test_an_hour_of_which_nothing_was_heard_is_not_known() -> None:
    assert lessons(strip({})) == [Lesson.UNKNOWN] * 3


def test_an_incident_that_cost_lessons_that_day_names_its_hours() -> None:
    rain = Spell("rain_fade", EIGHT + HOUR_MS, EIGHT + 2 * HOUR_MS + 60_000, "rain")
    found = strip({0: Heard(1.0, 1.0, seen=True)}, rain, lost={"rain_fade": 60.0})
    assert [(cell.lesson, cell.cause) for cell in found.days[0].cells] == [
        (Lesson.SHOWN, None),
        (Lesson.LOST, "rain_fade"),
        (Lesson.UNKNOWN, None),
    ]


def test_an_incident_that_cost_no_lesson_loses_no_hour() -> None:
    rain = Spell("rain_fade", EIGHT, None, "rain")
    assert lessons(strip({0: Heard(1.0, 1.0, seen=True)}, rain))[0] is Lesson.SHOWN


def test_a_fault_that_lasts_reaches_to_now() -> None:
    fault = Spell("tv_failed", EIGHT, None, "7")
    assert lessons(strip({}, fault, lost={"tv_failed": 5.0})) == [Lesson.LOST] * 3


def test_hours_to_come_are_not_there() -> None:
    assert len(strip({}, now=EIGHT + HOUR_MS + 1).days[0].cells) == 2


def test_a_strip_sums_up_its_hours_and_losses() -> None:
    found = strip({0: Heard(1.0, 1.0, seen=True)}, lost={"rain_fade": 5.0, "tv_failed": 9.0})
    assert found.hours == {Lesson.SHOWN: 1, Lesson.UNKNOWN: 2}
    assert list(found.lost) == ["tv_failed", "rain_fade"]
    assert found.rows == 3
