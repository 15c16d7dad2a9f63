"""What the pages read of incidents, lesson time and use. Fills the Insights port of hub/web/insights.py."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, select, union

from hub.core.findings import Incident
from hub.core.insights import IncidentSchool, IncidentView, LessonTime, RoomIdle, RoomUse, SchoolLessons
from hub.store.districts import chosen, named_in, within
from hub.store.incidents import incidents
from hub.store.rooms_in_use import Asked, ClassDays, Room, idle_rooms, rooms_in_use
from hub.store.tables import incident, node, room_day, room_day_lost, school
from hub.store.unit_of_work import Store

_Groups = Collection[str] | None
_FEW = 500
"""Schools that are asked for by their codes; of more, all of their districts are read."""
_Named = Mapping[tuple[str, str], str]
_KEPT = 32
"""Sets of districts whose statements are kept."""
_GROUPS = union(select(node.c.group), named_in(room_day.c.group), select(incident.c.group))


class StoreInsights:
    """Insights, read from the store. `zone`: days are those of this time zone."""

    def __init__(self, store: Store, zone: ZoneInfo, class_days: ClassDays) -> None:
        self._store, self._zone, self._class_days = store, zone, class_days

    def groups(self) -> tuple[str, ...]:
        with self._store.reading() as connection:
            return tuple(sorted(connection.execute(_GROUPS).scalars()))

    def sites(self, groups: _Groups = None) -> tuple[tuple[float, float], ...]:
        with self._store.reading() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(_sites(chosen(groups))).all())

    def incidents(
        self,
        groups: _Groups = None,
        *,
        since: int | None = None,
        running: bool = False,
        skip: int = 0,
        limit: int = 50,
    ) -> tuple[IncidentView, ...]:
        with self._store.reading() as connection:
            found = incidents(connection, groups, since=since, running=running, skip=skip, limit=limit)
            return self._views(connection, found)

    def incident(self, group: str, key: str) -> IncidentView | None:
        with self._store.reading() as connection:
            views = self._views(connection, incidents(connection, [group], key=key))
        return views[0] if views else None

    def lesson_time(self, groups: _Groups, first: str, last: str, *, shown: bool = True) -> LessonTime:
        with self._store.reading() as connection:
            used = _used(connection, groups, first, last) if shown else {}
            together = sum(used.values()) if shown else _used_together(connection, groups, first, last)
            lost = _lost(connection, groups, first, last)
            days = _lost_days(connection, groups, first, last)
            names = _names(connection, groups)
        by_cause: defaultdict[str, float] = defaultdict(float)
        for causes in lost.values():
            for cause, minutes in causes.items():
                by_cause[cause] += minutes
        schools = [SchoolLessons(*place, names.get(place), used.get(place, 0.0), lost[place]) for place in lost]
        return LessonTime(
            first,
            last,
            together,
            tuple(sorted(by_cause.items(), key=lambda pair: (-pair[1], pair[0]))),
            tuple(sorted(schools, key=lambda each: (-each.lost_min, each.group, each.school))),
            days,
        )

    def rooms(
        self,
        groups: _Groups,
        first: str,
        last: str,
        school: str | None = None,
        *,
        among: Collection[Room] | None = None,
    ) -> tuple[RoomUse, ...]:
        with self._store.reading() as connection:
            asked = Asked(groups, school, first, last, among)
            return rooms_in_use(connection, asked, _names(connection, groups, school), self._class_days, self._zone)

    def idle(self, groups: _Groups, first: str, last: str, enough: int) -> tuple[RoomIdle, ...]:
        with self._store.reading() as connection:
            return idle_rooms(connection, Asked(groups, None, first, last), self._class_days, self._zone, enough)

    def _views(self, connection: Connection, found: Sequence[Incident]) -> tuple[IncidentView, ...]:
        names = _names(connection, {each.group for each in found})
        lost = self._lost_to(connection, found)
        return tuple(self._view(each, names, minutes) for each, minutes in zip(found, lost, strict=True))

    def _view(self, told: Incident, names: _Named, lost: float) -> IncidentView:
        members = (
            IncidentSchool(code, names.get((told.group, code)), start, end)
            for code, (start, end) in told.schools.items()
        )
        return IncidentView(
            told.group,
            told.key,
            told.cause,
            told.start,
            told.end,
            tuple(sorted(members, key=lambda each: (each.start, each.code))),
            told.evidence,
            lost,
        )

    def _lost_to(self, connection: Connection, told: Sequence[Incident]) -> list[float]:
        """Minutes of each. Of a cause that came twice on one day, those of both: the days do not tell them apart."""
        spans = [(self._day(each.start), "9999" if each.end is None else self._day(each.end)) for each in told]
        days = _lost_by_day(connection, told, spans)
        return [
            math.fsum(
                minutes
                for code in each.schools
                for day, minutes in days.get((each.group, each.cause, code), ())
                if first <= day <= last
            )
            for each, (first, last) in zip(told, spans, strict=True)
        ]

    def _day(self, t: int) -> str:
        return datetime.fromtimestamp(t / 1000, self._zone).date().isoformat()


def _within(table: Table, groups: _Groups, first: str, last: str) -> Iterator[ColumnElement[bool]]:
    yield table.c.date.between(first, last)
    yield from within(table.c.group, groups)


def _lost_by_day(
    connection: Connection, told: Sequence[Incident], spans: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str, str], Sequence[tuple[str, float]]]:
    """Minutes of the days of these incidents, by district, cause and school."""
    found: defaultdict[tuple[str, str, str], list[tuple[str, float]]] = defaultdict(list)
    if not told:
        return found
    lost = room_day_lost.c
    key = (lost.group, lost.cause, lost.school, lost.date)
    days = lost.date.between(min(first for first, _ in spans), max(last for _, last in spans))
    here = [lost.cause.in_(sorted({each.cause for each in told})), *within(lost.group, {each.group for each in told})]
    schools = {code for each in told for code in each.schools}
    if len(schools) <= _FEW:
        here.append(lost.school.in_(sorted(schools)))
    for group, cause, code, day, minutes in connection.execute(
        select(*key, func.sum(lost.minutes)).where(days, *here).group_by(*key)
    ).all():
        found[group, cause, code].append((day, minutes))
    return found


def _used(connection: Connection, groups: _Groups, first: str, last: str) -> dict[tuple[str, str], float]:
    place = (room_day.c.group, room_day.c.school)
    query = select(*place, func.sum(room_day.c.used)).where(*_within(room_day, groups, first, last)).group_by(*place)
    return {(row[0], row[1]): row[2] for row in connection.execute(query).all()}


def _used_together(connection: Connection, groups: _Groups, first: str, last: str) -> float:
    """Without telling schools apart, for which the days of each would have to be brought together."""
    used = func.coalesce(func.sum(room_day.c.used), 0.0)
    return float(connection.execute(select(used).where(*_within(room_day, groups, first, last))).scalar_one())


def _lost(connection: Connection, groups: _Groups, first: str, last: str) -> dict[tuple[str, str], dict[str, float]]:
    lost = room_day_lost.c
    by = (lost.group, lost.school, lost.cause)
    query = select(*by, func.sum(lost.minutes)).where(*_within(room_day_lost, groups, first, last)).group_by(*by)
    found: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in connection.execute(query.order_by(func.sum(lost.minutes).desc(), lost.cause)).all():
        if row[3] > 0:
            found[row[0], row[1]][row[2]] = row[3]
    return dict(found)


def _lost_days(connection: Connection, groups: _Groups, first: str, last: str) -> tuple[tuple[str, float], ...]:
    day, minutes = room_day_lost.c.date, func.sum(room_day_lost.c.minutes)
    query = select(day, minutes).where(*_within(room_day_lost, groups, first, last)).group_by(day).order_by(day)
    return tuple((row[0], row[1]) for row in connection.execute(query).all() if row[1] > 0)


def _names(connection: Connection, groups: _Groups, only: str | None = None) -> _Named:
    """`only`: of one school."""
    asked = _named(chosen(groups), one=only is not None)
    return {(row[0], row[1]): row[2] for row in connection.execute(asked, {"only": only}).all()}


@lru_cache(_KEPT)
def _named(groups: tuple[str, ...] | None, *, one: bool) -> Select[Any]:
    found = select(school.c.group, school.c.code, school.c.name).where(*within(school.c.group, groups))
    return found.where(school.c.code == bindparam("only")) if one else found


@lru_cache(_KEPT)
def _sites(groups: tuple[str, ...] | None) -> Select[Any]:
    placed = (school.c.lat.is_not(None), school.c.lon.is_not(None))
    return select(school.c.lat, school.c.lon).where(*placed, *within(school.c.group, groups)).distinct()
