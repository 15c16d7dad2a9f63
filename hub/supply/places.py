"""Where stock lies: at the office, in somebody's car, at a school."""

import re
from collections.abc import Collection
from enum import StrEnum

OFFICE = "office"
_CAR = re.compile(r"car:person:[1-9]\d{0,17}")
_SCHOOL = re.compile(r"[a-z0-9-]{1,32}/[A-Za-z0-9_]{1,32}")


class PlaceKind(StrEnum):
    OFFICE = "office"
    CAR = "car"
    SCHOOL = "school"


def kind_of(place: str) -> PlaceKind | None:
    """None: that is no place."""
    if place == OFFICE:
        return PlaceKind.OFFICE
    if _CAR.fullmatch(place):
        return PlaceKind.CAR
    return PlaceKind.SCHOOL if _SCHOOL.fullmatch(place) else None


def is_within(place: str, groups: Collection[str] | None) -> bool:
    """Whether it is of one of these districts, or of none: the office and cars are everybody's. None: all districts."""
    return groups is None or kind_of(place) is not PlaceKind.SCHOOL or place.partition("/")[0] in groups


def car_of(person: str) -> str:
    """person: as a field holds them, person:3"""
    return f"car:{person}"


def driver_of(place: str) -> str:
    """Of a car, as a field holds people."""
    return place.removeprefix("car:")
