"""The JSON API of trips: those that are planned, what the hub proposes, one with its way, planning and ending one."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.core.people import Permission
from hub.trips.trip import TripRefused
from hub.web.api_models import Page
from hub.web.failures import Problem, no_such
from hub.web.gate import gated_api, needs
from hub.web.principal import principal_of
from hub.web.routes.trips import TripId, trip_status
from hub.web.site import Site
from hub.web.trip_pages import TripView, TripWish, WayView

_WAYS_OUT = {
    "no_such_trip": ("trip_id", "list them"),
    "no_repairs": ("repairs", "name at least one"),
    "not_open": ("repairs", "see /api/v1/trips/proposals for those that can be visited"),
    "taken": ("repairs", "take it out of the other trip first"),
    "no_such_person": ("driver", "give one as a field of kind person holds them: person:1"),
    "no_day": ("day", "write it as 2026-11-30"),
    "day_over": ("day", "give a day from today on, and a note of at most 1000 letters"),
    "stale": ("version", "read it again, then decide"),
    "ended": ("trip_id", "plan another"),
}


class PlanRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    day: str = Field(max_length=10, description="ISO 8601")
    driver: str = Field(max_length=300, description="person:1")
    repairs: list[str] = Field(max_length=100, description="numbers of repairs; put in driving order")
    note: str = Field("", max_length=1000)


class EndRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    driven: bool = Field(description="false: it is dropped")


class StopModel(BaseModel):
    school: str = Field(description="group/code")
    name: str
    lat: float | None
    lon: float | None
    km: float | None = Field(description="estimated, from the stop before")
    minutes: int | None
    repairs: list[str]


class LoadModel(BaseModel):
    th: str
    en: str
    repairs: list[str]


class WayModel(BaseModel):
    """The way, estimated from the air line; the road may be longer."""

    stops: list[StopModel]
    km: float
    minutes: int = Field(description="with the work at the schools")
    load: list[LoadModel]

    @classmethod
    def of(cls, way: WayView) -> "WayModel":
        return cls(**_way(way))


class TripModel(WayModel):
    id: int
    day: str
    driver: str
    driver_name: str
    state: str
    note: str
    version: int

    @classmethod
    def of_trip(cls, view: TripView) -> "TripModel":
        trip = view.trip
        own = {name: getattr(trip, name) for name in ("id", "day", "note", "version")}
        return cls(**own, driver=trip.who, driver_name=trip.name, state=trip.state.value, **_way(view.way))


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.WORK_ON_TICKETS), prefix="/trips")
    api = _Trips(site)
    routes.get("")(api.some)
    routes.post("", status_code=201)(api.make)
    routes.get("/proposals")(api.proposed)
    routes.get("/{trip_id}")(api.one)
    routes.post("/{trip_id}/end")(api.end)
    return routes


class _Trips:
    def __init__(self, site: Site) -> None:
        self._site, self._trips = site, site.office.trips

    def some(self, request: Request) -> Page[TripModel]:
        """Trips to come, and those of the last days: all of them at once."""
        found = self._trips.planned(principal_of(request), self._site.clock())
        return Page(items=[TripModel.of_trip(each) for each in found], next=None)

    def proposed(self, request: Request) -> Page[WayModel]:
        """Repairs that are part of no trip yet, as trips of schools near each other."""
        found = self._trips.proposed(principal_of(request), self._site.clock())
        return Page(items=[WayModel.of(each) for each in found], next=None)

    def make(self, request: Request, wish: PlanRequest) -> TripModel:
        """Plan a trip: in driving order, and each repair says who comes, and when."""
        who = principal_of(request)
        given = TripWish(wish.day, wish.driver, tuple(dict.fromkeys(wish.repairs)), wish.note)
        try:
            trip_id = self._trips.make(given, who, self._site.clock())
        except TripRefused as refused:
            raise _problem(refused) from None
        return self.one(request, trip_id)

    def one(self, request: Request, trip_id: TripId) -> TripModel:
        """One trip with its way and what to load."""
        view = self._trips.one(trip_id, principal_of(request), self._site.clock())
        if view is None:
            raise no_such("trip", "trip_id")
        return TripModel.of_trip(view)

    def end(self, request: Request, trip_id: TripId, wish: EndRequest) -> TripModel:
        """Say that it was driven, or drop it."""
        try:
            self._trips.end(trip_id, wish.version, principal_of(request), self._site.clock(), driven=wish.driven)
        except TripRefused as refused:
            raise _problem(refused) from None
        return self.one(request, trip_id)


def _way(way: WayView) -> dict[str, object]:
    stops = [
        StopModel(
            school=stop.school,
            name=stop.name,
            lat=stop.spot.lat if stop.spot else None,
            lon=stop.spot.lon if stop.spot else None,
            km=stop.leg.km if stop.leg else None,
            minutes=stop.leg.minutes if stop.leg else None,
            repairs=[job.number for job in stop.jobs],
        )
        for stop in way.stops
    ]
    load = [LoadModel(th=each.label.th, en=each.label.en, repairs=list(each.jobs)) for each in way.load]
    return {"stops": stops, "km": way.estimate.km, "minutes": way.estimate.minutes, "load": load}


def _problem(refused: TripRefused) -> Problem:
    code = refused.refusal.value
    field, way_out = _WAYS_OUT[code]
    about = f" ({refused.what})" if refused.what else ""
    return Problem(
        trip_status(refused), code.replace("_", "-"), f"The trip is not as it should be{about}.", field, way_out
    )
