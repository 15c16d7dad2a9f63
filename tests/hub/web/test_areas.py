"""Areas around schools: a line that holds them all, with room around each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.areas import AROUND_KM, area_around

KM = 1 / 111.2
places = st.tuples(st.floats(5.6, 20.5), st.floats(97.3, 105.7))


def holds(ring: tuple[tuple[float, float], ...], place: tuple[float, float]) -> bool:
    """Whether it lies to the same side of every edge."""
    sides = [
        (b[0] - a[0]) * (place[1] - a[1]) - (b[1] - a[1]) * (place[0] - a[0])
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
    ]
    return all(side >= -1e-9 for side in sides) or all(side <= 1e-9 for side in sides)


def test_one_school_stands_in_the_middle_of_a_circle() -> None:
    ring = area_around([(15.8, 102.0)])
    assert len(ring) == 16
    assert max(lat for lat, _ in ring) == pytest.approx(15.8 + AROUND_KM * KM, abs=1e-3)
    assert holds(ring, (15.8, 102.0))


def test_without_schools_there_is_no_area() -> None:
    assert area_around([]) == ()


def test_schools_on_one_spot_are_as_one() -> None:
    assert area_around([(15.8, 102.0)] * 3) == area_around([(15.8, 102.0)])


@given(st.lists(places, min_size=1, max_size=12))
def test_every_school_lies_within_and_no_corner_is_told_twice(found: list[tuple[float, float]]) -> None:
    ring = area_around(found)
    assert all(holds(ring, place) for place in found)
    assert len(set(ring)) == len(ring) >= 3
