"""What is known around repairs, for their urgency and for who goes: of many at once in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

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


class RepairFacts:
    """On one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, numbers: Sequence[str]) -> Sequence[Any]:
        """Of each: its request, its place, and what its ticket says."""
        joined = request.join(repair, repair.c.number == request.c.number).outerjoin(ticket)
        told = (ticket.c.onset_at, ticket.c.recovered_at, ticket.c.cause)
        columns = (request.c.number, request.c.group, request.c.school, request.c.opened_at, request.c["values"])
        of_repair = (repair.c.node, repair.c.device, repair.c.dish, repair.c.reports)
        rows = select(*columns, *of_repair, *told).select_from(joined).where(request.c.number.in_(numbers))
        return self._connection.execute(rows).all()

    def pupils(self, schools: Iterable[School]) -> Mapping[School, int | None]:
        known = select(school.c.group, school.c.code, school.c.pupils)
        rows = self._connection.execute(known.where(school.c.code.in_({code for _, code in schools})))
        return {(group, code): pupils for group, code, pupils in rows}

    def rooms(self, schools: Iterable[School]) -> Mapping[School, Mapping[tuple[str, str, str], str]]:
        """The rooms of schools, by the agent, the device and the dish that is in them."""
        found: defaultdict[School, dict[tuple[str, str, str], str]] = defaultdict(dict)
        codes = {code for _, code in schools}
        heard = select(node.c.group, node.c.school, node.c.name, device.c.key, device.c.room).join_from(device, node)
        here = heard.where(node.c.school.in_(codes), device.c.room.is_not(None))
        for group, code, name, key, room in self._connection.execute(here):
            found[group, code][name, key, ""] = room
        known = select(registered.c.group, registered.c.node, registered.c.device, registered.c.room, registered.c.dish)
        for row in self._connection.execute(known.where(registered.c.room.is_not(None))):
            key = (row.group, row.node.partition("-")[0])
            if key[1] in codes:
                found[key][row.node, row.device, row.dish or ""] = row.room
        return found

    def lost(self, schools: Iterable[School], first: date) -> Lost:
        """Lesson minutes, from a day on."""
        day, codes = room_day_lost.c, {code for _, code in schools}
        rows = select(day.group, day.school, day.room, day.date, day.cause, day.minutes)
        found: defaultdict[Room, list[tuple[str, str, float]]] = defaultdict(list)
        for group, code, room, *told in self._connection.execute(
            rows.where(day.school.in_(codes), day.date >= first.isoformat())
        ):
            found[group, code, room].append((told[0], told[1], told[2]))
        return found

    def technicians(self) -> tuple[Technician, ...]:
        rows = self._connection.execute(select(person).where(person.c.active).order_by(person.c.id))
        return tuple(
            Technician(f"person:{row.id}", row.name, None if row.groups is None else frozenset(row.groups))
            for row in rows
            if Role.TECHNICIAN.value in row.roles
        )

    def jobs(self) -> tuple[Job, ...]:
        """The open repairs that somebody works on."""
        rows = select(request.c.group, request.c.school, request.c["values"])
        found = self._connection.execute(rows.where(request.c.type == "repair", request.c.is_open))
        return tuple(
            Job(str(row[2]["technician"]), row.group or "", row.school or "")
            for row in found
            if row[2].get("technician")
        )

    def positions(self, group: str) -> Mapping[str, Position]:
        rows = select(school.c.code, school.c.lat, school.c.lon).where(
            school.c.group == group, school.c.lat.is_not(None)
        )
        return {row.code: (row.lat, row.lon) for row in self._connection.execute(rows) if row.lon is not None}
