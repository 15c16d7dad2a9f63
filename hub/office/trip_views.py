"""Trips as pages show them: schools with their names and places, repairs with what is wrong, the way with its estimate."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from firmware_profiles.loader import Catalogue, load_catalog
from firmware_profiles.schema import Label
from hub.store.trips import OpenRepair, SchoolPlace
from hub.tickets.parts import to_bring
from hub.trips.loading import to_load
from hub.trips.places import Spot
from hub.trips.settings import TripSettings
from hub.trips.trip import Job, Stop, estimated
from hub.web.trip_pages import JobView, StopView, WayView

_DAY_MS = 86_400_000
_URGENCY = {"most_urgent": 300.0, "very_urgent": 200.0, "urgent": 100.0}
_OVERDUE, _MOST_DAYS = 50.0, 40.0


class TripDrawing:
    """Pure but for the profiles, which it reads once."""

    def __init__(self, settings: TripSettings) -> None:
        self._settings = settings

    @cached_property
    def _profiles(self) -> Catalogue:
        return load_catalog()

    def spots(self, places: Mapping[str, SchoolPlace]) -> dict[str, Spot | None]:
        return {key: _spot(each) for key, each in places.items()}

    def job(self, repair: OpenRepair, now: int) -> Job:
        """What is urgent weighs most, then what is overdue, then what is old, in whole days."""
        overdue = _OVERDUE if _is_overdue(repair, now) else 0.0
        days = min(_MOST_DAYS, max(0, now - repair.opened_at) // _DAY_MS)
        return Job(repair.number, repair.key, _URGENCY.get(str(repair.values.get("urgency")), 0.0) + overdue + days)

    def way(
        self,
        stops: Sequence[Stop],
        repairs: Mapping[str, OpenRepair],
        places: Mapping[str, SchoolPlace],
        now: int,
    ) -> WayView:
        spots = self.spots({stop.school: places[stop.school] for stop in stops if stop.school in places})
        estimate = estimated([(spots.get(stop.school), len(stop.jobs)) for stop in stops], self._settings)
        views = [
            StopView(
                stop.school,
                _name(stop.school, places),
                spots.get(stop.school),
                leg,
                tuple(self.shown(repairs[number], places, now) for number in stop.jobs),
            )
            for stop, leg in zip(stops, estimate.legs, strict=False)
        ]
        back = estimate.legs[-1] if len(estimate.legs) > len(stops) else None
        needed = {number: self._needed(repairs[number]) for stop in stops for number in stop.jobs}
        return WayView(tuple(views), estimate, back, to_load(needed))

    def shown(self, repair: OpenRepair, places: Mapping[str, SchoolPlace], now: int) -> JobView:
        said = repair.values
        return JobView(
            number=repair.number,
            school=repair.key,
            school_name=_name(repair.key, places),
            state=repair.state,
            symptom=str(said.get("symptom", "")),
            opened_at=repair.opened_at,
            overdue=_is_overdue(repair, now),
            urgency=_text(said.get("urgency")) or None,
            device=repair.device or _text(said.get("device")).rpartition("/")[2] or None,
            reporter=_text(said.get("reporter")),
            phone=_text(said.get("phone")),
            parts=_text(said.get("parts")),
            trip=repair.trip,
            is_open=repair.is_open,
        )

    def _needed(self, repair: OpenRepair) -> Iterable[Label]:
        """What somebody wrote down, line by line; and what the cause is known to need."""
        written = [line.strip() for line in _text(repair.values.get("parts")).splitlines() if line.strip()]
        known = to_bring(self._profiles, repair.cause, [repair.profile]) if repair.cause else ()
        return (*(Label(th=line, en=line) for line in written), *known)


def _spot(place: SchoolPlace) -> Spot | None:
    return None if place.lat is None or place.lon is None else Spot(place.lat, place.lon)


def _name(key: str, places: Mapping[str, SchoolPlace]) -> str:
    return places[key].name if key in places else key.partition("/")[2]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_overdue(repair: OpenRepair, now: int) -> bool:
    return repair.is_open and repair.due_at is not None and repair.due_at <= now
