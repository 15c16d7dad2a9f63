"""A trip as a value: a day of somebody who drives, with repairs at schools in an order; and how long that takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from hub.trips.places import Spot, through_the_air_km
from hub.trips.settings import TripSettings


class TripState(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


class TripRefusal(StrEnum):
    """Why a trip is not made or changed."""

    NO_SUCH_TRIP = "no_such_trip"
    NO_REPAIRS = "no_repairs"
    NOT_OPEN = "not_open"
    """a repair is closed, or there is none of that number"""
    TAKEN = "taken"
    """a repair is part of another trip"""
    NO_SUCH_PERSON = "no_such_person"
    NO_DAY = "no_day"
    DAY_OVER = "day_over"
    STALE = "stale"
    ENDED = "ended"


class TripRefused(Exception):
    """Nothing was done. what: the repair that it is about, where it is about one."""

    def __init__(self, refusal: TripRefusal, what: str = "") -> None:
        super().__init__(refusal.value, what)
        self.refusal, self.what = refusal, what


@dataclass(frozen=True, slots=True)
class Job:
    """A repair to be done. school: group/code; weight: what comes first is more."""

    number: str
    school: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A school on the way, and the repairs there."""

    school: str
    jobs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trip:
    """day: ISO 8601; who: as a field of kind person holds them."""

    day: str
    who: str
    name: str
    stops: tuple[Stop, ...]
    state: TripState = TripState.PLANNED
    note: str = ""
    made_by: str = ""
    made_at: int = 0
    version: int = 1
    id: int = 0

    @property
    def jobs(self) -> tuple[str, ...]:
        return tuple(number for stop in self.stops for number in stop.jobs)


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to a stop, estimated; None where the place of one end is not known."""

    km: float | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """legs: to each stop, and back to the office at the end where there is one."""

    legs: tuple[Leg, ...]
    km: float
    drive_minutes: int
    work_minutes: int
    unknown: int
    """so many stops of which nobody knows where they are"""

    @property
    def minutes(self) -> int:
        return self.drive_minutes + self.work_minutes


def stops_of(jobs: Iterable[Job], order: Sequence[str]) -> tuple[Stop, ...]:
    """The repairs, school by school; a school's most urgent first."""
    at = {school: sorted((job for job in jobs if job.school == school), key=_urgent_first) for school in order}
    return tuple(Stop(school, tuple(job.number for job in there)) for school, there in at.items() if there)


def estimated(stops: Sequence[tuple[Spot | None, int]], settings: TripSettings) -> Estimate:
    """Stops with their places and how many repairs there are."""
    office = settings.office
    spots = [spot for spot, _ in stops]
    ways = [(office, spots[0] if spots else None), *pairwise(spots)]
    if office is not None and spots:
        ways.append((spots[-1], office))
    legs = tuple(_leg(one, other, settings) for one, other in ways) if spots else ()
    return Estimate(
        legs,
        round(sum(leg.km or 0.0 for leg in legs), 1),
        sum(leg.minutes or 0 for leg in legs),
        sum(settings.minutes_at(count) for _, count in stops),
        spots.count(None),
    )


def _leg(one: Spot | None, other: Spot | None, settings: TripSettings) -> Leg:
    if one is None or other is None:
        return Leg(None, None)
    km = through_the_air_km(one, other) * settings.road_factor
    return Leg(round(km, 1), round(km / settings.speed_kmh * 60))


def _urgent_first(job: Job) -> tuple[float, str]:
    return -job.weight, job.number
