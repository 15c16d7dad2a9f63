"""Which schools stand near which: held against distances worked out one by one."""

from itertools import combinations
from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.detection.geography import EARTH_KM, Neighbourhood, Place, distance_km

BANGKOK, CHIANG_MAI = (13.7563, 100.5018), (18.7883, 98.9853)
anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
in_a_district = st.tuples(st.floats(15, 16), st.floats(101.5, 102.5))
districts = st.lists(in_a_district, min_size=1, max_size=40).map(
    lambda places: {f"s{n:02}": place for n, place in enumerate(places)}
)


def haversine(one: Place, other: Place) -> float:
    """The textbook's."""
    (lat, lon), (to_lat, to_lon) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def test_it_is_as_far_from_bangkok_to_chiang_mai_as_maps_say() -> None:
    assert distance_km(BANGKOK, CHIANG_MAI) == pytest.approx(583, abs=3)


@given(anywhere, anywhere)
def test_a_distance_is_that_of_the_textbook(one: Place, other: Place) -> None:
    assert distance_km(one, other) == pytest.approx(haversine(one, other), abs=0.2)
    assert distance_km(one, other) == distance_km(other, one)


@given(in_a_district, in_a_district)
def test_a_short_distance_is_right_to_a_metre(one: Place, other: Place) -> None:
    assert distance_km(one, other) == pytest.approx(haversine(one, other), abs=0.001)


def test_the_date_line_parts_nobody() -> None:
    hood = Neighbourhood({"west": (0.0, 179.99), "east": (0.0, -179.99)})
    assert hood.near("west", 3) == ("east",)


@given(districts, st.floats(0, 150))
def test_neighbours_are_those_within_reach_and_the_nearest_comes_first(sites: dict[str, Place], km: float) -> None:
    hood = Neighbourhood(sites)
    for code, place in sites.items():
        distances = {other: haversine(place, where) for other, where in sites.items() if other != code}
        near = hood.near(code, km)
        assert {other for other, far in distances.items() if far < km - 0.001} <= set(near)
        assert set(near) <= {other for other, far in distances.items() if far < km + 0.001}
        assert [distances[other] for other in near] == pytest.approx(
            sorted(distances[other] for other in near), abs=0.001
        )


@given(districts, st.floats(0, 150))
def test_neighbours_are_so_mutually(sites: dict[str, Place], km: float) -> None:
    hood = Neighbourhood(sites)
    for one, other in combinations(sites, 2):
        assert (other in hood.near(one, km)) == (one in hood.near(other, km))


def test_a_country_of_schools_gives_the_same_by_its_cubes_as_one_by_one() -> None:
    sites = {f"{lat:03}-{lon:03}": (6 + lat * 0.12, 98 + lon * 0.12) for lat in range(110) for lon in range(50)}
    hood = Neighbourhood(sites)
    for code in ("000-000", "055-025", "109-049", "003-047"):
        for km in (0.5, 13.0, 14.0, 60.0, 200.0):
            expected = {other for other, place in sites.items() if haversine(sites[code], place) <= km} - {code}
            assert set(hood.near(code, km)) == expected


def test_schools_at_one_place_are_near_each_other() -> None:
    hood = Neighbourhood({"a": BANGKOK, "b": BANGKOK, "c": CHIANG_MAI})
    assert hood.near("a", 0) == ("b",)
    assert hood.between("a", "b") == 0


def test_a_school_without_a_place_is_near_nobody() -> None:
    hood = Neighbourhood({"a": BANGKOK})
    assert (hood.near("b", 10), hood.between("a", "b"), "b" in hood, "a" in hood) == ((), None, False, True)


@given(districts, st.floats(0, 60), st.data())
def test_clusters_part_the_schools_where_there_is_a_gap(
    sites: dict[str, Place], km: float, data: st.DataObject
) -> None:
    codes = data.draw(st.sets(st.sampled_from(sorted(sites))))
    hood = Neighbourhood(sites)
    clusters = hood.clusters(codes, km)
    assert sorted(code for cluster in clusters for code in cluster) == sorted(codes)
    for one, other in combinations(clusters, 2):
        assert not any(b in hood.near(a, km) for a in one for b in other)
    for cluster in clusters:
        reached = {cluster[0]}
        for _ in cluster:
            reached |= {near for code in reached for near in hood.near(code, km) if near in cluster}
        assert reached == set(cluster)


def test_a_chain_is_one_cluster_and_its_broken_link_parts_it() -> None:
    hood = Neighbourhood({f"s{n}": (15.0, 102 + n * 0.05) for n in range(7)})
    assert hood.clusters(["s5", "s0", "s1", "s2", "s6"], 6) == (("s0", "s1", "s2"), ("s5", "s6"))


def test_schools_without_places_stand_alone() -> None:
    assert Neighbourhood({"a": BANGKOK}).clusters(["x", "a", "y"], 100) == (("a",), ("x",), ("y",))
