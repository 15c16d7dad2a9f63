"""Medians that a few wild values do not move, of lists and of windows."""

import json
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.detection.robust import NORMAL, Median, mad, median

numbers = st.floats(-1e6, 1e6)
lists = st.lists(numbers, min_size=1, max_size=40)
sizes = st.integers(1, 15)


@given(lists)
def test_the_median_is_that_of_the_textbook(values: list[float]) -> None:
    assert median(values) == pytest.approx(statistics.median(values))


@given(lists, numbers)
def test_the_median_moves_with_all_values(values: list[float], shift: float) -> None:
    assert median(value + shift for value in values) == pytest.approx(median(values) + shift, abs=1e-6)
    assert mad(value + shift for value in values) == pytest.approx(mad(values), abs=1e-6)


@given(st.lists(st.floats(10, 12), min_size=5, max_size=20), st.lists(st.floats(-1e9, 1e9), max_size=4))
def test_fewer_wild_values_than_sound_ones_leave_the_median_among_the_sound(
    sound: list[float], wild: list[float]
) -> None:
    assert 10 <= median(sound + wild) <= 12
    assert mad(sound + wild) <= 2


def test_the_median_deviation_can_be_taken_from_another_centre() -> None:
    assert mad([1.0, 2.0, 3.0], centre=0.0) == 2.0


def test_the_median_deviation_becomes_the_standard_deviation_of_a_normal_spread() -> None:
    spread = statistics.NormalDist(5, 2)
    values = [spread.inv_cdf((n + 0.5) / 1001) for n in range(1001)]
    assert mad(values) * NORMAL == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("statistic", [median, mad])
def test_no_values_have_no_median(statistic: Callable[[list[float]], float]) -> None:
    with pytest.raises(ValueError, match="no values"):
        statistic([])


@given(sizes, st.lists(st.one_of(numbers, st.sampled_from([1.0, 2.0]), st.integers(-5, 5)), max_size=60))
def test_a_window_knows_the_median_of_its_last_values(size: int, values: list[float]) -> None:
    window = Median(size)
    for count, value in enumerate(values, 1):
        window.push(value)
        last = values[max(0, count - size) : count]
        assert window.value == pytest.approx(median(last))
        assert window.spread == pytest.approx(mad(last))
        assert (len(window), window.newest, window.full) == (len(last), value, len(last) == size)


@given(sizes, st.lists(numbers, max_size=40), st.lists(numbers, max_size=20))
def test_a_window_goes_on_after_a_restart_as_if_there_had_been_none(
    size: int, before: list[float], after: list[float]
) -> None:
    window = Median(size)
    for value in before:
        window.push(value)
    restored = Median(size, json.loads(json.dumps(window.dump())))
    for value in after:
        window.push(value)
        restored.push(value)
    assert restored.dump() == window.dump()
    assert restored.value == window.value


def test_a_smaller_window_takes_the_newest_of_what_was_kept() -> None:
    assert Median(2, [1.0, 2.0, 3.0]).dump() == [2.0, 3.0]


def test_an_empty_window_has_no_median() -> None:
    window = Median(3)
    assert (window.value, window.spread, window.newest, len(window)) == (None, None, None, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_passed_over(value: float) -> None:
    window = Median(3, [value, 1.0])
    window.push(value)
    assert window.dump() == [1.0]


@pytest.mark.parametrize("size", [0, -1])
def test_a_window_that_holds_nothing_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="holds none"):
        Median(size)
