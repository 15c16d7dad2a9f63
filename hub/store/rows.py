"""Ids of rows that intake.py has written or read, so that it need not ask for them again. What a failed transaction has added
is forgotten with it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Insert,
    Select,
    Table,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

Key = TypeVar("Key", bound=Hashable)
Row = dict[str, Any]


@dataclass(slots=True)
class Ids(Generic[Key]):
    """Row ids by key, those that the running transaction has added among them.

    shared  others add rows to the table as well: one that is not known may be there all the same
    """

    table: Table
    shared: bool = False
    known: dict[Key, int] = field(default_factory=dict)
    _fresh: list[Key] = field(default_factory=list)

    def get(self, key: Key) -> int | None:
        return self.known.get(key)

    def __getitem__(self, key: Key) -> int:
        return self.known[key]

    def learn(self, key: Key, row_id: int) -> None:
        """Take a row that has been committed."""
        self.known[key] = row_id

    def _add(self, key: Key, row_id: int) -> None:
        self.known[key] = row_id
        self._fresh.append(key)

    def write(self, connection: Connection, rows: Iterable[tuple[Key, Row]], identity: Callable[[Key], Row]) -> None:
        """Update the rows that are there, insert those that are not. A row that says nothing but who it is needs no update."""
        old: list[Row] = []
        new: list[tuple[Key, Row]] = []
        for key, row in rows:
            row_id = self.get(key)
            if row_id is None and self.shared:
                row_id = self._find(connection, key, identity(key))
            if row_id is None:
                new.append((key, identity(key) | row))
            else:
                old.append(row | {"row_id": row_id})
        _update(connection, self.table, old)
        if new:
            self._insert(connection, new)

    def _find(self, connection: Connection, key: Key, identity: Row) -> int | None:
        columns = self.table.c
        here = (columns[name] == value for name, value in identity.items())
        found: int | None = connection.execute(select(columns.id).where(*here)).scalar_one_or_none()
        if found is not None:
            self._add(key, found)
        return found

    def _insert(self, connection: Connection, new: Sequence[tuple[Key, Row]]) -> None:
        if self.shared:
            self._insert_where_missing(connection, new)
            return
        statement = insert(self.table).returning(self.table.c.id, sort_by_parameter_order=True)
        ids = connection.execute(statement, [row for _, row in new]).scalars().all()
        for (key, _), row_id in zip(new, ids, strict=True):
            self._add(key, row_id)

    def _insert_where_missing(self, connection: Connection, new: Sequence[tuple[Key, Row]]) -> None:
        """Somebody else can add the same row between our look and this."""
        rows = [row for _, row in new]
        connection.execute(_insert_or_leave(connection.dialect.name, self.table), rows)
        [unique] = (each for each in self.table.constraints if isinstance(each, UniqueConstraint))
        there: list[Row] = []
        for key, row in new:
            same = (column == row[column.name] for column in unique.columns)
            row_id = connection.execute(select(self.table.c.id).where(*same)).scalar_one()
            self._add(key, row_id)
            told = {name: value for name, value in row.items() if name not in unique.columns}
            there.append(told | {"row_id": row_id})
        _update(connection, self.table, there)

    def settle(self, *, done: bool) -> None:
        if not done:
            for key in self._fresh:
                del self.known[key]
        self._fresh.clear()


def fetched(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a question that is asked all the time, as the driver gives them: its columns need no translation."""
    sql, order = _asking(statement, connection.dialect)
    return connection.exec_driver_sql(sql, tuple(values[name] for name in order) if order else dict(values)).all()


@lru_cache(maxsize=8)
def _asking(statement: Select[Any], dialect: Dialect) -> tuple[str, Sequence[str] | None]:
    """The statement in the dialect's own words, and the order of its values where they go by position."""
    compiled: Any = statement.compile(dialect=dialect)
    return str(compiled), compiled.positiontup


def insert_new(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add these rows, each with a value for every column, where their key is not there yet.

    They go to the driver as they are, so their values must be such as it takes: of a million small rows most time would else
    be spent on asking SQLAlchemy what is to be done with each value.
    """
    sql, positional = _insertion(table, connection.dialect)
    if positional:
        connection.exec_driver_sql(sql, list(rows))
    else:
        names = table.c.keys()
        connection.exec_driver_sql(sql, [dict(zip(names, row, strict=True)) for row in rows])


def set_values(connection: Connection, column: Column[Any], rows: Sequence[tuple[int, object]]) -> None:
    """Write this column of rows, by their ids. They go to the driver as they are, like those of insert_new."""
    if rows:
        sql, positional = _setting(column, connection.dialect)
        if positional:
            connection.exec_driver_sql(sql, [(new, its) for its, new in rows])
        else:
            connection.exec_driver_sql(sql, [{"new": new, "its": its} for its, new in rows])


def set_json(connection: Connection, column: Column[Any], rows: Sequence[tuple[int, object]]) -> None:
    """The same for a column of JSON."""
    set_values(connection, column, [(row_id, orjson.dumps(value).decode()) for row_id, value in rows])


@lru_cache(maxsize=8)
def _setting(column: Column[Any], dialect: Dialect) -> tuple[str, bool]:
    table = column.table
    made = update(table).where(table.c.id == bindparam("its")).values({column: bindparam("new")})
    compiled: Any = made.compile(dialect=dialect)
    return str(compiled), bool(compiled.positional)


def _insert_or_leave(dialect: str, table: Table) -> Insert:
    made: Insert = (postgresql if dialect == "postgresql" else sqlite).insert(table).on_conflict_do_nothing()
    return made


@lru_cache(maxsize=8)
def _insertion(table: Table, dialect: Dialect) -> tuple[str, bool]:
    """The statement in the dialect's own words, and whether it takes values by position."""
    made = _insert_or_leave(dialect.name, table)
    compiled: Any = made.compile(dialect=dialect, column_keys=table.c.keys())
    return str(compiled), bool(compiled.positional)


def _update(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Where no column is told nothing is done: an update of none would give each row a new id (`SET id=DEFAULT`)."""
    columns = [name for name in rows[0] if name != "row_id"] if rows else []
    if not columns:
        return
    statement = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
    connection.execute(
        statement, [{"row_id": row["row_id"]} | {f"new_{name}": row[name] for name in columns} for row in rows]
    )
