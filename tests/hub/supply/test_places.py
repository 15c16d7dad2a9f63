"""Places of the stock."""

import pytest

from hub.supply.places import Offices, PlaceKind, car_of, district_of, driver_of, kind_of


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("office", PlaceKind.OFFICE),
        ("office:cpm3", PlaceKind.OFFICE),
        ("office:", None),
        ("office:CPM 3", None),
        ("car:person:3", PlaceKind.CAR),
        ("cpm3/30010012", PlaceKind.SCHOOL),
        ("", None),
        ("car:3", None),
        ("car:person:0", None),
        ("office/", None),
        ("cpm3/30010012/p1", None),
    ],
)
def test_a_place_is_told_by_how_it_is_written(place: str, kind: PlaceKind | None) -> None:
    assert kind_of(place) is kind


def test_a_car_is_somebodys() -> None:
    assert driver_of(car_of("person:3")) == "person:3"


ONE, SEVERAL = Offices(("cpm3",)), Offices(("cpm1", "cpm3"))
OWN = frozenset({"cpm1"})


def test_where_there_is_one_district_there_is_one_office() -> None:
    assert ONE.of("cpm3") == ONE.of(None) == "office"
    assert ONE.of_some(None) == ONE.of_some(OWN) == ("office",)
    assert ONE.shows("office", frozenset({"cpm3"}))


def test_each_of_several_districts_has_an_office_of_its_own() -> None:
    assert [SEVERAL.of("cpm1"), SEVERAL.of("cpm3"), SEVERAL.of(None)] == ["office:cpm1", "office:cpm3", "office"]
    assert SEVERAL.of_some(None) == ("office", "office:cpm1", "office:cpm3")
    assert SEVERAL.of_some(OWN) == ("office:cpm1",)
    # What is no district of the hub has no office.
    assert SEVERAL.of("elsewhere") == "office"


def test_who_is_limited_to_one_district_means_its_office() -> None:
    assert SEVERAL.meant("office", OWN) == "office:cpm1"
    assert SEVERAL.meant("office", None) == SEVERAL.meant("office", frozenset({"cpm1", "cpm3"})) == "office"
    assert ONE.meant("office", frozenset({"cpm3"})) == "office"
    assert SEVERAL.meant("office:cpm3", OWN) == "office:cpm3"


@pytest.mark.parametrize(
    ("place", "seen"),
    [
        ("office:cpm1", True),
        ("office:cpm3", False),
        ("office", False),
        ("cpm1/30010012", True),
        ("cpm3/30010012", False),
        ("car:person:3", True),
        ("car:person:4", False),
    ],
)
def test_who_is_limited_sees_what_lies_in_their_districts_and_in_cars_of_colleagues(place: str, *, seen: bool) -> None:
    assert SEVERAL.shows(place, OWN, {"car:person:3"}) is seen
    assert SEVERAL.shows(place, None)


def test_a_place_is_of_a_district_or_of_none() -> None:
    told = [district_of(place) for place in ("office:cpm1", "cpm3/30010012", "office", "car:person:3")]
    assert told == ["cpm1", "cpm3", None, None]
