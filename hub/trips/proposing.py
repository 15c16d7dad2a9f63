"""Trips that the hub proposes: from what is most urgent on, the schools near it, as many as a day takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.trips.ordering import driving_order
from hub.trips.places import Spot, through_the_air_km
from hub.trips.settings import TripSettings
from hub.trips.trip import Estimate, Job, Stop, estimated, stops_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """Not yet anybody's."""

    stops: tuple[Stop, ...]
    estimate: Estimate


def proposed(jobs: Iterable[Job], spots: Mapping[str, Spot | None], settings: TripSettings) -> tuple[Proposal, ...]:
    """All repairs in trips. Each begins with the most urgent school that is left; one without a place goes by itself."""
    at: dict[str, list[Job]] = {}
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
    together, rest = [left[0]], list(left[1:])
    while (following := _nearest(together, rest, spots, settings.near_km)) is not None:
        rest.remove(following)
        longer = _planned([*together, following], at, spots, settings)
        if longer.estimate.minutes <= settings.hours_a_day * 60:
            together.append(following)
    return together


def _nearest(
    together: Sequence[str], rest: Sequence[str], spots: Mapping[str, Spot | None], near_km: float
) -> str | None:
    there = [spot for school in together if (spot := spots.get(school)) is not None]
    ways = [
        (min(through_the_air_km(spot, each) for each in there), school)
        for school in rest
        if there and (spot := spots.get(school)) is not None
    ]
    km, school = min(ways, default=(near_km + 1, ""))
    return school if km <= near_km else None


def _planned(
    schools: Sequence[str], at: Mapping[str, list[Job]], spots: Mapping[str, Spot | None], settings: TripSettings
) -> Proposal:
    order = driving_order({school: spots.get(school) for school in schools}, settings.office)
    stops = stops_of([job for school in schools for job in at[school]], order)
    places = [(spots.get(stop.school), len(stop.jobs)) for stop in stops]
    return Proposal(stops, estimated(places, settings))
