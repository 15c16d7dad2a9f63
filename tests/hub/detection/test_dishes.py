"""A dish: what its receivers show together, and the episode in which none of them was clear."""

import pytest

from hub.detection.calendar import Calendar
from hub.detection.dishes import Dish, Gloom, drop, gloom, slide_of, spread, strength_gone, sunk
from hub.detection.levels import Condition, Level
from hub.detection.settings import CalendarSettings

TIME = Calendar(CalendarSettings())
MINUTE = 60_000
NINE = 1_780_884_000_000
"""Monday, 8 June 2026, 09:00 in Bangkok."""
C, L, D, U = Condition.CLEAR, Condition.LOW, Condition.DARK, Condition.UNSEEN


def _level(condition: Condition, since: int = NINE, *, gauge: bool = True) -> Level:
    return Level(gauge="signal/cnr_db" if gauge else "", base=13.0 if gauge else None, condition=condition, since=since)


@pytest.mark.parametrize(
    ("conditions", "shown"),
    [
        ([], Gloom.UNSEEN),
        ([U, U], Gloom.UNSEEN),
        ([C], Gloom.CLEAR),
        ([L, C], Gloom.CLEAR),
        ([D, C], Gloom.CLEAR),
        ([D, L], Gloom.LOW),
        ([L, L, U], Gloom.LOW),
        ([D, U], Gloom.DARK),
        ([D, D], Gloom.DARK),
    ],
)
def test_one_receiver_that_is_clear_speaks_for_the_dish(conditions: list[Condition], shown: str) -> None:
    assert gloom([_level(each) for each in conditions]) == shown


def test_a_receiver_that_tells_only_lock_cannot_say_that_all_is_well() -> None:
    assert gloom([_level(C, gauge=False), _level(L)]) == Gloom.LOW
    assert gloom([_level(C, gauge=False), _level(D)]) == Gloom.CLEAR


def test_an_episode_knows_how_long_it_was_seen_and_dark() -> None:
    dish = Dish(at=NINE)
    dish.show([_level(L)], NINE)
    dish.pass_time(NINE + 30 * MINUTE, TIME)
    dish.show([_level(D, NINE + 30 * MINUTE)], NINE + 30 * MINUTE)
    dish.pass_time(NINE + 50 * MINUTE, TIME)
    dish.show([_level(U)], NINE + 50 * MINUTE)
    dish.pass_time(NINE + 90 * MINUTE, TIME)
    episode = dish.episode
    assert episode is not None
    assert (episode.onset, episode.seen_ms) == (NINE, 50 * MINUTE)
    assert (episode.dark_ms, episode.dark_class_ms) == (20 * MINUTE, 20 * MINUTE)


def test_dark_at_night_is_not_dark_in_class() -> None:
    dish, night = Dish(at=NINE - 8 * 60 * MINUTE), NINE - 8 * 60 * MINUTE
    dish.show([_level(D, night)], night)
    dish.pass_time(NINE, TIME)
    assert dish.episode is not None
    assert (dish.episode.dark_ms, dish.episode.dark_class_ms) == (480 * MINUTE, 30 * MINUTE)


def test_an_episode_that_clears_is_over_when_that_has_held() -> None:
    dish = Dish(at=NINE)
    dish.show([_level(L)], NINE)
    dish.show([_level(C)], NINE + 10 * MINUTE)
    assert dish.episode is not None
    assert dish.episode.clear_since == NINE + 10 * MINUTE
    dish.show([_level(L, NINE + 12 * MINUTE)], NINE + 12 * MINUTE)
    assert (dish.episode.onset, dish.episode.clear_since) == (NINE, None)


def test_a_receiver_that_was_low_before_the_others_had_its_own_reason() -> None:
    dish = Dish(at=NINE)
    alone = _level(L, NINE - 300 * MINUTE)
    dish.show([alone, _level(L, NINE)], NINE)
    assert dish.episode is not None
    assert dish.episode.onset == NINE


def test_how_far_and_how_unsteadily_it_is_low() -> None:
    level = _level(L)
    level.lately = [[NINE + n * 5 * MINUTE, 10.0 + n % 2] for n in range(12)]
    assert drop([level, _level(D)]) == pytest.approx(2.5)
    assert spread([level]) == pytest.approx(1.0)
    assert drop([_level(C)]) is None
    assert spread([_level(C)]) is None


@pytest.mark.parametrize(
    ("base", "now", "gone"), [(-42.0, -75.0, True), (-42.0, -44.0, False), (80.0, 20.0, True), (80.0, 70.0, False)]
)
def test_nothing_comes_down_the_cable(base: float, now: float, gone: bool) -> None:
    level = _level(D)
    level.strength_base, level.strength = base, now
    assert strength_gone([level], 8.0, 0.5) is gone


def test_receivers_that_tell_no_strength_cannot_say_so() -> None:
    assert strength_gone([_level(D)], 8.0, 0.5) is None


def test_a_slide_is_seen_in_the_days() -> None:
    level = _level(C)
    level.days = [[day, 13.0 - 0.2 * day] for day in range(14)]
    assert slide_of(level) > 1.0
    level.days = [[day, 13.0] for day in range(14)]
    assert slide_of(level) == 0.0


def test_how_much_further_it_has_sunk_is_known_after_some_hours() -> None:
    assert sunk([1.6, 1.6, 1.7, 2.8, 2.9]) is None
    assert sunk([1.6, 1.6, 1.7, 2.2, 2.8, 2.9, 9.0]) == pytest.approx(1.3)
