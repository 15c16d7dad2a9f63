"""Moves a whole database into another one, from SQLite to PostgreSQL or back: table by table, some rows in a transaction.

How far it came stands in the new database, written with the rows themselves: who is killed goes on where he was. Until the end
no hub begins to work there. At the end both are read once more: each table has as many rows, and the same ones.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, Table, func, inspect, select, text, tuple_, update
from sqlalchemy.exc import DBAPIError

import hub.store.migrations.run  # noqa: F401  all tables are known once it is imported
from hub.store.chunk_days import make_room
from hub.store.chunk_tables import report_chunk
from hub.store.engine import ALEMBIC, BEING_MOVED, upgrade, version_of
from hub.store.errors import StoreError, StoreUnavailable
from hub.store.migrations import HEAD
from hub.store.moved_rows import MOVED, columns_of, insert_rows, plain, set_sequences, without_rules
from hub.store.tables import metadata

ROWS_AT_ONCE: Final = 5000
_SEEDED = {"audit_chain", "hourly_mark"}
"""Tables in which a new database has a row."""
_UNTIL = [each.name for each in report_chunk.primary_key.columns].index("until")
Progress = Callable[[str, int, int], None]
"""A table, how many of its rows are there, and of how many."""


class NotMoved(StoreError):
    """The new database cannot take the old one, or did not take it whole."""


@dataclass(slots=True)
class _Copied:
    """How far a table came: its last key, its rows, and the sum of them."""

    last: Sequence[Any] | None = None
    rows: int = 0
    digest: int = 0
    begun: bool = False

    def add(self, rows: Sequence[Sequence[Any]], width: int) -> None:
        self.last, self.rows, self.begun = list(rows[-1][:width]), self.rows + len(rows), True
        self.digest = (self.digest + sum(map(_digest, rows))) % (1 << 62)


class Move:
    """From one database to another. Nobody else writes to either of them; whoever calls sees to it."""

    def __init__(self, source: Engine, target: Engine, *, at_once: int = ROWS_AT_ONCE) -> None:
        """Raises NotMoved where the new database is not empty, and holds no part of this move."""
        self._source, self._target, self._at_once = source, target, at_once
        if version_of(source) != HEAD:
            raise NotMoved(
                "the database that is to be moved is not of this release; bring it up to date with dltv-hub migrate"
            )
        if not inspect(target).has_table(MOVED.name):
            self._claim()
        self._tables = metadata.sorted_tables

    def run(self, progress: Progress) -> int:
        """How many rows were moved in all. Raises NotMoved, StoreUnavailable."""
        try:
            for table in self._tables:
                self._copy(table, progress)
            rows = sum(self._verify(table, progress) for table in self._tables)
            self._finish()
        except DBAPIError as error:
            raise StoreUnavailable(f"the move stopped, and can be gone on with: {error.orig}") from error
        return rows

    def _claim(self) -> None:
        upgrade(self._target)
        with self._target.begin() as connection:
            filled = [table.name for table in metadata.sorted_tables if _is_filled(connection, table)]
            if filled:
                raise NotMoved(
                    f"the new database holds rows that are not of this move, in {filled[0]}; name an empty one with --to"
                )
            MOVED.create(connection)
            connection.execute(update(ALEMBIC).values(version_num=BEING_MOVED))

    def _copy(self, table: Table, progress: Progress) -> None:
        with self._target.connect() as connection:
            copied = _read_mark(connection, table)
        keys = list(table.primary_key.columns)
        with self._source.connect() as old:
            total = old.execute(select(func.count()).select_from(table)).scalar_one()
            for rows in _batches(old, table, copied.last, self._at_once):
                self._keep(table, copied, rows, len(keys))
                progress(table.name, copied.rows, total)
        if copied.rows != total:
            raise NotMoved(
                f"{table.name} has {total} rows, and {copied.rows} were moved; did a hub write to it meanwhile?"
            )

    def _keep(self, table: Table, copied: _Copied, rows: Sequence[Sequence[Any]], width: int) -> None:
        with self._target.begin() as connection, without_rules(connection, table):
            if not copied.begun and table.name in _SEEDED:
                connection.execute(table.delete())
            if table is report_chunk:
                make_room(connection, (row[_UNTIL] for row in rows))
            insert_rows(connection, table, rows)
            copied.add(rows, width)
            _write_mark(connection, table, copied)

    def _verify(self, table: Table, progress: Progress) -> int:
        """What stands in the new database is read back: it is what was read from the old one."""
        found = _Copied()
        with self._target.connect() as connection:
            moved = _read_mark(connection, table)
            if moved.rows or table.name not in _SEEDED:
                for rows in _batches(connection, table, None, self._at_once):
                    found.add(rows, len(table.primary_key.columns))
        if (found.rows, found.digest) != (moved.rows, moved.digest):
            raise NotMoved(f"{table.name} is not the same in the new database; empty it, and move again")
        progress(f"{table.name} is the same", found.rows, moved.rows)
        return found.rows

    def _finish(self) -> None:
        with self._source.connect() as old, self._target.begin() as connection:
            set_sequences(old, connection, self._tables)
            connection.execute(update(ALEMBIC).values(version_num=HEAD))
            MOVED.drop(connection)


def _is_filled(connection: Connection, table: Table) -> bool:
    allowed = 1 if table.name in _SEEDED else 0
    some = select(text("1")).select_from(table).limit(allowed + 1)
    if len(connection.execute(some).all()) > allowed:
        return True
    return table.name == "audit_chain" and bool(connection.execute(select(table.c.head_number)).scalar())


def _batches(connection: Connection, table: Table, last: Sequence[Any] | None, limit: int) -> Iterator[list[list[Any]]]:
    """Rows in the order of their keys, from after `last` on; the columns of the key come first."""
    keys = tuple(table.primary_key.columns)
    rows = select(*columns_of(table)).order_by(*keys).limit(limit)
    while True:
        following = rows if last is None else rows.where(_after(keys, last))
        found = [[plain(value) for value in row] for row in connection.execute(following)]
        connection.rollback()
        if not found:
            return
        yield found
        last = found[-1][: len(keys)]


def _after(keys: tuple[Any, ...], last: Sequence[Any]) -> Any:
    """Beyond this key: compared as one where there are several columns, so that the index of the key is used."""
    return keys[0] > last[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*last)


def _digest(row: Sequence[Any]) -> int:
    told = repr([int(value) if isinstance(value, bool) else value for value in row])
    return int.from_bytes(blake2b(told.encode(), digest_size=7).digest(), "big")


def _read_mark(connection: Connection, table: Table) -> _Copied:
    found: RowMapping | None = (
        connection.execute(select(MOVED).where(MOVED.c.name == table.name)).mappings().one_or_none()
    )
    return _Copied() if found is None else _Copied(found["last"], found["rows"], found["digest"], begun=True)


def _write_mark(connection: Connection, table: Table, copied: _Copied) -> None:
    values: Mapping[str, Any] = {"last": copied.last, "rows": copied.rows, "digest": copied.digest}
    here = MOVED.c.name == table.name
    if not connection.execute(update(MOVED).where(here).values(values)).rowcount:
        connection.execute(MOVED.insert().values(name=table.name, **values))
