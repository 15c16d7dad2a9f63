"""Many rows at a time, in the driver's own words: values go to it as they are, so they must be such as it takes.

Of a million small rows most time would else be spent on asking SQLAlchemy what is to be done with each value. PostgreSQL gets
the rows of a statement at once, as arrays of its columns, and not a statement for each; SQLite's statements are no further away
than a call.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Dialect, Insert, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add these rows, each with a value for every column, where their key is not there yet."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_insertion_of_arrays(table, connection.dialect), _columns(rows))
    else:
        connection.exec_driver_sql(_insertion(table, connection.dialect), list(rows))


def set_values(connection: Connection, column: Column[Any], rows: Sequence[tuple[int, object]]) -> None:
    """Write this column of rows, by their ids."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_setting_of_arrays(column, connection.dialect), _columns(rows))
    else:
        connection.exec_driver_sql(_setting(column, connection.dialect), [(new, its) for its, new in rows])


def set_json(connection: Connection, column: Column[Any], rows: Sequence[tuple[int, object]]) -> None:
    """The same for a column of JSON."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        # All of it is one text: of many texts the driver makes an array letter by letter.
        told = orjson.dumps({str(row_id): value for row_id, value in rows}).decode()
        connection.exec_driver_sql(_setting_of_json(column, connection.dialect), (told,))
    else:
        set_values(connection, column, [(row_id, orjson.dumps(value).decode()) for row_id, value in rows])


def insert_or_leave(dialect: str, table: Table) -> Insert:
    """What is there already stays as it is."""
    made: Insert = (postgresql if dialect == "postgresql" else sqlite).insert(table).on_conflict_do_nothing()
    return made


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


@lru_cache(maxsize=8)
def _insertion(table: Table, dialect: Dialect) -> str:
    return str(insert_or_leave(dialect.name, table).compile(dialect=dialect, column_keys=table.c.keys()))


@lru_cache(maxsize=8)
def _insertion_of_arrays(table: Table, dialect: Dialect) -> str:
    quoted = dialect.identifier_preparer
    names = ", ".join(quoted.format_column(column) for column in table.c)
    arrays = ", ".join(f"%s::{column.type.compile(dialect)}[]" for column in table.c)
    into = quoted.format_table(table)
    return f"INSERT INTO {into} ({names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"  # noqa: S608  names of ours


@lru_cache(maxsize=8)
def _setting(column: Column[Any], dialect: Dialect) -> str:
    table = column.table
    made = update(table).where(table.c.id == bindparam("its")).values({column: bindparam("new")})
    return str(made.compile(dialect=dialect))


@lru_cache(maxsize=8)
def _setting_of_arrays(column: Column[Any], dialect: Dialect) -> str:
    told = f"unnest(%s::BIGINT[], %s::{column.type.compile(dialect)}[]) AS told (its, new)"
    return _setting_from(told, column, dialect)


@lru_cache(maxsize=8)
def _setting_of_json(column: Column[Any], dialect: Dialect) -> str:
    return _setting_from("json_each(%s::JSON) AS told (its, new)", column, dialect)


def _setting_from(told: str, column: Column[Any], dialect: Dialect) -> str:
    table, name = (dialect.identifier_preparer.quote(each) for each in (column.table.name, column.name))
    return f"UPDATE {table} SET {name} = told.new FROM {told} WHERE {table}.id = told.its::BIGINT"  # noqa: S608  names of ours
