"""What the first page reads besides the fleet: places of schools, the day's numbers, and what waits in the office.

Few queries, none of them repeated per row; each goes by an index or through a table that grows with the schools alone.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, and_, case, distinct, func, select, tuple_

from hub.core.overview import AbsentSchool, SchoolPlace
from hub.core.people import Principal
from hub.store.districts import within
from hub.store.enrolment_tables import enrolment_trouble
from hub.store.registration import is_unregistered
from hub.store.request_views import visible_requests
from hub.store.tables import device, node, room_day_lost, school, ticket
from hub.store.workflow_tables import request
from hub.workflows.waiting import Standing

_RECEIVER, _REPAIR = "receiver", "repair"
_technician = request.c["values"]["technician"].as_string()


class OverviewRows:
    """On one connection. groups: only of these districts; None: of all."""

    def __init__(self, connection: Connection, groups: Collection[str] | None = None) -> None:
        self._connection, self._groups = connection, groups

    def places(self) -> tuple[SchoolPlace, ...]:
        """Of the schools that the register has a place for."""
        row = school.c
        known = select(row.group, row.code, row.name, row.lat, row.lon).where(
            row.lat.is_not(None), row.lon.is_not(None), *within(row.group, self._groups)
        )
        return tuple(SchoolPlace(*each) for each in self._connection.execute(known.order_by(row.group, row.code)))

    def absent(self) -> tuple[AbsentSchool, ...]:
        """Schools of the register of which no computer has ever reported, by name."""
        row = school.c
        here = select(node.c.group, node.c.school).where(*within(node.c.group, self._groups))
        none = tuple_(row.group, row.code).not_in(here)
        found = select(row.group, row.code, row.name).where(none, *within(row.group, self._groups))
        return tuple(AbsentSchool(*each) for each in self._connection.execute(found.order_by(row.name, row.code)))

    def rooms_by_school(self) -> Mapping[tuple[str, str], int]:
        """How many rooms of each school could be shown a lesson: those with a receiver."""
        here = and_(device.c.kind == _RECEIVER, device.c.room.is_not(None), *within(node.c.group, self._groups))
        rows = select(node.c.group, node.c.school, func.count(distinct(device.c.room))).select_from(device.join(node))
        found = self._connection.execute(rows.where(here).group_by(node.c.group, node.c.school))
        return {(row[0], row[1]): row[2] for row in found}

    def lost_on(self, day: str) -> tuple[tuple[str, float], ...]:
        """Lesson minutes lost on a day (ISO 8601) by cause, most first."""
        minutes = func.sum(room_day_lost.c.minutes)
        here = (room_day_lost.c.date == day, *within(room_day_lost.c.group, self._groups))
        rows = select(room_day_lost.c.cause, minutes).where(*here).group_by(room_day_lost.c.cause)
        found = [(row[0], float(row[1])) for row in self._connection.execute(rows) if row[1] > 0]
        return tuple(sorted(found, key=lambda each: (-each[1], each[0])))

    def open_tickets(self, now: int) -> Iterator[tuple[str, int]]:
        """State and time of opening of each open ticket that is not put off."""
        awake = func.coalesce(ticket.c.snoozed_until, 0) <= now
        rows = select(ticket.c.state, ticket.c.opened_at).where(ticket.c.open, awake, *self._of_nodes())
        return ((row[0], row[1]) for row in self._connection.execute(rows))

    def silent(self) -> tuple[int, int | None]:
        """Computers without a session, and when the first of them was heard last."""
        row = self._connection.execute(
            select(func.count(), func.min(node.c.heard_at)).where(
                node.c.online.is_(False), *within(node.c.group, self._groups)
            )
        ).one()
        return row[0], row[1]

    def _of_nodes(self) -> Iterator[ColumnElement[bool]]:
        """Tickets of their nodes."""
        if self._groups is not None:
            yield ticket.c.node_id.in_(select(node.c.id).where(*within(node.c.group, self._groups)))

    def standing(self, who: Principal, now: int) -> tuple[Standing, ...]:
        """Open requests that somebody may see, by type and state; without repairs, which are told of by who works on them."""
        mine = request.c.opened_by == who.label
        late = func.sum(case((request.c.due_at <= now, 1), else_=0))
        by = (request.c.type, request.c.state, case((mine, 1), else_=0).label("is_mine"))
        rows = select(*by, func.count(), func.min(request.c.entered_at), late)
        here = rows.where(request.c.is_open, request.c.type != _REPAIR, *visible_requests(who))
        found = self._connection.execute(here.group_by("type", "state", "is_mine"))
        return tuple(Standing(row[0], row[1], bool(row[2]), row[3], row[4], row[5]) for row in found)

    def repairs_of(self, who: Principal, now: int, states: frozenset[str]) -> tuple[int, int | None, int]:
        """Repairs in these states that somebody works on: how many, since when, and how many of them are late."""
        return self._repairs(who, now, request.c.state.in_(states), _technician == who.label)

    def unassigned(self, who: Principal, now: int, states: frozenset[str]) -> tuple[int, int | None, int]:
        """Repairs in these states that nobody has taken."""
        return self._repairs(who, now, request.c.state.in_(states), _technician.is_(None))

    def newcomers(self) -> int:
        """Equipment that reports and is not in the register."""
        rows = (
            select(func.count())
            .select_from(device.join(node))
            .where(is_unregistered(), *within(node.c.group, self._groups))
        )
        return int(self._connection.execute(rows).scalar_one())

    def twins(self, since: int) -> tuple[int, int | None]:
        """Computers that wanted to be one and the same since then, and the first time."""
        row = enrolment_trouble.c
        here = (row.last_at >= since, *within(row.group, self._groups))
        found = self._connection.execute(select(func.count(), func.min(row.first_at)).where(*here)).one()
        return found[0], found[1]

    def _repairs(self, who: Principal, now: int, *conditions: ColumnElement[bool]) -> tuple[int, int | None, int]:
        late = func.coalesce(func.sum(case((request.c.due_at <= now, 1), else_=0)), 0)
        rows = select(func.count(), func.min(request.c.entered_at), late)
        here = rows.where(request.c.type == _REPAIR, request.c.is_open, *conditions, *visible_requests(who))
        count, since, over = self._connection.execute(here).one()
        return count, since, over
