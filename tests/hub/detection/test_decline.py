"""Slow decline in daily levels."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.detection.decline import decline_in
from hub.detection.thresholds import DishSettings

SETTINGS = DishSettings()
FIRST = 20_600


def _days(*levels: float) -> list[list[float]]:
    return [[FIRST + n, level] for n, level in enumerate(levels)]


def _ramp(flat: int, count: int, per_day: float) -> list[list[float]]:
    return _days(*[13.0] * flat, *(13.0 - per_day * n for n in range(1, count + 1)))


@pytest.mark.parametrize("per_day", [0.1, 0.2, 0.5])
def test_a_ramp_is_a_decline_with_its_slope(per_day: float) -> None:
    found = decline_in(_ramp(6, round(3.0 / per_day) if per_day > 0.15 else 22, per_day), SETTINGS)
    assert found is not None
    assert found.slope == pytest.approx(-per_day, rel=0.2)


def test_it_forecasts_the_day_on_which_lock_is_lost() -> None:
    found = decline_in(_ramp(6, 12, 0.25), SETTINGS)
    assert found is not None
    assert found.forecast is not None
    left = (13.0 - 0.25 * 12 - SETTINGS.lock_lost_db) / 0.25
    last = found.forecast.expected.toordinal() - (719_163 + FIRST + 17)
    assert last == pytest.approx(left, abs=2)
    assert found.forecast.earliest <= found.forecast.expected <= found.forecast.latest


def test_it_began_when_the_level_was_last_at_its_top() -> None:
    found = decline_in(_ramp(8, 12, 0.25), SETTINGS)
    assert found is not None
    assert FIRST + 6 <= found.onset <= FIRST + 9


@pytest.mark.parametrize(
    "days",
    [
        _days(*[13.0] * 20),
        _days(*[13.0] * 10, *[10.0] * 10),
        _days(*[10.0] * 10, *[13.0] * 10),
        _days(*[13.0] * 18, 9.0, 9.0),
        _ramp(10, 8, 0.1),
        _days(*(10.0 + 0.25 * n for n in range(15))),
        _days(13.0, 12.0, 11.0),
    ],
)
def test_a_level_a_step_a_bad_day_and_a_rise_are_none(days: list[list[float]]) -> None:
    assert decline_in(days, SETTINGS) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_scatter_alone_is_no_decline(seed: int) -> None:
    rng = Random(seed)
    assert decline_in(_days(*(13.0 + rng.gauss(0, 0.25) for _ in range(28))), SETTINGS) is None
