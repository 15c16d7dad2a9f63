"""Trips carried out: proposed from the open repairs, planned, put in order, ended; each change in one transaction, audited."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.core.people import Principal
from hub.office.papers import Papers
from hub.office.repair_views import RepairLook
from hub.office.trip_sheet import SHEET, sheet_values
from hub.office.trip_views import TripDrawing
from hub.requesting import Requests
from hub.store.audit import AuditRows
from hub.store.request_views import RequestLook
from hub.store.requests import RequestRows
from hub.store.submissions import once
from hub.store.trips import OpenRepair, SchoolPlace, TripRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.trips.ordering import driving_order
from hub.trips.proposing import proposed
from hub.trips.settings import TripSettings
from hub.trips.trip import Stop, Trip, TripRefusal, TripRefused, TripState, stops_of
from hub.web.language import load_languages
from hub.web.trip_pages import JobView, StopView, TripView, TripWish, WayView
from hub.workflows.engine import Wish
from hub.workflows.request import Entry, Request

_VISIT, _CALLED_OFF = "plan_visit", "cancel_visit"
_SHOWN_AFTER = timedelta(days=7)
_LONGEST_NOTE = 1000
_MOST_AHEAD = timedelta(days=366)


class Trips:
    """Raises TripRefused; then nothing is done."""

    def __init__(
        self, store: Store, requests: Requests, papers: Papers, settings: TripSettings, zone: ZoneInfo
    ) -> None:
        self._store, self._requests, self._papers, self._settings, self._zone = store, requests, papers, settings, zone
        self._drawing = TripDrawing(settings)

    def people(self, who: Principal) -> Mapping[str, str]:
        return RequestLook(self._store).people(who)

    def proposed(self, who: Principal, now: int) -> Sequence[WayView]:
        with self._store.reading() as connection:
            rows = TripRows(connection)
            free = _free(rows.repairs(who.groups))
            places = rows.places({each.key for each in free.values()})
        return self._proposed(self._weighed(free, now), places, now)

    def all(self, who: Principal, now: int) -> tuple[Sequence[TripView], Sequence[WayView]]:
        """What repairs weigh is asked once for both."""
        with self._store.reading() as connection:
            rows = TripRows(connection)
            trips = rows.planned(self._since(now))
            on_trips, free = self._jobs(rows, trips, who), _free(rows.repairs(who.groups))
            places = rows.places({each.key for each in (*on_trips.values(), *free.values())})
        weighed = self._weighed({**on_trips, **free}, now)
        views = self._views(trips, {number: weighed[number] for number in on_trips}, places, now)
        return views, self._proposed({number: weighed[number] for number in free}, places, now)

    def open_jobs(self, who: Principal, now: int) -> Sequence[JobView]:
        with self._store.reading() as connection:
            rows = TripRows(connection)
            found = rows.repairs(who.groups)
            places = rows.places({each.key for each in found})
        weighed = self._weighed({each.number: each for each in found}, now)
        return [self._drawing.shown(each, places, now) for each in weighed.values()]

    def planned(self, who: Principal, now: int) -> Sequence[TripView]:
        return self._seen(lambda rows: rows.planned(self._since(now)), who, now)

    def of(self, who: Principal, now: int) -> Sequence[TripView]:
        return self._seen(lambda rows: rows.of_person(who.label, self._day(now).isoformat()), who, now)

    def one(self, trip_id: int, who: Principal, now: int) -> TripView | None:
        return next(iter(self._seen(lambda rows: tuple(filter(None, [rows.get(trip_id)])), who, now)), None)

    def way_to(self, school: str) -> StopView | None:
        with self._store.reading() as connection:
            places = TripRows(connection).places([school])
        return self._drawing.way([Stop(school, ())], {}, places, 0).stops[0] if school in places else None

    def make(self, wish: TripWish, who: Principal, now: int) -> int:
        with self._store.begin() as work:
            return int(once(work.connection, who, wish.key, now, lambda: str(self._made(work, wish, who, now))))

    def _made(self, work: UnitOfWork, wish: TripWish, who: Principal, now: int) -> int:
        name = self._checked(wish, who, now)
        repairs = self._repairs(work, wish.repairs, who, None)
        trip = Trip(wish.day, wish.driver, name, (), note=wish.note.strip(), made_by=who.label, made_at=now)
        trip = replace(trip, stops=self._in_order(work, repairs, now))
        trip_id = TripRows(work.connection).add(trip)
        self._tell(work, repairs, trip, who)
        self._audit(work, "trip.planned", replace(trip, id=trip_id), who, now)
        return trip_id

    def change(self, trip_id: int, wish: TripWish, version: int, who: Principal, now: int) -> None:
        def changed(work: UnitOfWork) -> str:
            self._changed(work, self._open(work, trip_id, version, who), wish, who, now)
            return str(trip_id)

        with self._store.begin() as work:
            once(work.connection, who, wish.key, now, lambda: changed(work))

    def _changed(self, work: UnitOfWork, before: Trip, wish: TripWish, who: Principal, now: int) -> None:
        name = self._checked(wish, who, now) if (wish.day, wish.driver) != (before.day, before.who) else before.name
        repairs = self._repairs(work, wish.repairs, who, before)
        stops = before.stops
        if set(wish.repairs) != set(before.jobs):
            stops = self._in_order(work, repairs, now)
        then = replace(before, day=wish.day, who=wish.driver, name=name, stops=stops, note=wish.note.strip())
        self._put(work, then, "trip.changed", who, now)
        self._call_off(work, set(before.jobs) - set(wish.repairs), before, who)
        self._tell(work, repairs, then, who)

    def order(self, trip_id: int, schools: Sequence[str], version: int, who: Principal, now: int) -> None:
        with self._store.begin() as work:
            before = self._open(work, trip_id, version, who)
            wanted = list(schools) or self._driving_order(work, {stop.school for stop in before.stops})
            rank = {school: at for at, school in enumerate(wanted)}
            stops = sorted(before.stops, key=lambda stop: rank.get(stop.school, len(rank)))
            self._put(work, replace(before, stops=tuple(stops)), "trip.ordered", who, now)

    def end(self, trip_id: int, version: int, who: Principal, now: int, *, driven: bool, key: str = "") -> None:
        def ended(work: UnitOfWork) -> str:
            before = self._open(work, trip_id, version, who)
            state = TripState.DONE if driven else TripState.DROPPED
            self._put(work, replace(before, state=state), f"trip.{state.value}", who, now)
            if not driven:
                self._call_off(work, before.jobs, before, who)
            return str(trip_id)

        with self._store.begin() as work:
            once(work.connection, who, key, now, lambda: ended(work))

    def sheet(self, trip_id: int, who: Principal, now: int) -> bytes | None:
        view = self.one(trip_id, who, now)
        if view is None:
            return None
        values = sheet_values(view, load_languages()["th"], self._zone)
        papers = self._papers.of_all({stop.school.partition("/")[0] for stop in view.trip.stops})
        return papers.print_paper(SHEET, values, subject=f"trip:{trip_id}", who=who, now=now)

    def _weighed(self, repairs: Mapping[str, OpenRepair], now: int) -> dict[str, OpenRepair]:
        """With their urgency as the pages of repairs tell it: from lessons lost and pupils touched, or as somebody set it."""
        urgencies = RepairLook(self._store, self._zone).urgencies(tuple(repairs), now) if repairs else {}
        told = {number: urgencies[number].urgency.value for number in repairs if number in urgencies}
        return {
            number: replace(each, values={**each.values, "urgency": told[number]}) if number in told else each
            for number, each in repairs.items()
        }

    def _proposed(
        self, free: Mapping[str, OpenRepair], places: Mapping[str, SchoolPlace], now: int
    ) -> Sequence[WayView]:
        jobs = [self._drawing.job(each, now) for each in free.values()]
        found = proposed(jobs, self._drawing.spots(places), self._settings)
        return [self._drawing.way(proposal.stops, free, places, now) for proposal in found]

    def _seen(self, asked: Callable[[TripRows], Sequence[Trip]], who: Principal, now: int) -> Sequence[TripView]:
        with self._store.reading() as connection:
            rows = TripRows(connection)
            trips = asked(rows)
            repairs = self._jobs(rows, trips, who)
            places = rows.places({each.key for each in repairs.values()})
        return self._views(trips, self._weighed(repairs, now), places, now)

    @staticmethod
    def _jobs(rows: TripRows, trips: Sequence[Trip], who: Principal) -> dict[str, OpenRepair]:
        """However many trips there are, their repairs are read at once: those that they may see."""
        jobs = {number for each in trips for number in each.jobs}
        return {each.number: each for each in rows.repairs(who.groups, jobs)} if jobs else {}

    def _views(
        self,
        trips: Sequence[Trip],
        repairs: Mapping[str, OpenRepair],
        places: Mapping[str, SchoolPlace],
        now: int,
    ) -> Sequence[TripView]:
        """Without those that have repairs that are not to be seen by them."""
        seen = [each for each in trips if set(each.jobs) <= set(repairs)]
        return [TripView(each, self._drawing.way(each.stops, repairs, places, now)) for each in seen]

    def _open(self, work: UnitOfWork, trip_id: int, version: int, who: Principal) -> Trip:
        rows = TripRows(work.connection)
        found = rows.get(trip_id)
        if found is None or set(self._jobs(rows, [found], who)) != set(found.jobs):
            raise TripRefused(TripRefusal.NO_SUCH_TRIP)
        if found.version != version:
            raise TripRefused(TripRefusal.STALE)
        if found.state is not TripState.PLANNED:
            raise TripRefused(TripRefusal.ENDED)
        return found

    def _checked(self, wish: TripWish, who: Principal, now: int) -> str:
        """The name of who drives."""
        name = self.people(who).get(wish.driver)
        if name is None:
            raise TripRefused(TripRefusal.NO_SUCH_PERSON)
        try:
            day = date.fromisoformat(wish.day)
        except ValueError:
            raise TripRefused(TripRefusal.NO_DAY) from None
        today = self._day(now)
        if not today <= day <= today + _MOST_AHEAD or len(wish.note) > _LONGEST_NOTE:
            raise TripRefused(TripRefusal.DAY_OVER)
        return name

    def _repairs(
        self, work: UnitOfWork, numbers: Sequence[str], who: Principal, before: Trip | None
    ) -> tuple[OpenRepair, ...]:
        """Those that are asked for; what the trip has already may have been mended meanwhile."""
        if not numbers:
            raise TripRefused(TripRefusal.NO_REPAIRS)
        rows, had = TripRows(work.connection), set(before.jobs if before else ())
        to_visit = {each.number for each in rows.repairs(who.groups)}
        found = rows.repairs(who.groups, numbers)
        lacking = set(numbers) - ({each.number for each in found} & (to_visit | had))
        if lacking:
            raise TripRefused(TripRefusal.NOT_OPEN, min(lacking))
        taken = [each.number for each in found if each.trip is not None and (not before or each.trip != before.id)]
        if taken:
            raise TripRefused(TripRefusal.TAKEN, taken[0])
        return found

    def _in_order(self, work: UnitOfWork, repairs: Iterable[OpenRepair], now: int) -> tuple[Stop, ...]:
        repairs = tuple(repairs)
        order = self._driving_order(work, {each.key for each in repairs})
        return stops_of([self._drawing.job(each, now) for each in repairs], order)

    def _driving_order(self, work: UnitOfWork, schools: Iterable[str]) -> list[str]:
        schools = set(schools)
        spots = self._drawing.spots(TripRows(work.connection).places(schools))
        return list(driving_order({school: spots.get(school) for school in schools}, self._settings.office))

    def _put(self, work: UnitOfWork, then: Trip, what: str, who: Principal, now: int) -> None:
        after = replace(then, version=then.version + 1)
        if not TripRows(work.connection).change(after, then.version):
            raise TripRefused(TripRefusal.STALE)
        self._audit(work, what, after, who, now)

    def _tell(self, work: UnitOfWork, repairs: Iterable[OpenRepair], trip: Trip, who: Principal) -> None:
        """Each repair says who comes, and on which day, wherever whoever plans may say so."""
        said = {"technician": trip.who, "visit_on": trip.day}
        rows, engine = RequestRows(work.connection), self._requests.engine
        for each in repairs:
            request = rows.get(each.number)
            changed = request is not None and any(request.values.get(name) != value for name, value in said.items())
            if request is not None and changed and _VISIT in engine.allowed(request, who):
                self._requests.move_in(work, request, _VISIT, Wish(said, version=request.version), who)

    def _call_off(self, work: UnitOfWork, numbers: Iterable[str], trip: Trip, who: Principal) -> None:
        """Nobody comes on that day: whoever worked on a repair before the trip goes on with it."""
        rows = RequestRows(work.connection)
        for number in sorted(numbers):
            request = rows.get(number)
            if (
                request is None
                or not _is_by(request, trip)
                or _CALLED_OFF not in self._requests.engine.allowed(request, who)
            ):
                continue
            before = _technician_before(rows.history(request.id), trip)
            said = {} if before is None else {"technician": before}
            self._requests.move_in(work, request, _CALLED_OFF, Wish(said, version=request.version), who)

    def _audit(self, work: UnitOfWork, what: str, trip: Trip, who: Principal, now: int) -> None:
        told = {"day": trip.day, "who": trip.who, "repairs": ", ".join(trip.jobs), "state": trip.state.value}
        AuditRows(work.connection).write(who, what, f"trip:{trip.id}", told, now)

    def _since(self, now: int) -> str:
        return (self._day(now) - _SHOWN_AFTER).isoformat()

    def _day(self, now: int) -> date:
        return datetime.fromtimestamp(now / 1000, self._zone).date()


def _free(repairs: Iterable[OpenRepair]) -> dict[str, OpenRepair]:
    return {each.number: each for each in repairs if each.trip is None}


def _is_by(request: Request, trip: Trip) -> bool:
    return (request.values.get("visit_on"), request.values.get("technician")) == (trip.day, trip.who)


def _technician_before(history: Sequence[Entry], trip: Trip) -> str | None:
    """As it was said before the repair came into the trip."""
    both = {"technician", "visit_on"}
    into = (
        at
        for at, each in enumerate(history)
        if each.transition == _VISIT and each.at >= trip.made_at and both <= set(each.values)
    )
    told = [each.values["technician"] for each in history[: next(into, len(history))] if "technician" in each.values]
    return str(told[-1]) if told else None
