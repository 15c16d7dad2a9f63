"""Ids of rows that intake.py has written or read, so that it need not ask for them again. What a failed transaction has added
is forgotten with it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, UniqueConstraint, bindparam, insert, select, update

from hub.store.bulk import insert_or_leave

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
        connection.execute(insert_or_leave(connection.dialect.name, self.table), rows)
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
