"""Lesson time by room and day: minutes in which a lesson could be seen, and minutes lost by cause."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.findings import RoomDay
from hub.store.tables import room_day, room_day_lost

_KEY = ("group", "school", "room", "date")
_FETCH = 2000
_Place = tuple[str, str, str, str]


def keep_room_days(connection: Connection, told: Iterable[RoomDay]) -> None:
    """Each replaces what was told of that room and day before."""
    days = {(each.group, each.school, each.room, each.date): each for each in told}
    if not days:
        return
    keys = [dict(zip(_KEY, place, strict=True)) for place in days]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(room_day)
    statement = statement.on_conflict_do_update(index_elements=_KEY, set_={"used": statement.excluded.used})
    rows = [key | {"used": each.used} for key, each in zip(keys, days.values(), strict=True)]
    connection.execute(statement, rows)
    here = and_(*(room_day_lost.c[name] == bindparam(f"the_{name}") for name in _KEY))
    connection.execute(delete(room_day_lost).where(here), [{f"the_{name}": key[name] for name in _KEY} for key in keys])
    lost = [
        key | {"cause": cause, "minutes": minutes}
        for key, each in zip(keys, days.values(), strict=True)
        for cause, minutes in each.lost.items()
    ]
    if lost:
        connection.execute(insert(room_day_lost), lost)


def room_days(
    connection: Connection,
    group: str | None = None,
    school: str | None = None,
    *,
    first: str | None = None,
    last: str | None = None,
) -> Iterator[RoomDay]:
    """In the order of group, school, room and day; `first` and `last` are days, both included."""

    def wanted(table: Table) -> Iterator[ColumnElement[bool]]:
        if group is not None:
            yield table.c.group == group
        if school is not None:
            yield table.c.school == school
        if first is not None:
            yield table.c.date >= first
        if last is not None:
            yield table.c.date <= last

    lost: defaultdict[_Place, dict[str, float]] = defaultdict(dict)
    for *place, cause, minutes in connection.execute(select(room_day_lost).where(*wanted(room_day_lost))):
        lost[_place(*place)][cause] = minutes
    key_columns = [room_day.c[name] for name in _KEY]
    days = select(*key_columns, room_day.c.used).where(*wanted(room_day)).order_by(*key_columns)
    for *place, used in connection.execute(days.execution_options(yield_per=_FETCH)):
        key = _place(*place)
        yield RoomDay(*key, lost=lost.get(key, {}), used=used)


def _place(group: str, school: str, room: str, date: str) -> _Place:
    return group, school, room, date
