"""Thinned curves keep what matters."""

from hypothesis import given
from hypothesis import strategies as st

from hub.core.thinning import Point, thin, with_gaps

_VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False))


@st.composite
def _curves(draw: st.DrawFn) -> list[Point]:
    times = sorted(draw(st.sets(st.integers(0, 100_000), max_size=400)))
    return [(t, draw(_VALUES)) for t in times]


@given(_curves(), st.integers(10, 200))
def test_no_extreme_is_lost(points: list[Point], wanted: int) -> None:
    values = [value for _, value in points if value is not None]
    kept = [value for _, value in thin(points, 0, 100_000, wanted) if value is not None]
    assert (min(kept), max(kept)) == (min(values), max(values)) if values else kept == []


@given(_curves(), st.integers(10, 200))
def test_what_is_kept_was_there_and_stays_in_order(points: list[Point], wanted: int) -> None:
    kept = thin(points, 0, 100_000, wanted)
    assert set(kept) <= set(points)
    assert [t for t, _ in kept] == sorted(t for t, _ in kept)


@given(_curves(), st.integers(10, 200))
def test_few_points_are_left_between_two_gaps(points: list[Point], wanted: int) -> None:
    whole = [(t, value) for t, value in points if value is not None]
    assert len(thin(whole, 0, 100_000, wanted)) <= wanted + 8


def test_a_gap_stays_a_gap() -> None:
    points: list[Point] = [(0, 1.0), (1, None), (2, None), (3, 2.0)]
    assert thin(points, 0, 10, 10) == [(0, 1.0), (1, None), (3, 2.0)]


def test_silence_becomes_a_gap_once_it_is_longer_than_allowed() -> None:
    assert list(with_gaps([(0, 1.0), (10, 2.0), (21, 3.0)], 10)) == [(0, 1.0), (10, 2.0), (20, None), (21, 3.0)]
