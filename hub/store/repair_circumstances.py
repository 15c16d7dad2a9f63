"""What is known around repairs, for their urgency and for who goes: of many at once in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select

from hub.core.people import Role
from hub.repairs.suggesting import Job, Position, Technician
from hub.store.people_tables import person
from hub.store.repair_tables import repair
from hub.store.tables import device, node, registered, room_day_lost, school, ticket
from hub.store.workflow_tables import request

School = tuple[str, str]
"""Group and code."""
Room = tuple[str, str, str]
Lost = Mapping[Room, Sequence[tuple[str, str, float]]]
"""Of a room: days, causes and minutes."""
_CODES: BindParameter[Any] = bindparam("codes", expanding=True)
_told = request.join(repair, repair.c.number == request.c.number).outerjoin(ticket)
_ROWS = (
    select(
        *(request.c.number, request.c.group, request.c.school, request.c.opened_at, request.c["values"].label("said")),
        *(repair.c.node, repair.c.device, repair.c.dish, repair.c.reports),
        *(ticket.c.onset_at, ticket.c.recovered_at, ticket.c.cause),
    )
    .select_from(_told)
    .where(request.c.number.in_(bindparam("numbers", expanding=True)))
)
_PUPILS = select(school.c.group, school.c.code, school.c.pupils).where(school.c.code.in_(_CODES))
_HEARD = (
    select(node.c.group, node.c.school, node.c.name, device.c.key, device.c.room)
    .join_from(device, node)
    .where(node.c.school.in_(_CODES), device.c.room.is_not(None))
)
_KNOWN = select(registered.c.group, registered.c.node, registered.c.device, registered.c.room, registered.c.dish).where(
    registered.c.room.is_not(None)
)
_day = room_day_lost.c
_LOST = select(_day.group, _day.school, _day.room, _day.date, _day.cause, _day.minutes).where(
    _day.school.in_(_CODES), _day.date >= bindparam("first")
)

_PEOPLE = (
    select(person.c.id, person.c.name, person.c.groups, person.c.roles).where(person.c.active).order_by(person.c.id)
)
_JOBS = select(request.c.group, request.c.school, request.c["values"]).where(
    request.c.type == "repair", request.c.is_open
)
_POSITIONS = select(school.c.code, school.c.lat, school.c.lon).where(
    school.c.group == bindparam("group"), school.c.lat.is_not(None), school.c.lon.is_not(None)
)


class Facts(NamedTuple):
    """What `_ROWS` tells of a repair, in its order: its request with what was said, its place, and what its ticket says."""

    number: str
    group: str | None
    school: str | None
    opened_at: int
    said: Mapping[str, Any]
    node: str | None
    device: str | None
    dish: str
    reports: int
    onset_at: int | None
    recovered_at: int | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of a school: all that have equipment, and those of an agent's device or dish."""

    every: set[str] = field(default_factory=set)
    of_device: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    of_dish: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str, key: str, room: str) -> None:
        """`name`: of the agent; `key`: of its device."""
        self.every.add(room)
        self.of_device[name, key].add(room)


class RepairFacts:
    """On one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, numbers: Sequence[str]) -> Sequence[Facts]:
        return tuple(map(Facts._make, self._connection.execute(_ROWS, {"numbers": list(numbers)}).all()))

    def pupils(self, schools: Iterable[School]) -> Mapping[School, int | None]:
        rows = self._connection.execute(_PUPILS, {"codes": _codes(schools)}).all()
        return {(group, code): pupils for group, code, pupils in rows}

    def rooms(self, schools: Iterable[School]) -> Mapping[School, Rooms]:
        """As the register has them; what it has no entry of, or one with a dish, also where it says itself that it is."""
        codes = set(_codes(schools))
        found: defaultdict[School, Rooms] = defaultdict(Rooms)
        settled = set[tuple[str, str, str]]()
        for group, name, key, room, dish in self._connection.execute(_KNOWN).all():
            code = name.partition("-")[0]
            if code in codes:
                found[group, code].add(name, key, room)
                if dish:
                    found[group, code].of_dish[name, dish].add(room)
                else:
                    settled.add((group, name, key))
        for group, code, name, key, room in self._connection.execute(_HEARD, {"codes": list(codes)}).all():
            if (group, name, key) not in settled:
                found[group, code].add(name, key, room)
        return found

    def lost(self, schools: Iterable[School], first: date) -> Lost:
        """Lesson minutes, from a day on."""
        found: defaultdict[Room, list[tuple[str, str, float]]] = defaultdict(list)
        asked = {"codes": _codes(schools), "first": first.isoformat()}
        for group, code, room, day, cause, minutes in self._connection.execute(_LOST, asked).all():
            found[group, code, room].append((day, cause, minutes))
        return found

    def technicians(self) -> tuple[Technician, ...]:
        return tuple(
            Technician(f"person:{number}", name, None if groups is None else frozenset(groups))
            for number, name, groups, roles in self._connection.execute(_PEOPLE).all()
            if Role.TECHNICIAN.value in roles
        )

    def jobs(self) -> tuple[Job, ...]:
        """The open repairs that somebody works on."""
        return tuple(
            Job(str(values["technician"]), group or "", code or "")
            for group, code, values in self._connection.execute(_JOBS).all()
            if values.get("technician")
        )

    def positions(self, group: str) -> Mapping[str, Position]:
        return {code: (lat, lon) for code, lat, lon in self._connection.execute(_POSITIONS, {"group": group}).all()}


def _codes(schools: Iterable[School]) -> list[str]:
    return sorted({code for _, code in schools})
