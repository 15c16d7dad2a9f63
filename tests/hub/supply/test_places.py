"""Places of the stock."""

import pytest

from hub.supply.places import PlaceKind, car_of, driver_of, kind_of


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("office", PlaceKind.OFFICE),
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
