"""The signal of one receiver against its own clear sky."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.detection.levels import HOUR_MS, Condition, Level
from hub.detection.thresholds import LevelSettings

SETTINGS = LevelSettings()
POLL_MS = 300_000
START = 1_780_000_000_000 // (24 * HOUR_MS) * 24 * HOUR_MS


def _told(hours: float, *levels: float, level: Level | None = None, start: int = START) -> tuple[Level, int]:
    """A receiver that tells these levels in turn, every five minutes."""
    level = level or Level(gauge="signal/cnr_db")
    t = start
    for n in range(round(hours * HOUR_MS / POLL_MS)):
        level.read(t, levels[n % len(levels)], SETTINGS)
        t += POLL_MS
    return level, t


def test_a_fresh_receiver_takes_its_first_readings_for_clear_sky() -> None:
    level, _ = _told(1, 12.9, 13.0, 13.1)
    assert level.condition is Condition.CLEAR
    assert level.base is not None
    assert abs(level.base - 13.0) <= 0.2


def test_it_is_low_below_its_own_clear_sky_since_it_fell() -> None:
    level, fell = _told(12, 13.0, 13.1)
    _told(1, 10.0, level=level, start=fell)
    assert level.condition is Condition.LOW
    assert level.since == fell
    assert level.drop is not None
    assert abs(level.drop - 3.0) <= 0.2


def test_one_odd_reading_is_nothing() -> None:
    level, t = _told(12, 13.0)
    level.read(t, 4.0, SETTINGS)
    level.read(t + POLL_MS, 13.0, SETTINGS)
    assert level.condition is Condition.CLEAR


def test_a_receiver_that_scatters_needs_more_to_be_low() -> None:
    steady, t = _told(72, 13.0)
    wild, _ = _told(72, 11.5, 13.0, 14.5)
    _told(0.5, 11.3, level=steady, start=t)
    _told(0.5, 11.3, level=wild, start=t)
    assert (steady.condition, wild.condition) == (Condition.LOW, Condition.CLEAR)


def test_by_how_little_a_quality_differs_from_the_one_before_is_its_grain() -> None:
    coarse, _ = _told(2, 17.4, 17.4, 14.6, level=Level(gauge="signal/quality_pct"))
    fine, _ = _told(2, 17.4, 17.2, 14.6, level=Level(gauge="signal/quality_pct"))
    assert (round(coarse.grain, 3), round(fine.grain, 3)) == (2.8, 0.2)


def test_a_level_in_db_has_no_scale_of_its_own() -> None:
    level, _ = _told(2, 13.0, 10.0)
    assert level.grain == 0.0


def test_the_level_in_the_rain_does_not_become_the_baseline() -> None:
    level, t = _told(24, 13.0)
    _told(10, 9.0, level=level, start=t)
    assert level.base == 13.0
    assert level.condition is Condition.LOW


def test_a_slow_drift_is_followed() -> None:
    level, t = _told(24, 13.0)
    for hour in range(240):
        level, t = _told(1, 13.0 - hour * 0.003, level=level, start=t)
    assert level.condition is Condition.CLEAR
    assert level.base is not None
    assert level.base < 12.7


def test_better_than_ever_for_hours_is_a_new_baseline() -> None:
    level, t = _told(24, 10.0)
    _told(9, 13.0, level=level, start=t)
    assert level.base is not None
    assert abs(level.base - 13.0) <= 0.1


def test_within_the_hysteresis_it_stays_as_it_is() -> None:
    level, t = _told(12, 13.0)
    _, t = _told(1, 11.9, level=level, start=t)
    assert level.condition is Condition.CLEAR
    _, t = _told(1, 11.0, level=level, start=t)
    _, t = _told(1, 11.9, level=level, start=t)
    assert level.condition is Condition.LOW
    _told(1, 12.3, level=level, start=t)
    assert level.condition is Condition.CLEAR


def test_what_is_not_told_anew_holds() -> None:
    """Reports are by exception: one reading below, and then nothing new."""
    level, t = _told(12, 13.0)
    level.read(t, 9.0, SETTINGS)
    assert level.condition is Condition.CLEAR
    assert not level.settle(t + 60_000, SETTINGS)
    assert level.settle(t + 9 * 60_000, SETTINGS)
    assert (level.condition, level.since) == (Condition.LOW, t)


def test_dark_and_unseen_are_no_levels() -> None:
    level, t = _told(12, 13.0)
    level.darken(t)
    assert level.darken(t + 60_000)
    assert (level.condition, level.since, level.level) == (Condition.DARK, t, None)
    assert not level.darken(t + 60_001)
    assert level.unsee(t + 60_002)
    assert (level.condition, level.drop) == (Condition.UNSEEN, None)


def test_one_that_loses_lock_because_it_is_switched_off_was_never_dark() -> None:
    """It tells one thing after the other."""
    level, t = _told(12, 13.0)
    assert not level.darken(t)
    assert level.unsee(t + 400)
    assert (level.condition, level.due) == (Condition.UNSEEN, None)


def test_one_that_finds_lock_again_at_once_was_never_dark() -> None:
    level, t = _told(12, 13.0)
    level.darken(t)
    level.read(t + 20_000, 13.0, SETTINGS)
    assert (level.condition, level.due) == (Condition.CLEAR, None)


def test_what_it_had_before_it_fell_is_that_of_the_hours_before_even_if_they_were_low() -> None:
    level, t = _told(24, 13.0)
    _, t = _told(3, 11.9, level=level, start=t)
    _told(1, 11.2, level=level, start=t)
    assert level.condition is Condition.LOW
    assert level.before is not None
    assert abs(level.before - 11.9) <= 0.1


def test_a_receiver_that_tells_only_lock_is_clear_when_it_has_it() -> None:
    level = Level()
    assert level.lighten(START)
    assert level.condition is Condition.CLEAR
    assert not level.lighten(START + 1)


def test_a_day_s_level_is_not_moved_by_an_afternoon_s_rain() -> None:
    level, t = _told(19, 13.0)
    _, t = _told(5, 8.0, level=level, start=t)
    _told(1, 13.0, level=level, start=t)
    assert level.days == [[START // (24 * HOUR_MS), 13.0]]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 25), min_size=1, max_size=150))
def test_whatever_it_tells_its_state_stays_small_and_its_baseline_was_heard(readings: list[float]) -> None:
    level = Level(gauge="signal/cnr_db")
    for n, value in enumerate(readings):
        level.read(START + n * HOUR_MS, value, SETTINGS)
    assert len(level.hours) <= 80
    assert len(level.days) <= 50
    assert len(level.lately) <= 50
    assert level.base is None or min(readings) <= level.base <= max(readings)


def test_a_receiver_that_was_just_switched_on_is_tuning_and_not_dark() -> None:
    level = Level()
    assert not level.darken(0)
    assert level.condition is Condition.UNSEEN
    assert level.lighten(20_000)
    assert (level.condition, level.due) == (Condition.CLEAR, None)


def test_one_that_finds_nothing_for_minutes_is_dark_since_it_was_switched_on() -> None:
    level = Level()
    level.darken(60_000)
    assert level.due is not None
    assert level.darken(level.due)
    assert (level.condition, level.since) == (Condition.DARK, 60_000)


def test_it_says_when_an_odd_reading_will_hold() -> None:
    level, t = _told(12, 13.0)
    assert level.due is None
    level.read(t, 9.0, SETTINGS)
    due = level.due
    assert due is not None
    assert due > t
    assert level.fall_due(due, SETTINGS)
    assert (level.condition, level.due) == (Condition.LOW, None)
    level.read(due + 60_000, 13.0, SETTINGS)
    assert level.due is not None
    assert level.fall_due(level.due, SETTINGS)
    assert (level.condition, level.due) == (Condition.CLEAR, None)
