"""Schools in driving order: short, the same each time, and no school lost."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.trips.ordering import driving_order, way_km
from hub.trips.places import Spot, through_the_air_km

OFFICE = Spot(15.8, 102.0)
_SPOTS = st.builds(Spot, st.floats(15.5, 16.2), st.floats(101.5, 102.5))
_SCHOOLS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), _SPOTS, max_size=7)


def test_a_degree_of_latitude_is_111_km() -> None:
    assert abs(through_the_air_km(Spot(15, 102), Spot(16, 102)) - 111.2) < 0.1


def test_schools_along_a_road_come_one_after_another() -> None:
    road = {name: Spot(15.8, 102.0 + 0.1 * at) for name, at in (("c", 3), ("a", 1), ("b", 2))}
    assert driving_order(road, OFFICE) == ("a", "b", "c")


def test_a_round_is_not_driven_crosswise() -> None:
    square = {"a": Spot(15.9, 101.9), "b": Spot(15.9, 102.1), "c": Spot(15.7, 102.1), "d": Spot(15.7, 101.9)}
    best = min(way_km(each, square, OFFICE) for each in permutations(square))
    assert abs(way_km(driving_order(square, OFFICE), square, OFFICE) - best) < 1e-6


def test_without_an_office_it_goes_from_end_to_end() -> None:
    road = {name: Spot(15.8, 102.0 + 0.1 * at) for name, at in (("c", 3), ("a", 1), ("b", 2), ("d", 4))}
    assert driving_order(road, None) == ("a", "b", "c", "d")


def test_a_way_that_was_asked_for_before_is_another_when_a_school_stands_elsewhere() -> None:
    road = {name: Spot(15.8, 102.0 + 0.1 * at) for name, at in (("a", 1), ("b", 2), ("c", 3))}
    assert driving_order(road, OFFICE) == ("a", "b", "c")
    assert driving_order({**road, "a": Spot(15.8, 102.25)}, OFFICE) == ("b", "a", "c")
    assert driving_order(road, Spot(15.8, 102.5)) == ("c", "b", "a")


def test_schools_whose_place_is_not_known_come_last() -> None:
    assert driving_order({"z": Spot(15.9, 102.0), "b": None, "a": None}, OFFICE) == ("z", "a", "b")


@given(_SCHOOLS)
@settings(max_examples=60)
def test_every_school_is_driven_to_once_in_an_order_that_does_not_depend_on_how_they_were_given(
    schools: dict[str, Spot],
) -> None:
    order = driving_order(schools, OFFICE)
    assert sorted(order) == sorted(schools)
    assert driving_order(dict(reversed(schools.items())), OFFICE) == order


@given(_SCHOOLS)
@settings(max_examples=60)
def test_no_stretch_that_is_turned_around_makes_it_shorter(schools: dict[str, Spot]) -> None:
    order = driving_order(schools, OFFICE)
    km = way_km(order, schools, OFFICE)
    for first in range(len(order)):
        for last in range(first + 2, len(order) + 1):
            turned = (*order[:first], *reversed(order[first:last]), *order[last:])
            assert way_km(turned, schools, OFFICE) >= km - 1e-6
