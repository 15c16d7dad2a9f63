"""Trips in the database, and the open repairs that could be part of one with what is known of their schools."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, insert, select, update

from hub.store.repair_tables import repair
from hub.store.tables import device, node, school, ticket
from hub.store.trip_tables import trip, trip_job
from hub.store.workflow_tables import request
from hub.trips.trip import Stop, Trip, TripState

_TO_VISIT = ("reported", "inspecting", "diagnosed", "repairing")
"""States of a repair in which somebody of the office has to go there."""
_PLACES = select(school.c.group, school.c.code, school.c.name, school.c.lat, school.c.lon).where(
    school.c.code.in_(bindparam("codes", expanding=True))
)
_TRIPS = select(trip).order_by(trip.c.day, trip.c.id)
_ONE = _TRIPS.where(trip.c.id == bindparam("trip"))
_PLANNED = _TRIPS.where(trip.c.state == TripState.PLANNED.value)
_OF_PERSON = _PLANNED.where(trip.c.who == bindparam("who"), trip.c.day >= bindparam("since"))
_DONE = _TRIPS.where(trip.c.state == TripState.DONE.value, trip.c.day >= bindparam("since"))
_JOBS = (
    select(trip_job.c.trip_id, trip_job.c.group, trip_job.c.school, trip_job.c.request)
    .where(trip_job.c.trip_id.in_(bindparam("trips", expanding=True)))
    .order_by(trip_job.c.trip_id, trip_job.c.position)
)


@dataclass(frozen=True, slots=True)
class OpenRepair:
    """A repair as somebody needs to know it who drives there.

    trip     the planned trip that it is part of
    cause    of its ticket; profiles: of the equipment that is concerned
    """

    number: str
    group: str
    school: str
    state: str
    opened_at: int
    due_at: int | None
    version: int
    values: Mapping[str, Any]
    ticket: int | None = None
    cause: str | None = None
    device: str | None = None
    profile: str | None = None
    trip: int | None = None
    is_open: bool = True

    @property
    def key(self) -> str:
        return f"{self.group}/{self.school}"


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    name: str
    lat: float | None
    lon: float | None


class TripRows:
    """On one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, trip_id: int) -> Trip | None:
        return next(iter(self._read(_ONE, {"trip": trip_id})), None)

    def planned(self, since: str) -> tuple[Trip, ...]:
        """Those to come, the next first, and those of before that nobody has ended."""
        return self._read(_PLANNED, {}) + self._read(_DONE, {"since": since})

    def of_person(self, who: str, day: str) -> tuple[Trip, ...]:
        """Of a day, and those to come."""
        return self._read(_OF_PERSON, {"who": who, "since": day})

    def add(self, new: Trip) -> int:
        row = insert(trip).values(**_columns(new)).returning(trip.c.id)
        trip_id: int = self._connection.execute(row).scalar_one()
        self._put(trip_id, new.stops)
        return trip_id

    def change(self, then: Trip, version: int) -> bool:
        """False where somebody else was quicker."""
        mine = (trip.c.id == then.id) & (trip.c.version == version)
        if self._connection.execute(update(trip).where(mine).values(**_columns(then))).rowcount != 1:
            return False
        self._connection.execute(delete(trip_job).where(trip_job.c.trip_id == then.id))
        self._put(then.id, then.stops)
        return True

    def repairs(self, groups: Collection[str] | None, numbers: Collection[str] | None = None) -> tuple[OpenRepair, ...]:
        """Those that have to be visited; or these, whatever their state. The oldest first."""
        asked = _repairs(these=numbers is not None, limited=groups is not None)
        given = {"numbers": list(numbers or ()), "groups": list(groups or ())}
        return tuple(OpenRepair(*row) for row in self._connection.execute(asked, given).all())

    def places(self, keys: Iterable[str]) -> Mapping[str, SchoolPlace]:
        """Schools of the register by group/code."""
        wanted = set(keys)
        codes = {key.partition("/")[2] for key in wanted}
        rows = self._connection.execute(_PLACES, {"codes": list(codes)}).all()
        found = {f"{group}/{code}": SchoolPlace(*place) for group, code, *place in rows}
        return {key: place for key, place in found.items() if key in wanted}

    def _put(self, trip_id: int, stops: Sequence[Stop]) -> None:
        jobs = [(number, *stop.school.partition("/")[::2]) for stop in stops for number in stop.jobs]
        rows = [
            {"trip_id": trip_id, "request": number, "position": at, "group": group, "school": code}
            for at, (number, group, code) in enumerate(jobs)
        ]
        if rows:
            self._connection.execute(insert(trip_job), rows)

    def _read(self, asked: Select[Any], given: Mapping[str, object]) -> tuple[Trip, ...]:
        rows = self._connection.execute(asked, given).all()
        if not rows:
            return ()
        found: dict[int, dict[str, list[str]]] = {}
        for number, group, code, job in self._connection.execute(_JOBS, {"trips": [row.id for row in rows]}).all():
            found.setdefault(number, {}).setdefault(f"{group}/{code}", []).append(job)
        return tuple(_trip(row, found.get(row.id, {})) for row in rows)


@lru_cache
def _repairs(*, these: bool, limited: bool) -> Select[Any]:
    """Rows of what OpenRepair is made of, in its order. these: by their numbers; limited: to some groups."""
    with_repair = request.outerjoin(repair, repair.c.number == request.c.number)
    with_ticket = with_repair.outerjoin(ticket, ticket.c.id == repair.c.ticket_id)
    of_node = and_(node.c.group == repair.c.group, node.c.name == repair.c.node)
    of_device = and_(device.c.node_id == node.c.id, device.c.key == repair.c.device)
    with_device = with_ticket.outerjoin(node, of_node).outerjoin(device, of_device)
    planned = select(trip.c.id).where(trip.c.state == TripState.PLANNED.value)
    on_trip = and_(trip_job.c.request == request.c.number, trip_job.c.trip_id.in_(planned))
    asked = request.c
    wanted = (asked.type == "repair") & asked.school.is_not(None)
    if these:
        wanted &= asked.number.in_(bindparam("numbers", expanding=True))
    else:
        wanted &= asked.is_open & asked.state.in_(_TO_VISIT)
    if limited:
        wanted &= asked.group.in_(bindparam("groups", expanding=True))
    columns = (
        *(asked.number, asked.group, asked.school, asked.state, asked.opened_at, asked.due_at, asked.version),
        *(asked["values"], repair.c.ticket_id, ticket.c.cause, repair.c.device, device.c.profile),
        *(trip_job.c.trip_id, asked.is_open),
    )
    found = select(*columns).select_from(with_device.outerjoin(trip_job, on_trip))
    return found.where(wanted).order_by(asked.id)


def _columns(values: Trip) -> dict[str, Any]:
    return {
        "day": values.day,
        "who": values.who,
        "name": values.name,
        "state": values.state.value,
        "note": values.note,
        "made_by": values.made_by,
        "made_at": values.made_at,
        "version": values.version,
    }


def _trip(row: Any, jobs: Mapping[str, Sequence[str]]) -> Trip:
    return Trip(
        day=row.day,
        who=row.who,
        name=row.name,
        stops=tuple(Stop(key, tuple(numbers)) for key, numbers in jobs.items()),
        state=TripState(row.state),
        note=row.note,
        made_by=row.made_by,
        made_at=row.made_at,
        version=row.version,
        id=row.id,
    )
