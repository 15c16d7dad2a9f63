"""Trips that the hub proposes: from what is most urgent on, the schools near it, as many as a day takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hub.trips.ordering import driving_order
from hub.trips.places import Spot, at_least_km, through_the_air_km
from hub.trips.settings import TripSettings
from hub.trips.trip import Estimate, Job, Stop, estimated, stops_of

_KNOWN = 64
"""What so many groups of people look at is kept."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Not yet anybody's."""

    stops: tuple[Stop, ...]
    estimate: Estimate


def proposed(jobs: Iterable[Job], spots: Mapping[str, Spot | None], settings: TripSettings) -> tuple[Proposal, ...]:
    """All repairs in trips. Each begins with the most urgent school that is left; one without a place goes by itself."""
    return _proposed(tuple(jobs), tuple(sorted(spots.items())), settings)


@lru_cache(_KNOWN)
def _proposed(
    jobs: tuple[Job, ...], places: tuple[tuple[str, Spot | None], ...], settings: TripSettings
) -> tuple[Proposal, ...]:
    """Who looks at trips asks for the same again and again."""
    spots, at = dict(places), dict[str, list[Job]]()
    for job in jobs:
        at.setdefault(job.school, []).append(job)
    left = sorted(at, key=lambda school: (-max(job.weight for job in at[school]), school))
    found = []
    while left:
        together = _around(left, at, spots, settings)
        left = [school for school in left if school not in together]
        found.append(_planned(together, at, spots, settings))
    return tuple(found)


def _around(
    left: Sequence[str], at: Mapping[str, list[Job]], spots: Mapping[str, Spot | None], settings: TripSettings
) -> list[str]:
    """The first of those left, and what is near, so long as the day lasts."""
    together, rest = [left[0]], set(left[1:])
    taken, day = _planned(together, at, spots, settings).estimate.minutes, settings.hours_a_day * 60
    near = _near(left[0], rest, spots, settings.near_km)
    while near:
        following = min(near, key=lambda school: (near[school], school))
        del near[following]
        rest.remove(following)
        # No way gets shorter by one more school: what is too much already without driving there need not be planned.
        if taken + settings.minutes_at(len(at[following])) > day:
            continue
        longer = _planned([*together, following], at, spots, settings)
        if longer.estimate.minutes <= day:
            together.append(following)
            taken = longer.estimate.minutes
            for school, km in _near(following, rest, spots, settings.near_km).items():
                near[school] = min(km, near.get(school, km))
    return together


def _near(school: str, rest: Iterable[str], spots: Mapping[str, Spot | None], near_km: float) -> dict[str, float]:
    """Which of the rest are near a school, and how near."""
    here = spots.get(school)
    if here is None:
        return {}
    there = ((each, spot) for each in rest if (spot := spots.get(each)) is not None)
    found = {each: through_the_air_km(here, spot) for each, spot in there if at_least_km(here, spot) <= near_km}
    return {each: km for each, km in found.items() if km <= near_km}


def _planned(
    schools: Sequence[str], at: Mapping[str, list[Job]], spots: Mapping[str, Spot | None], settings: TripSettings
) -> Proposal:
    order = driving_order({school: spots.get(school) for school in schools}, settings.office)
    stops = stops_of([job for school in schools for job in at[school]], order)
    places = [(spots.get(stop.school), len(stop.jobs)) for stop in stops]
    return Proposal(stops, estimated(places, settings))
