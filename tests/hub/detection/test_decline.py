"""Slow decline in daily levels."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Place
from hub.detection.decline import decline_in, sinks_on
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


def _dish(*receivers: tuple[float, ...], before: float = 13.0) -> bool:
    """The days of its receivers after it fell, from what they had before."""
    told = [
        (Place(DeviceKey(NodeKey("g", "n"), f"p{n}-receiver")), _days(before, before, min(before, 13.0), *after))
        for n, after in enumerate(receivers)
    ]
    return sinks_on(told, (FIRST + 2) * 86_400_000)


def test_what_goes_on_sinking_on_all_receivers_was_no_step() -> None:
    assert _dish((12.5, 12.0), (12.3, 12.0), (12.6, 12.1))
    assert not _dish((12.5, 12.0), (12.5, 12.5), (12.6, 12.1))
    assert not _dish((12.5, 12.4), (12.5, 12.4))


def test_one_receiver_alone_is_believed_on_the_third_day() -> None:
    assert not _dish((12.5, 11.7))
    assert _dish((12.5, 12.1, 11.7))


def test_what_fell_by_some_decibels_at_once_and_then_by_tenths_was_a_step() -> None:
    assert not _dish((12.5, 12.3, 12.1), before=16.5)
    assert _dish((12.5, 12.3, 12.1), before=13.2)


def test_a_step_on_the_day_before_a_decline_is_a_step() -> None:
    """The rain of a day, or the warmth, makes some slope of what follows."""
    after = _days(15.1, 15.4, 15.2, 15.0, 15.1, 15.2, 13.8, 13.8, 13.7, 13.6, 13.8, 13.5)
    assert decline_in(after, SETTINGS) is None
