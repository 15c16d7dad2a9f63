"""Trips: what the hub proposes, planning one, its way with what to load, today's for whoever drives, and the sheet to print."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.core.people import Permission, Principal
from hub.trips.trip import TripRefusal, TripRefused
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, by_name
from hub.web.photos import key_of
from hub.web.principal import principal_of
from hub.web.repair_forms import REPAIR
from hub.web.request_forms import form_of
from hub.web.site import Site
from hub.web.trip_pages import TripView, TripWish

PAGE = "/trips"
MAX_ID = 2**62
_MOST_REPAIRS = 100
_LONGEST = 1000
TRIP_STATUS = {
    TripRefusal.NO_SUCH_TRIP: 404,
    TripRefusal.STALE: 409,
    TripRefusal.TAKEN: 409,
    TripRefusal.ENDED: 409,
    TripRefusal.NOT_OPEN: 409,
}
"""What else there is, is a wrong value: 422."""
TripId = Annotated[int, Path(ge=1, le=MAX_ID)]
Sent = Annotated[FormData, Depends(form_of)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.WORK_ON_TICKETS), prefix=PAGE)
    pages = _TripPages(site)
    routes.get("")(pages.some)
    routes.get("/new")(pages.blank)
    routes.post("/new")(pages.make)
    routes.get("/mine")(pages.mine)
    routes.get("/export.{kind}")(pages.export)
    routes.get("/{trip_id}")(pages.one)
    routes.post("/{trip_id}")(pages.change)
    routes.post("/{trip_id}/order")(pages.order)
    routes.post("/{trip_id}/end")(pages.end)
    routes.get("/{trip_id}/sheet.pdf")(pages.sheet)
    return routes


class _TripPages:
    def __init__(self, site: Site) -> None:
        self._site, self._trips, self._engine = site, site.office.trips, site.requests.engine

    def some(self, request: Request, asked: Asked) -> Response:
        who, now = principal_of(request), self._site.clock()
        planned, proposed = self._trips.all(who, now)
        context = {"found": self._listing(request).found(planned, asked), "known": len(planned), "proposed": proposed}
        return self._site.renderer.page(request, "trips/trips.html", context)

    def export(self, request: Request, kind: str, asked: Asked) -> Response:
        listing, planned = self._listing(request), self._trips.planned(principal_of(request), self._site.clock())
        return listing.file(self._site, request, kind, listing.found(planned, asked))

    def _listing(self, request: Request) -> Listing[TripView]:
        language = self._site.renderer.language(request)

        def state(each: TripView) -> str:
            return language.gettext(f"trip_state.{each.trip.state.value}")

        def schools(each: TripView) -> str:
            return ", ".join(stop.name for stop in each.way.stops)

        return Listing(
            "trips",
            {
                "coming": lambda _each: 0,
                "driver": lambda each: by_name(each.trip.name),
                "way": lambda each: -(each.way.estimate.km or 0),
                "repairs": lambda each: -len(each.way.jobs),
            },
            lambda each: (each.trip.name, each.trip.note, state(each), schools(each), " ".join(each.trip.jobs)),
            {
                "day": lambda each: each.trip.day,
                "driver": lambda each: each.trip.name,
                "state": state,
                "schools_named": schools,
                "repairs": lambda each: len(each.way.jobs),
                "km": lambda each: each.way.estimate.km and round(each.way.estimate.km, 1),
                "minutes": lambda each: each.way.estimate.minutes,
                "note": lambda each: each.trip.note,
            },
        )

    def mine(self, request: Request) -> Response:
        """The trip of today, or the next one; with both, what comes first."""
        who = principal_of(request)
        trips = self._trips.of(who, self._site.clock())
        today = [job.number for job in trips[0].way.jobs if job.is_open] if trips else []
        context = {"trips": trips, "steps": self._next(today, who), "definition": self._engine.definitions[REPAIR]}
        return self._site.renderer.page(request, "trips/trip_mine.html", context)

    def _next(self, numbers: Iterable[str], who: Principal) -> dict[str, str]:
        """The usual next step of each repair, as far as it is theirs."""
        found = {}
        for number in numbers:
            known = self._site.requests.look.one(number)
            steps = self._engine.allowed(known[0], who) if known else ()
            if steps:
                found[number] = steps[0]
        return found

    def blank(
        self, request: Request, repair: Annotated[list[str] | None, Query(max_length=_MOST_REPAIRS)] = None
    ) -> Response:
        day = self._site.renderer.figures(request).today(self._site.clock())
        wish = TripWish(day, principal_of(request).label, tuple(repair or ()))
        return self._planning(request, wish, None)

    def make(self, request: Request, sent: Sent) -> Response:
        wish = wish_in(sent)
        try:
            trip_id = self._trips.make(wish, principal_of(request), self._site.clock())
        except TripRefused as refused:
            return self._planning(request, wish, refused)
        return RedirectResponse(f"{PAGE}/{trip_id}", status_code=303)

    def one(self, request: Request, trip_id: TripId) -> Response:
        return self._shown(request, self._known(request, trip_id), None, None)

    def change(self, request: Request, trip_id: TripId, sent: Sent) -> Response:
        view, wish = self._known(request, trip_id), wish_in(sent)
        try:
            self._trips.change(trip_id, wish, version_in(sent), principal_of(request), self._site.clock())
        except TripRefused as refused:
            return self._shown(request, view, wish, refused)
        return RedirectResponse(f"{PAGE}/{trip_id}", status_code=303)

    def order(self, request: Request, trip_id: TripId, sent: Sent) -> Response:
        """One school up or down, or all in driving order."""
        view = self._known(request, trip_id)
        schools = _moved([stop.school for stop in view.way.stops], str(sent.get("up", "")), str(sent.get("down", "")))
        try:
            self._trips.order(trip_id, schools, version_in(sent), principal_of(request), self._site.clock())
        except TripRefused as refused:
            return self._shown(request, view, None, refused)
        return RedirectResponse(f"{PAGE}/{trip_id}#way", status_code=303)

    def end(self, request: Request, trip_id: TripId, sent: Sent, driven: Annotated[bool, Form()] = False) -> Response:
        view, who, now = self._known(request, trip_id), principal_of(request), self._site.clock()
        try:
            self._trips.end(trip_id, version_in(sent), who, now, driven=driven, key=key_of(sent))
        except TripRefused as refused:
            return self._shown(request, view, None, refused)
        return RedirectResponse(PAGE, status_code=303)

    def sheet(self, request: Request, trip_id: TripId) -> Response:
        pdf = self._trips.sheet(trip_id, principal_of(request), self._site.clock())
        if pdf is None:
            raise no_such("trip", "trip_id")
        headers = {"Content-Disposition": f'inline; filename="trip-{trip_id}.pdf"', "Cache-Control": "no-store"}
        return Response(pdf, media_type="application/pdf", headers=headers)

    def _known(self, request: Request, trip_id: int) -> TripView:
        view = self._trips.one(trip_id, principal_of(request), self._site.clock())
        if view is None:
            raise no_such("trip", "trip_id")
        return view

    def _planning(self, request: Request, wish: TripWish, refused: TripRefused | None) -> Response:
        who, now = principal_of(request), self._site.clock()
        jobs = sorted(self._trips.open_jobs(who, now), key=lambda job: job.number not in wish.repairs)
        query = urlencode([("repair", number) for number in wish.repairs])
        context = {
            "path": f"{PAGE}/new",
            "here": f"{PAGE}/new?{query}",
            "jobs": jobs,
            "people": self._trips.people(principal_of(request)),
            "wish": wish,
            "refused": refused,
        }
        return self._site.renderer.page(request, "trips/trip_new.html", context, trip_status(refused))

    def _shown(self, request: Request, view: TripView, wish: TripWish | None, refused: TripRefused | None) -> Response:
        """What was refused is shown with the trip as it is now."""
        who, now, trip = principal_of(request), self._site.clock(), view.trip
        context = {
            "path": f"{PAGE}/{trip.id}",
            "view": view,
            "trip": trip,
            "way": view.way,
            "wish": wish or TripWish(trip.day, trip.who, trip.jobs, trip.note),
            "jobs": [job for job in self._trips.open_jobs(who, now) if job.number not in trip.jobs],
            "people": self._trips.people(principal_of(request)),
            "refused": refused,
        }
        return self._site.renderer.page(request, "trips/trip.html", context, trip_status(refused))


def wish_in(sent: FormData) -> TripWish:
    repairs = dict.fromkeys(str(each)[:40] for each in sent.getlist("repair"))
    note = str(sent.get("note", ""))[: _LONGEST + 1]
    day, driver = str(sent.get("day", ""))[:10], str(sent.get("driver", ""))[:300]
    return TripWish(day, driver, tuple(repairs)[:_MOST_REPAIRS], note, key_of(sent))


def version_in(sent: FormData) -> int:
    version = str(sent.get("version", ""))
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def trip_status(refused: TripRefused | None) -> int:
    return 200 if refused is None else TRIP_STATUS.get(refused.refusal, 422)


def _moved(schools: list[str], up: str, down: str) -> list[str]:
    """None of them named: in driving order, which nothing stands for."""
    wanted, step = (up, -1) if up else (down, 1)
    if wanted not in schools:
        return []
    at = schools.index(wanted)
    to = min(max(at + step, 0), len(schools) - 1)
    schools[at], schools[to] = schools[to], schools[at]
    return schools
