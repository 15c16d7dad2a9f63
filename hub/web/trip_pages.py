"""What the pages of trips ask of the hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.people import Principal
from hub.trips.loading import Load
from hub.trips.places import Spot
from hub.trips.trip import Estimate, Leg, Trip


@dataclass(frozen=True, slots=True)
class JobView:
    """A repair that somebody drives to.

    symptom  what is wrong: words, or the code of a cause or a symptom
    parts    what somebody wrote down that it needs
    trip     the planned trip that it is part of
    """

    number: str
    school: str
    school_name: str
    state: str
    symptom: str
    opened_at: int
    overdue: bool
    urgency: str | None = None
    device: str | None = None
    reporter: str = ""
    phone: str = ""
    parts: str = ""
    trip: int | None = None
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class StopView:
    """spot: None where nobody knows where the school is; leg: the way to it."""

    school: str
    name: str
    spot: Spot | None
    leg: Leg | None
    jobs: tuple[JobView, ...]


@dataclass(frozen=True, slots=True)
class WayView:
    """Stops in driving order with what is estimated. back: the way back to the office, where it is known."""

    stops: tuple[StopView, ...]
    estimate: Estimate
    back: Leg | None
    load: tuple[Load, ...]

    @property
    def jobs(self) -> tuple[JobView, ...]:
        return tuple(job for stop in self.stops for job in stop.jobs)


@dataclass(frozen=True, slots=True)
class TripView:
    trip: Trip
    way: WayView


@dataclass(frozen=True, slots=True)
class TripWish:
    """day: ISO 8601; driver: as a field of kind person holds them; key: of the form, which counts once."""

    day: str
    driver: str
    repairs: tuple[str, ...]
    note: str = ""
    key: str = ""


class TripPages(Protocol):
    """Everybody sees the repairs of the districts that they may. Wishes raise TripRefused, and nothing is done."""

    def people(self, who: Principal) -> Mapping[str, str]:
        """Who could drive, of those whom somebody may name."""

    def proposed(self, who: Principal, now: int) -> Sequence[WayView]:
        """Trips of the repairs that are part of none."""

    def open_jobs(self, who: Principal, now: int) -> Sequence[JobView]: ...

    def planned(self, who: Principal, now: int) -> Sequence[TripView]:
        """Those to come, and those that were ended in the last days."""

    def all(self, who: Principal, now: int) -> tuple[Sequence[TripView], Sequence[WayView]]:
        """Planned and proposed at once."""

    def of(self, who: Principal, now: int) -> Sequence[TripView]:
        """Somebody's own of today, and those to come."""

    def one(self, trip_id: int, who: Principal, now: int) -> TripView | None: ...

    def way_to(self, school: str) -> StopView | None:
        """From the office to a school as a field holds it; None where the register does not name it."""

    def make(self, wish: TripWish, who: Principal, now: int) -> int:
        """Its id. The repairs are told who comes, and when."""

    def change(self, trip_id: int, wish: TripWish, version: int, who: Principal, now: int) -> None:
        """Another day, driver or note, and other repairs; what stays keeps its place."""

    def order(self, trip_id: int, schools: Sequence[str], version: int, who: Principal, now: int) -> None:
        """Schools in this order; none: in driving order."""

    def end(self, trip_id: int, version: int, who: Principal, now: int, *, driven: bool, key: str = "") -> None:
        """Driven, or dropped: what is not mended can become part of another. key: of the form, which counts once."""

    def sheet(self, trip_id: int, who: Principal, now: int) -> bytes | None:
        """One page to print, as a PDF."""
