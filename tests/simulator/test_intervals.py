"""Stretches of time behave as sets of moments do."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.intervals import clip, inside, subtract, total, union

STRETCHES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda each: (each[0], each[0] + each[1])))


def _moments(stretches: list[tuple[float, float]]) -> set[float]:
    return {t for low, high in stretches for t in range(int(low), int(high))}


@given(STRETCHES)
def test_a_union_holds_what_any_held(stretches: list[tuple[float, float]]) -> None:
    joined = union(stretches)
    assert _moments(joined) == _moments(stretches)
    assert total(joined) == len(_moments(stretches))
    assert all(inside(joined, t) == (t in _moments(stretches)) for t in range(90))


@given(STRETCHES, STRETCHES)
def test_what_is_left_is_in_the_one_and_not_in_the_other(
    one: list[tuple[float, float]], other: list[tuple[float, float]]
) -> None:
    assert _moments(subtract(one, other)) == _moments(one) - _moments(other)


@given(STRETCHES, st.integers(0, 80), st.integers(0, 80))
def test_a_clip_holds_what_lies_within(stretches: list[tuple[float, float]], low: int, high: int) -> None:
    assert _moments(clip(union(stretches), low, high)) == {t for t in _moments(stretches) if low <= t < high}
