"""What the hub would choose: who goes, by area and load; and who pays, by the register. People choose."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.core.assets import Standing
from hub.core.texts import Text

NEAR_KM = 15.0
_UNEVEN = 4
"""So many repairs more than the least busy one, and area counts no more."""
_EARTH_KM = 6371.0
Position = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Technician:
    """who: as a field holds a person. groups: the districts that they are limited to; None: all"""

    who: str
    name: str
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An open repair of a technician, and where."""

    who: str
    group: str
    school: str


@dataclass(frozen=True, slots=True)
class Suggested:
    who: str
    name: str
    reasons: tuple[Text, ...]


def suggested(
    people: Iterable[Technician], jobs: Iterable[Job], group: str, school: str, positions: Mapping[str, Position]
) -> Suggested | None:
    """positions: of the schools of the group"""
    jobs = tuple(jobs)
    ready = [each for each in people if each.groups is None or group in each.groups]
    if not ready:
        return None
    load = {each.who: sum(job.who == each.who for job in jobs) for each in ready}
    least = min(load.values())
    here = {each.who: _count(jobs, each.who, group, {school}) for each in ready}
    around = _around(school, positions)
    near = {each.who: _count(jobs, each.who, group, around) for each in ready}

    def order(each: Technician) -> tuple[bool, int, int, int, str]:
        return load[each.who] > least + _UNEVEN, -here[each.who], -near[each.who], load[each.who], each.who

    best = min(ready, key=order)
    counts = (("here", here[best.who]), ("near", near[best.who]))
    reasons = [Text(f"suggest.{code}", {"count": count}) for code, count in counts if count]
    return Suggested(best.who, best.name, (*reasons, Text("suggest.load", {"count": load[best.who]})))


def _count(jobs: Iterable[Job], who: str, group: str, schools: Iterable[str]) -> int:
    there = set(schools)
    return sum(job.who == who and job.group == group and job.school in there for job in jobs)


def _around(school: str, positions: Mapping[str, Position]) -> set[str]:
    own = positions.get(school)
    if own is None:
        return set()
    return {code for code, other in positions.items() if code != school and _km(own, other) <= NEAR_KM}


def _km(one: Position, other: Position) -> float:
    """Flat enough within a district."""
    height = math.radians(other[0] - one[0])
    width = math.radians(other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return _EARTH_KM * math.hypot(height, width)


_BRANCHES = {Standing.RENTED: "rented", Standing.IN_WARRANTY: "in_warranty"}


def branch_by(standing: Standing | None) -> str | None:
    """The choice of the field `branch`; None: the register says nothing."""
    if standing is None or standing is Standing.UNKNOWN:
        return None
    return _BRANCHES.get(standing, "own")
