"""What the pages read of incidents, lesson time and use. Fills the Insights port of hub/web/insights.py."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, func, select, union

from hub.core.findings import Incident
from hub.core.insights import IncidentSchool, IncidentView, LessonTime, RoomUse, SchoolLessons
from hub.store.incidents import incidents
from hub.store.rooms_in_use import Asked, ClassDays, rooms_in_use
from hub.store.tables import incident, node, room_day, room_day_lost, school
from hub.store.unit_of_work import Store

_Named = Mapping[tuple[str, str], str]


class StoreInsights:
    """Insights, read from the store. `zone`: days are those of this time zone."""

    def __init__(self, store: Store, zone: ZoneInfo, class_days: ClassDays) -> None:
        self._store, self._zone, self._class_days = store, zone, class_days

    def groups(self) -> tuple[str, ...]:
        with self._store.reading() as connection:
            found = union(select(node.c.group), select(room_day.c.group), select(incident.c.group))
            return tuple(sorted(connection.execute(found).scalars()))

    def sites(self) -> tuple[tuple[float, float], ...]:
        with self._store.reading() as connection:
            known = select(school.c.lat, school.c.lon).where(school.c.lat.is_not(None), school.c.lon.is_not(None))
            return tuple((row[0], row[1]) for row in connection.execute(known.distinct()))

    def incidents(
        self,
        group: str | None = None,
        *,
        since: int | None = None,
        running: bool = False,
        skip: int = 0,
        limit: int = 50,
    ) -> tuple[IncidentView, ...]:
        with self._store.reading() as connection:
            found = incidents(connection, group, since=since, running=running, skip=skip, limit=limit)
            return self._views(connection, found)

    def incident(self, group: str, key: str) -> IncidentView | None:
        with self._store.reading() as connection:
            views = self._views(connection, incidents(connection, group, key=key))
        return views[0] if views else None

    def lesson_time(self, group: str | None, first: str, last: str) -> LessonTime:
        with self._store.reading() as connection:
            used = _used(connection, group, first, last)
            lost = _lost(connection, group, first, last)
            days = _lost_days(connection, group, first, last)
            names = _names(connection)
        by_cause: defaultdict[str, float] = defaultdict(float)
        for causes in lost.values():
            for cause, minutes in causes.items():
                by_cause[cause] += minutes
        schools = [SchoolLessons(*place, names.get(place), used.get(place, 0.0), lost[place]) for place in lost]
        return LessonTime(
            first,
            last,
            sum(used.values()),
            tuple(sorted(by_cause.items(), key=lambda pair: (-pair[1], pair[0]))),
            tuple(sorted(schools, key=lambda each: (-each.lost_min, each.group, each.school))),
            days,
        )

    def rooms(self, group: str | None, first: str, last: str, school: str | None = None) -> tuple[RoomUse, ...]:
        with self._store.reading() as connection:
            asked = Asked(group, school, first, last)
            return rooms_in_use(connection, asked, _names(connection), self._class_days, self._zone)

    def _views(self, connection: Connection, found: Sequence[Incident]) -> tuple[IncidentView, ...]:
        names = _names(connection)
        return tuple(self._view(connection, each, names) for each in found)

    def _view(self, connection: Connection, told: Incident, names: _Named) -> IncidentView:
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
            self._lost_to(connection, told),
        )

    def _lost_to(self, connection: Connection, told: Incident) -> float:
        """Of a cause that came twice on one day, the minutes of both: the days do not tell them apart."""
        lost = room_day_lost.c
        since = self._day(told.start)
        here = [lost.group == told.group, lost.cause == told.cause, lost.school.in_(told.schools), lost.date >= since]
        if told.end is not None:
            here.append(lost.date <= self._day(told.end))
        return float(connection.execute(select(func.coalesce(func.sum(lost.minutes), 0.0)).where(*here)).scalar_one())

    def _day(self, t: int) -> str:
        return datetime.fromtimestamp(t / 1000, self._zone).date().isoformat()


def _within(table: Table, group: str | None, first: str, last: str) -> Iterator[ColumnElement[bool]]:
    yield table.c.date.between(first, last)
    if group is not None:
        yield table.c.group == group


def _used(connection: Connection, group: str | None, first: str, last: str) -> dict[tuple[str, str], float]:
    place = (room_day.c.group, room_day.c.school)
    query = select(*place, func.sum(room_day.c.used)).where(*_within(room_day, group, first, last)).group_by(*place)
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def _lost(connection: Connection, group: str | None, first: str, last: str) -> dict[tuple[str, str], dict[str, float]]:
    lost = room_day_lost.c
    by = (lost.group, lost.school, lost.cause)
    query = select(*by, func.sum(lost.minutes)).where(*_within(room_day_lost, group, first, last)).group_by(*by)
    found: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in connection.execute(query.order_by(func.sum(lost.minutes).desc(), lost.cause)):
        if row[3] > 0:
            found[row[0], row[1]][row[2]] = row[3]
    return dict(found)


def _lost_days(connection: Connection, group: str | None, first: str, last: str) -> tuple[tuple[str, float], ...]:
    day, minutes = room_day_lost.c.date, func.sum(room_day_lost.c.minutes)
    query = select(day, minutes).where(*_within(room_day_lost, group, first, last)).group_by(day).order_by(day)
    return tuple((row[0], row[1]) for row in connection.execute(query) if row[1] > 0)


def _names(connection: Connection) -> _Named:
    return {
        (row[0], row[1]): row[2] for row in connection.execute(select(school.c.group, school.c.code, school.c.name))
    }
