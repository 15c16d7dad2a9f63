"""How rows of a move are read and written on either kind of database; moving.py decides which, and when.

They go as plain values: JSON as the text it is, so that it stays the same to the letter. A zero character, which PostgreSQL keeps
in no text, becomes U+FFFD.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Connection, MetaData, String, Table, Text, cast, func, select, text

MOVED = Table(
    "moved",
    MetaData(),
    Column("name", String(63), primary_key=True),
    Column("last", JSON, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
    comment="how far a move into this database came; gone when it has ended",
)
_HAS_IDS = text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")
_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def columns_of(table: Table) -> list[Any]:
    """Those of the key first."""
    columns = [*table.primary_key.columns, *(each for each in table.columns if not each.primary_key)]
    return [cast(each, Text).label(each.name) if isinstance(each.type, JSON) else each for each in columns]


def plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, date):
        return value.isoformat()
    return bytes(value) if isinstance(value, memoryview) else value


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    quoted = connection.dialect.identifier_preparer
    names = ", ".join(quoted.quote(column.name) for column in columns_of(table))
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {quoted.format_table(table)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(table.columns))
    into = f"INSERT INTO {quoted.format_table(table)} ({names}) VALUES ({places})"  # noqa: S608  names of our own tables
    connection.exec_driver_sql(into, [tuple(row) for row in rows])


@contextmanager
def without_rules(connection: Connection, table: Table) -> Iterator[None]:
    """Triggers let nobody write a history but at its end; what is moved was written so. Part of the transaction."""
    name = connection.dialect.identifier_preparer.format_table(table)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        return
    made = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
    rules = connection.execute(made, {"name": table.name}).all()
    for rule in rules:
        connection.exec_driver_sql(f'DROP TRIGGER "{rule.name}"')
    yield
    for rule in rules:
        connection.exec_driver_sql(rule.sql)


def set_sequences(old: Connection, new: Connection, tables: Iterable[Table]) -> None:
    """Numbers go on after the highest that was ever given, also where its row is gone."""
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        newest = new.execute(select(func.max(column))).scalar() or 0
        given = max(newest, _last_given(old, table, column.name))
        if given:
            _give_from(new, table, column.name, given)


def _last_given(old: Connection, table: Table, column: str) -> int:
    if old.dialect.name == "sqlite":
        if not old.execute(_HAS_IDS).first():
            return 0
        return old.execute(_LAST_ID, {"name": table.name}).scalar() or 0
    sequence = _sequence(old, table, column)
    last = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608  by its own name
    return int(old.exec_driver_sql(last).scalar_one())


def _give_from(new: Connection, table: Table, column: str, given: int) -> None:
    if new.dialect.name == "postgresql":
        new.execute(
            text("SELECT setval(:sequence, :given)"), {"sequence": _sequence(new, table, column), "given": given}
        )
    elif table.dialect_options["sqlite"]["autoincrement"]:
        new.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        new.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :given)"), {"name": table.name, "given": given})


def _sequence(connection: Connection, table: Table, column: str) -> str:
    named = text("SELECT pg_get_serial_sequence(:table, :column)")
    quoted = connection.dialect.identifier_preparer.format_table(table)
    return str(connection.execute(named, {"table": quoted, "column": column}).scalar_one())
