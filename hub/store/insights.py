"""What the pages read of incidents, lesson time and use. Fills the Insights port of hub/web/insights.py."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
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
            asked, span = _lessons(chosen(groups)), {"first": first, "last": last}
            used = _used(connection, asked, span) if shown else {}
            # Without telling schools apart, for which the days of each would have to be brought together.
            together = sum(used.values()) if shown else float(connection.execute(asked.together, span).scalar_one())
            lost = _lost(connection, asked, span)
            days = connection.execute(asked.days, span).all()
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
            tuple((day, minutes) for day, minutes in days if minutes > 0),
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


class _Lessons(NamedTuple):
    """What is asked of lesson time between two days, kept by districts: to put it together takes as long as to ask some of it."""

    used: Select[Any]
    together: Select[Any]
    lost: Select[Any]
    days: Select[Any]


@lru_cache(_KEPT)
def _lessons(groups: tuple[str, ...] | None) -> _Lessons:
    shown, lost = room_day.c, room_day_lost.c
    place, by = (shown.group, shown.school), (lost.group, lost.school, lost.cause)
    during, lost_then = _within(room_day, groups), _within(room_day_lost, groups)
    minutes = func.sum(lost.minutes)
    return _Lessons(
        used=select(*place, func.sum(shown.used)).where(*during).group_by(*place),
        together=select(func.coalesce(func.sum(shown.used), 0.0)).where(*during),
        lost=select(*by, minutes).where(*lost_then).group_by(*by).order_by(minutes.desc(), lost.cause),
        days=select(lost.date, minutes).where(*lost_then).group_by(lost.date).order_by(lost.date),
    )


def _within(table: Table, groups: _Groups) -> tuple[ColumnElement[bool], ...]:
    return (table.c.date.between(bindparam("first"), bindparam("last")), *within(table.c.group, groups))


def _lost_by_day(
    connection: Connection, told: Sequence[Incident], spans: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str, str], Sequence[tuple[str, float]]]:
    """Minutes of the days of these incidents, by district, cause and school."""
    found: defaultdict[tuple[str, str, str], list[tuple[str, float]]] = defaultdict(list)
    if not told:
        return found
    schools = sorted({code for each in told for code in each.schools})
    asked = _days_lost(chosen({each.group for each in told}), few=len(schools) <= _FEW)
    span = {"first": min(first for first, _ in spans), "last": max(last for _, last in spans)}
    given = {**span, "causes": sorted({each.cause for each in told}), "schools": schools}
    for group, cause, code, day, minutes in connection.execute(asked, given).all():
        found[group, cause, code].append((day, minutes))
    return found


@lru_cache(_KEPT)
def _days_lost(groups: tuple[str, ...] | None, *, few: bool) -> Select[Any]:
    lost = room_day_lost.c
    key = (lost.group, lost.cause, lost.school, lost.date)
    here = [*_within(room_day_lost, groups), lost.cause.in_(bindparam("causes", expanding=True))]
    if few:
        here.append(lost.school.in_(bindparam("schools", expanding=True)))
    return select(*key, func.sum(lost.minutes)).where(*here).group_by(*key)


def _used(connection: Connection, asked: _Lessons, span: Mapping[str, str]) -> dict[tuple[str, str], float]:
    return {(row[0], row[1]): row[2] for row in connection.execute(asked.used, span).all()}


def _lost(connection: Connection, asked: _Lessons, span: Mapping[str, str]) -> dict[tuple[str, str], dict[str, float]]:
    found: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for group, code, cause, minutes in connection.execute(asked.lost, span).all():
        if minutes > 0:
            found[group, code][cause] = minutes
    return dict(found)


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
