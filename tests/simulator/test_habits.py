"""People do as they are used to: nothing on days without school, box and screen by the room's own habit."""

from datetime import date, timedelta
from random import Random

import pytest

from simulator.clock import HOUR, midnight
from simulator.district import Habit, Room
from simulator.habits import DayPlan, day_plan
from simulator.intervals import inside, total
from simulator.models import RECEIVERS, SCREENS
from simulator.schooldays import Calendar

MONDAY = date(2026, 6, 8)
CALENDAR = Calendar()
EVERY_DAY = tuple(tuple(range(7)) for _ in range(7))


def _room(receiver: str, **changes: object) -> Room:
    habit = Habit(lessons=EVERY_DAY, receiver=receiver, careful=1.0, persistence=0.8, **changes)  # type: ignore[arg-type]
    return Room("p1", "d1", "36030001", RECEIVERS[0], 0.0, SCREENS[0], False, habit, MONDAY)


def _plans(room: Room, broken: float | None = None, day: date = MONDAY) -> list[DayPlan]:
    return [day_plan(Random(number), room, day, CALENDAR, lambda t: broken) for number in range(60)]


@pytest.mark.parametrize("receiver", ["always", "class", "lesson", "wall"])
def test_on_a_sunday_no_screen_is_on(receiver: str) -> None:
    assert all(plan.screen == [] for plan in _plans(_room(receiver), day=MONDAY - timedelta(days=1)))


def test_a_box_that_is_always_on_is_on_at_night() -> None:
    assert all(inside(plan.box, midnight(MONDAY) + 3 * HOUR) for plan in _plans(_room("always")))


def test_what_is_off_at_the_wall_has_no_mains_at_night() -> None:
    assert not any(inside(plan.mains, midnight(MONDAY) + 20 * HOUR) for plan in _plans(_room("wall")))


def test_an_idle_room_stays_dark() -> None:
    room = _room("lesson", idle=((MONDAY - timedelta(days=3), MONDAY + timedelta(days=3)),))
    assert all(plan.screen == [] and plan.box == [] for plan in _plans(room))


def test_a_lesson_with_a_broken_set_is_tried_for_a_while_and_given_up_later() -> None:
    room = _room("class")
    fresh = sum(total(plan.screen) for plan in _plans(room, broken=3600.0))
    old = sum(total(plan.screen) for plan in _plans(room, broken=12 * 86400.0))
    whole = sum(total(plan.screen) for plan in _plans(room))
    assert old < 0.3 * fresh < whole


def test_what_is_a_teachers_business_lasts_less_than_a_lesson() -> None:
    plans = [plan for receiver in ("class", "lesson", "wall") for plan in _plans(_room(receiver))]
    others = [end - begin for plan in plans for begin, end, _, picture in plan.other if not picture]
    assert others
    assert max(others) <= 50 * 60
    assert any(plan.restarts for plan in plans)
