"""Lines through daily levels: slopes with intervals that hold what they promise, forecasts, and steps told from ramps."""

from datetime import date
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.detection.trend import Day, Shape, Trend, is_step, kendall, shape_of, trend_of

TODAY = date(2026, 6, 30).toordinal()
levels = st.lists(st.floats(0, 20).map(lambda level: round(level, 2)), min_size=2, max_size=40)


def days(values: list[float]) -> list[Day]:
    """The last one is today's."""
    return [(TODAY - len(values) + 1 + n, value) for n, value in enumerate(values)]


def ramp(count: int, per_day: float, start: float = 13.0) -> list[float]:
    return [start + per_day * n for n in range(count)]


def noisy(values: list[float], spread: float, seed: int) -> list[float]:
    """As a receiver says it, in steps of 0.1 dB."""
    random = Random(seed)
    return [round(value + random.gauss(0, spread), 1) for value in values]


def found(values: list[float]) -> Trend:
    trend = trend_of(days(values))
    assert trend is not None
    return trend


@given(levels, st.floats(-2, 2), st.floats(-50, 50))
def test_a_slope_that_is_added_is_added_to_the_slope(values: list[float], per_day: float, shift: float) -> None:
    tilted = found([value + shift + per_day * n for n, value in enumerate(values)])
    plain = found(values)
    assert tilted.slope == pytest.approx(plain.slope + per_day, abs=1e-6)
    assert tilted.at(TODAY) == pytest.approx(plain.at(TODAY) + shift + per_day * (len(values) - 1), abs=1e-6)


@given(levels)
def test_upside_down_the_slope_turns_round(values: list[float]) -> None:
    trend, turned = found(values), found([-value for value in values])
    assert (turned.slope, turned.low, turned.high) == pytest.approx((-trend.slope, -trend.high, -trend.low))
    assert turned.p_value == trend.p_value


@given(levels)
def test_the_slope_lies_in_its_interval(values: list[float]) -> None:
    trend = found(values)
    assert trend.low <= trend.slope + 1e-9
    assert trend.slope <= trend.high + 1e-9
    assert 0 < trend.p_value <= 1


@given(levels, st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_given_does_not_matter(values: list[float], random: Random) -> None:
    shuffled = days(values)
    random.shuffle(shuffled)
    assert trend_of(shuffled) == trend_of(days(values))


@given(st.floats(-0.5, 0.5), st.lists(st.floats(-100, 100), min_size=0, max_size=4), st.randoms(use_true_random=False))
def test_a_few_wild_days_leave_the_slope_where_it_was(per_day: float, wild: list[float], random: Random) -> None:
    values = ramp(20, per_day)
    for at, level in zip(random.sample(range(20), len(wild)), wild, strict=True):
        values[at] = level
    assert found(values).slope == pytest.approx(per_day, abs=1e-9)


def test_missing_days_count_as_days() -> None:
    trend = trend_of([(TODAY - gap, 13 + 0.1 * gap) for gap in (0, 1, 2, 9, 10, 30)])
    assert trend is not None
    assert trend.slope == pytest.approx(-0.1)


def test_the_interval_holds_the_true_slope_about_as_often_as_it_says() -> None:
    trends = [found(noisy(ramp(21, -0.05), 0.5, seed)) for seed in range(300)]
    assert 0.91 <= sum(trend.low <= -0.05 <= trend.high for trend in trends) / 300 <= 0.99


def test_noise_without_a_trend_is_seldom_called_one() -> None:
    trends = [found(noisy([13.0] * 30, 0.3, seed)) for seed in range(300)]
    assert sum(trend.falls or trend.low > 0 for trend in trends) / 300 <= 0.08


def test_a_decline_of_a_tenth_a_day_is_seen_in_ten_noisy_days() -> None:
    trends = [found(noisy(ramp(10, -0.1), 0.1, seed)) for seed in range(50)]
    assert all(trend.falls and trend.p_value < 0.05 for trend in trends)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_too_few_days_prove_nothing(count: int) -> None:
    trend = found(ramp(count, -1.0))
    assert trend.slope == pytest.approx(-1.0)
    assert not trend.falls
    assert trend.forecast(5.0, TODAY) is None


@pytest.mark.parametrize("values", [[], [13.0]])
def test_one_day_makes_no_line(values: list[float]) -> None:
    assert trend_of(days(values)) is None


@pytest.mark.parametrize("what", [trend_of, shape_of])
def test_a_day_with_two_levels_is_refused(what: object) -> None:
    assert callable(what)
    with pytest.raises(ValueError, match="more than one"):
        what([(TODAY, 1.0), (TODAY, 2.0)])


def test_levels_that_are_all_equal_have_no_trend() -> None:
    trend = found([13.0] * 20)
    assert (trend.slope, trend.low, trend.high, trend.p_value) == (0, 0, 0, 1)


@pytest.mark.parametrize("count", [6, 7])
def test_the_p_value_is_near_the_share_of_all_orders(count: int) -> None:
    tests = [kendall(order) for order in permutations(range(count))]
    for s in range(1, count * (count - 1) // 2 + 1, 4):
        share = sum(abs(test.s) >= s for test in tests) / len(tests)
        own = next((test for test in tests if test.s == s), None)
        assert own is None or own.p_value == pytest.approx(share, abs=0.02)


def test_ties_make_the_spread_of_s_smaller() -> None:
    assert kendall([1, 2, 3, 4]).spread == pytest.approx((4 * 3 * 13 / 18) ** 0.5)
    assert kendall([1, 2, 2, 4]).spread == pytest.approx(((4 * 3 * 13 - 2 * 1 * 9) / 18) ** 0.5)


def test_a_steady_decline_is_forecast_to_the_day() -> None:
    forecast = found(ramp(20, -0.1)).forecast(13.0 - 0.1 * 40, TODAY)
    assert forecast is not None
    assert abs(forecast.expected.toordinal() - (TODAY + 21)) <= 1
    assert forecast.earliest <= forecast.expected <= forecast.latest


@given(st.integers(8, 40), st.floats(-0.3, -0.02), st.floats(0.0, 0.5), st.floats(-5, 12), st.integers(0, 10**6))
def test_a_forecast_lies_between_its_bounds_and_not_in_the_past(
    count: int, per_day: float, spread: float, level: float, seed: int
) -> None:
    forecast = found(noisy(ramp(count, per_day), spread, seed)).forecast(level, TODAY)
    if forecast is not None:
        assert date.fromordinal(TODAY) <= forecast.earliest <= forecast.expected <= forecast.latest


def test_the_interval_of_a_forecast_holds_the_true_day_about_as_often_as_it_says() -> None:
    forecasts = [found(noisy(ramp(20, -0.1), 0.3, seed)).forecast(9.0, TODAY) for seed in range(200)]
    dates = [(each.earliest.toordinal(), each.latest.toordinal()) for each in forecasts if each is not None]
    assert len(dates) >= 198
    assert sum(first - 1 <= TODAY + 21 <= last + 1 for first, last in dates) / len(dates) >= 0.93


def test_what_has_sunk_below_the_level_already_is_forecast_for_today() -> None:
    forecast = found(ramp(20, -0.1)).forecast(12.5, TODAY)
    assert forecast is not None
    assert forecast.expected == date.fromordinal(TODAY)


@pytest.mark.parametrize("per_day", [0.0, 0.1])
def test_what_does_not_fall_is_not_forecast(per_day: float) -> None:
    assert found(ramp(20, per_day)).forecast(5.0, TODAY) is None


def test_a_forecast_ends_where_it_says_nothing_more() -> None:
    forecast = found(ramp(20, -1e-6)).forecast(5.0, TODAY)
    assert forecast is not None
    assert forecast.expected.year == 2036


STEP_AT_TEN = [13.0] * 10 + [10.5] * 10
BEND_AT_TEN = [13.0] * 10 + [13.0 - 0.3 * n for n in range(1, 11)]


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.2])
@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([13.0] * 20, Shape.LEVEL),
        (ramp(20, -0.1), Shape.RAMP),
        (BEND_AT_TEN, Shape.RAMP),
        ([13.0] * 16 + [12.2, 11.5, 10.6, 9.8], Shape.RAMP),
        (STEP_AT_TEN, Shape.STEP),
        ([13.0] * 18 + [10.5] * 2, Shape.STEP),
        ([13.0] * 2 + [10.5] * 18, Shape.STEP),
    ],
)
def test_days_are_told_apart_by_their_shape(values: list[float], shape: Shape, spread: float) -> None:
    shapes = [shape_of(days(noisy(values, spread, seed))) for seed in range(50)]
    assert shapes.count(shape) >= (50 if spread == 0 else 38 if shape is Shape.LEVEL else 45)


def test_noise_about_one_level_is_seldom_called_a_step() -> None:
    assert sum(is_step(days(noisy([13.0] * 20, 0.3, seed))) for seed in range(200)) <= 14


def test_one_wild_day_is_no_step() -> None:
    assert not is_step(days([13.0] * 10 + [5.0] + [13.0] * 10))
    assert not is_step(days([13.0] * 20 + [5.0]))


@given(st.integers(2, 20), st.integers(2, 20), st.floats(-10, 10), st.floats(1, 10), st.booleans())
def test_a_clean_step_is_found_whatever_its_place_and_size(
    before: int, after: int, level: float, size: float, down: bool
) -> None:
    values = [level] * before + [level - size if down else level + size] * after
    assert is_step(days(values))


@given(levels)
def test_every_row_of_days_has_a_shape(values: list[float]) -> None:
    assert is_step(days(values)) == (shape_of(days(values)) is Shape.STEP)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_days_have_no_step(count: int) -> None:
    values = days([13.0, 9.0, 5.0][:count])
    assert not is_step(values)
