"""What the first page reads besides the fleet: places of schools, the day's numbers, and what waits in the office.

Few queries, none of them repeated per row; each goes by an index or through a table that grows with the schools alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, and_, bindparam, case, distinct, func, select, tuple_

from hub.core.overview import AbsentSchool, SchoolPlace
from hub.core.people import Principal
from hub.store.districts import chosen, within
from hub.store.enrolment_tables import enrolment_trouble
from hub.store.registration import is_unregistered
from hub.store.request_views import visible_requests
from hub.store.tables import device, node, room_day_lost, school, ticket
from hub.store.workflow_tables import request
from hub.workflows.waiting import Standing

_RECEIVER, _REPAIR = "receiver", "repair"
_technician = request.c["values"]["technician"].as_string()


_Count = tuple[int, int | None, int]
_KEPT = 64
"""Statements of so many sets of districts, or people, are kept: to put one together takes longer than to ask it."""
_NOW = bindparam("now", type_=BigInteger)
_Groups = tuple[str, ...] | None


class OverviewRows:
    """On one connection. groups: only of these districts; None: of all."""

    def __init__(self, connection: Connection, groups: Collection[str] | None = None) -> None:
        self._connection, self._groups = connection, chosen(groups)

    def places(self) -> tuple[SchoolPlace, ...]:
        """Of the schools that the register has a place for."""
        return tuple(SchoolPlace(*each) for each in self._all(_places(self._groups)))

    def absent(self) -> tuple[AbsentSchool, ...]:
        """Schools of the register of which no computer has ever reported, by name."""
        return tuple(AbsentSchool(*each) for each in self._all(_absent(self._groups)))

    def rooms_by_school(self) -> Mapping[tuple[str, str], int]:
        """How many rooms of each school could be shown a lesson: those with a receiver."""
        return {(row[0], row[1]): row[2] for row in self._all(_rooms_by_school(self._groups))}

    def lost_on(self, day: str) -> tuple[tuple[str, float], ...]:
        """Lesson minutes lost on a day (ISO 8601) by cause, most first."""
        found = [(row[0], float(row[1])) for row in self._all(_lost(self._groups), day=day) if row[1] > 0]
        return tuple(sorted(found, key=lambda each: (-each[1], each[0])))

    def open_tickets(self, now: int) -> Iterator[tuple[str, int]]:
        """State and time of opening of each open ticket that is not put off."""
        return ((row[0], row[1]) for row in self._all(_open_tickets(self._groups), now=now))

    def silent(self) -> tuple[int, int | None]:
        """Computers without a session, and when the first of them was heard last."""
        [row] = self._all(_silent(self._groups))
        return row[0], row[1]

    def standing(self, who: Principal, now: int) -> tuple[Standing, ...]:
        """Open requests that somebody may see, by type and state; without repairs, which are told of by who works on them."""
        found = self._all(_standing(who), now=now)
        return tuple(Standing(row[0], row[1], bool(row[2]), row[3], row[4], row[5]) for row in found)

    def repairs_of(self, who: Principal, now: int, states: frozenset[str]) -> _Count:
        """Repairs in these states that somebody works on: how many, since when, and how many of them are late."""
        [row] = self._all(_repairs(who, states, taken=True), now=now)
        return row[0], row[1], row[2]

    def unassigned(self, who: Principal, now: int, states: frozenset[str]) -> _Count:
        """Repairs in these states that nobody has taken."""
        [row] = self._all(_repairs(who, states, taken=False), now=now)
        return row[0], row[1], row[2]

    def newcomers(self) -> int:
        """Equipment that reports and is not in the register."""
        [row] = self._all(_newcomers(self._groups))
        return int(row[0])

    def twins(self, since: int) -> tuple[int, int | None]:
        """Computers that wanted to be one and the same since then, and the first time."""
        [row] = self._all(_twins(self._groups), since=since)
        return row[0], row[1]

    def _all(self, asked: Select[*tuple[Any, ...]], **given: object) -> Sequence[Any]:
        return self._connection.execute(asked, given).all()


@lru_cache(_KEPT)
def _places(groups: _Groups) -> Select[Any]:
    row = school.c
    known = select(row.group, row.code, row.name, row.lat, row.lon).where(
        row.lat.is_not(None), row.lon.is_not(None), *within(row.group, groups)
    )
    return known.order_by(row.group, row.code)


@lru_cache(_KEPT)
def _absent(groups: _Groups) -> Select[Any]:
    row = school.c
    here = select(node.c.group, node.c.school).where(*within(node.c.group, groups))
    none = tuple_(row.group, row.code).not_in(here)
    found = select(row.group, row.code, row.name).where(none, *within(row.group, groups))
    return found.order_by(row.name, row.code)


@lru_cache(_KEPT)
def _rooms_by_school(groups: _Groups) -> Select[Any]:
    here = and_(device.c.kind == _RECEIVER, device.c.room.is_not(None), *within(node.c.group, groups))
    rows = select(node.c.group, node.c.school, func.count(distinct(device.c.room))).select_from(device.join(node))
    return rows.where(here).group_by(node.c.group, node.c.school)


@lru_cache(_KEPT)
def _lost(groups: _Groups) -> Select[Any]:
    here = (room_day_lost.c.date == bindparam("day"), *within(room_day_lost.c.group, groups))
    return select(room_day_lost.c.cause, func.sum(room_day_lost.c.minutes)).where(*here).group_by(room_day_lost.c.cause)


@lru_cache(_KEPT)
def _open_tickets(groups: _Groups) -> Select[Any]:
    found = select(ticket.c.state, ticket.c.opened_at).where(
        ticket.c.open, func.coalesce(ticket.c.snoozed_until, 0) <= _NOW
    )
    if groups is None:
        return found
    # Tickets of their nodes.
    return found.where(ticket.c.node_id.in_(select(node.c.id).where(*within(node.c.group, groups))))


@lru_cache(_KEPT)
def _silent(groups: _Groups) -> Select[*tuple[Any, ...]]:
    return select(func.count(), func.min(node.c.heard_at)).where(
        node.c.online.is_(False), *within(node.c.group, groups)
    )


@lru_cache(_KEPT)
def _standing(who: Principal) -> Select[Any]:
    mine = request.c.opened_by == who.label
    late = func.sum(case((request.c.due_at <= _NOW, 1), else_=0))
    by = (request.c.type, request.c.state, case((mine, 1), else_=0).label("is_mine"))
    rows = select(*by, func.count(), func.min(request.c.entered_at), late)
    here = rows.where(request.c.is_open, request.c.type != _REPAIR, *visible_requests(who))
    return here.group_by("type", "state", "is_mine")


@lru_cache(_KEPT)
def _repairs(who: Principal, states: frozenset[str], *, taken: bool) -> Select[Any]:
    late = func.coalesce(func.sum(case((request.c.due_at <= _NOW, 1), else_=0)), 0)
    rows = select(func.count(), func.min(request.c.entered_at), late)
    whose = _technician == who.label if taken else _technician.is_(None)
    here = (request.c.type == _REPAIR, request.c.is_open, request.c.state.in_(sorted(states)), whose)
    return rows.where(*here, *visible_requests(who))


@lru_cache(_KEPT)
def _newcomers(groups: _Groups) -> Select[Any]:
    found = select(func.count()).select_from(device.join(node))
    return found.where(is_unregistered(), *within(node.c.group, groups))


@lru_cache(_KEPT)
def _twins(groups: _Groups) -> Select[*tuple[Any, ...]]:
    row = enrolment_trouble.c
    here = (row.last_at >= bindparam("since", type_=BigInteger), *within(row.group, groups))
    return select(func.count(), func.min(row.first_at)).where(*here)
