"""Where stock lies: at an office, in somebody's car, at a school; and which office keeps whose stock.

A hub of one district has one office. Where it serves several, each district's office keeps a stock of its own, and
`office` is that of the hub itself, such as of the province: nobody who is limited to some districts sees it, and no request of a
district takes from it unless somebody says so.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

OFFICE = "office"
_OFFICE_OF = "office:"
_ONE_OFFICE = re.compile(r"office:[a-z0-9-]{2,32}")
_CAR = re.compile(r"car:person:[1-9]\d{0,17}")
_SCHOOL = re.compile(r"[a-z0-9-]{1,32}/[A-Za-z0-9_]{1,32}")


class PlaceKind(StrEnum):
    OFFICE = "office"
    CAR = "car"
    SCHOOL = "school"


def kind_of(place: str) -> PlaceKind | None:
    """None: that is no place."""
    if place == OFFICE or _ONE_OFFICE.fullmatch(place):
        return PlaceKind.OFFICE
    if _CAR.fullmatch(place):
        return PlaceKind.CAR
    return PlaceKind.SCHOOL if _SCHOOL.fullmatch(place) else None


def district_of(place: str) -> str | None:
    """Of a school, or of a district's own office; None: the hub's own office, and cars, which may drive anywhere."""
    if kind_of(place) is PlaceKind.SCHOOL:
        return place.partition("/")[0]
    return place.removeprefix(_OFFICE_OF) if place.startswith(_OFFICE_OF) else None


@dataclass(frozen=True, slots=True)
class Offices:
    """groups: the districts that the hub serves"""

    groups: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        return len(self.groups) > 1

    def of(self, group: str | None) -> str:
        """The one that keeps the stock of a district; of none in particular, the hub's own."""
        return f"{_OFFICE_OF}{group}" if self.several and group in self.groups else OFFICE

    def of_some(self, groups: Collection[str] | None) -> tuple[str, ...]:
        """Those of somebody who is limited to these districts; None: all, the hub's own first."""
        if not self.several:
            return (OFFICE,)
        own = tuple(self.of(group) for group in self.groups if groups is None or group in groups)
        return own if groups is not None else (OFFICE, *own)

    def meant(self, place: str, groups: Collection[str] | None) -> str:
        """Who is limited to one district means its office by `office`."""
        own = self.of_some(groups)
        return own[0] if place == OFFICE and groups is not None and len(own) == 1 else place

    def shows(self, place: str, groups: Collection[str] | None, cars: Collection[str] = ()) -> bool:
        """Whether somebody who is limited to these districts sees what lies there. cars: those that they may name."""
        if groups is None:
            return True
        kind = kind_of(place)
        if kind is PlaceKind.CAR:
            return place in cars
        return place in self.of_some(groups) if kind is PlaceKind.OFFICE else district_of(place) in groups


ONE_OFFICE = Offices()
"""Of a hub of one district."""


def car_of(person: str) -> str:
    """person: as a field holds them, person:3"""
    return f"car:{person}"


def driver_of(place: str) -> str:
    """Of a car, as a field holds people."""
    return place.removeprefix("car:")
