"""What reports are made of, in a few queries that grow with the rooms and the requests of the period, not with the readings."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, and_, func, literal_column, or_, select

from hub.core.class_time import ClassTime
from hub.reports.facts import AssetFact, RatingFact, RequestFact, RoomMonth, SchoolFact
from hub.reports.period import Period, month_of
from hub.store.asset_tables import asset
from hub.store.assets import AssetRows
from hub.store.districts import named_in
from hub.store.survey_tables import survey, survey_sheet
from hub.store.tables import room_day, room_day_lost, school
from hub.store.workflow_tables import request

_HOUR_MS = 3_600_000
_FETCH = 5000
_SATISFACTION = "satisfaction"
# As text of the query: PostgreSQL does not know two parameters for the same, and would not group by it.
_YEAR_AND_MONTH: tuple[ColumnElement[int], ...] = (literal_column("1", Integer), literal_column("7", Integer))
_DISTRICTS = tuple(named_in(column) for column in (school.c.group, asset.c.group, room_day.c.group))
_Place = tuple[str, str, str]
Losses = Mapping[tuple[str, str, str], Mapping[str, Sequence[str]]]
"""Of a district, a school and a cause: the days on which each room lost lessons to it, in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, in moments (ms): from its first on, and up to its end or to now.

    day     the date on the wall at a moment
    limits  working hours that each type of request may take
    """

    period: Period
    groups: tuple[str, ...]
    start: int
    end: int
    now: int
    bells: ClassTime
    day: Callable[[int], date]
    moment: Callable[[date], int]
    limits: Mapping[str, float]

    def moment_after(self, day: date) -> int:
        """At which a day is over."""
        return self.moment(day + timedelta(days=1))

    def month(self, moment: int | None) -> str | None:
        """The month of the period that a moment lies in."""
        if moment is None or not self.start <= moment < self.end:
            return None
        return month_of(self.day(moment)).key


def report_schools(connection: Connection, asked: Asked) -> tuple[SchoolFact, ...]:
    rows = select(school.c.group, school.c.code, school.c.name, school.c.pupils)
    found = connection.execute(rows.where(school.c.group.in_(asked.groups)))
    return tuple(SchoolFact(*row) for row in found)


def room_months(connection: Connection, asked: Asked) -> tuple[RoomMonth, ...]:
    """Of every room, from the month on in which it was first known."""
    used, lost = _used(connection, asked), _lost(connection, asked)
    months = [
        (each, asked.moment(each.first), min(asked.moment_after(each.last), asked.end))
        for each in asked.period.months()
    ]
    whole: dict[tuple[str, str], float] = {}
    made = []
    for place, first in _known_since(connection, asked).items():
        for month, begin, end in months:
            key = (*place, month.key)
            if first > month.first:
                minutes = asked.bells.minutes(place[1], asked.moment(first), end)
            else:
                # The rooms of a school share its bells.
                minutes = whole.get((place[1], month.key), -1.0)
                if minutes < 0:
                    minutes = whole[place[1], month.key] = asked.bells.minutes(place[1], begin, end)
            if minutes > 0:
                made.append(RoomMonth(*key, minutes, used.get(key, 0.0), lost.get(key, {})))
    return tuple(made)


def losses(connection: Connection, asked: Asked, since: date) -> Losses:
    """From a day before the period on: faults that ended in it may have begun before."""
    row = room_day_lost.c
    rows = select(row.group, row.school, row.cause, row.room, row.date).where(
        row.group.in_(asked.groups), row.date.between(since.isoformat(), asked.period.last.isoformat())
    )
    found: defaultdict[_Place, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for group, code, cause, room, day in connection.execute(
        rows.order_by(row.date).execution_options(yield_per=_FETCH)
    ):
        found[group, code, cause][room].append(day)
    return found


def request_facts(connection: Connection, asked: Asked) -> tuple[tuple[str, RequestFact], ...]:
    """With their numbers; those of no district belong to all."""
    row = request.c
    here = or_(row.group.is_(None), row.group.in_(asked.groups))
    open_then = and_(row.opened_at < asked.end, or_(row.is_open, row.entered_at >= asked.start))
    columns = (row.number, row.type, row.state, row.group, row.school, row.opened_at, row.entered_at, row.is_open)
    rows = select(*columns, row.due_at, row.worked, row["values"]["rating"].as_string().label("rating"))
    found = connection.execute(rows.where(here, open_then).order_by(row.id))
    return tuple((each.number, _request(each, asked)) for each in found)


def report_assets(connection: Connection, asked: Asked) -> tuple[AssetFact, ...]:
    """Those that are there."""
    found = AssetRows(connection).all(asked.groups)
    return tuple(
        AssetFact(each.kind, each.acquired_on, each.life_years, each.price_satang) for each in found if each.is_there
    )


def survey_ratings(connection: Connection, asked: Asked) -> tuple[RatingFact, ...]:
    """Satisfaction as schools told it in surveys that they answered in the period."""
    row = survey_sheet.c
    said = row.answers[_SATISFACTION].as_string()
    rows = select(survey.c.type, said).select_from(survey_sheet.join(survey))
    here = (row.group.in_(asked.groups), row.answered_at >= asked.start, row.answered_at < asked.end)
    return tuple(
        RatingFact(f"survey:{kind}", int(value))
        for kind, value in connection.execute(rows.where(*here))
        if value is not None and value.isdecimal()
    )


def districts(connection: Connection) -> tuple[str, ...]:
    """That anything is known of."""
    return tuple(sorted({row[0] for asked in _DISTRICTS for row in connection.execute(asked).all()}))


def _known_since(connection: Connection, asked: Asked) -> Mapping[_Place, date]:
    """The first day that anything was told of a room."""
    day = room_day.c
    key = (day.group, day.school, day.room)
    rows = select(*key, func.min(day.date)).where(day.group.in_(asked.groups)).group_by(*key)
    return {(row[0], row[1], row[2]): date.fromisoformat(row[3]) for row in connection.execute(rows)}


def _used(connection: Connection, asked: Asked) -> Mapping[tuple[str, str, str, str], float]:
    day = room_day.c
    month = func.substr(day.date, *_YEAR_AND_MONTH)
    key = (day.group, day.school, day.room, month)
    rows = select(*key, func.sum(day.used)).where(*_within(room_day, asked)).group_by(*key)
    return {(row[0], row[1], row[2], _month(row[3])): row[4] for row in connection.execute(rows)}


def _lost(connection: Connection, asked: Asked) -> Mapping[tuple[str, str, str, str], Mapping[str, float]]:
    day = room_day_lost.c
    month = func.substr(day.date, *_YEAR_AND_MONTH)
    key = (day.group, day.school, day.room, month, day.cause)
    rows = select(*key, func.sum(day.minutes)).where(*_within(room_day_lost, asked)).group_by(*key)
    found: defaultdict[tuple[str, str, str, str], dict[str, float]] = defaultdict(dict)
    for row in connection.execute(rows):
        found[row[0], row[1], row[2], _month(row[3])][row[4]] = row[5]
    return found


def _within(table: Table, asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield table.c.group.in_(asked.groups)
    yield table.c.date.between(asked.period.first.isoformat(), asked.period.last.isoformat())


@lru_cache(maxsize=256)
def _month(iso: str) -> str:
    """2027-01 as a period calls it."""
    return month_of(date.fromisoformat(f"{iso}-01")).key


def _request(row: Any, asked: Asked) -> RequestFact:
    ended = None if row.is_open else asked.month(row.entered_at)
    rating = row.rating.removeprefix("r") if row.rating else ""
    return RequestFact(
        type=row.type,
        state=row.state,
        group=row.group or "",
        school=row.school or "",
        opened_in=asked.month(row.opened_at),
        ended_in=ended,
        hours=row.worked / _HOUR_MS,
        limit_hours=asked.limits.get(row.type),
        overdue=row.is_open and row.due_at is not None and row.due_at <= asked.now,
        rating=int(rating) if rating.isdecimal() else None,
    )
