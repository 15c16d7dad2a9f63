"""Ids of rows that intake.py has written or read, so that it need not ask for them again. What a failed transaction has added
is forgotten with it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, bindparam, insert, update

Key = TypeVar("Key", bound=Hashable)
Row = dict[str, Any]


@dataclass(slots=True)
class Ids(Generic[Key]):
    """Row ids by key; those of the running transaction stand apart until it is committed."""

    table: Table
    _known: dict[Key, int] = field(default_factory=dict)
    _fresh: dict[Key, int] = field(default_factory=dict)

    def get(self, key: Key) -> int | None:
        found = self._known.get(key)
        return self._fresh.get(key) if found is None else found

    def __getitem__(self, key: Key) -> int:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def learn(self, key: Key, row_id: int) -> None:
        """Take a row that has been committed."""
        self._known[key] = row_id

    def write(self, connection: Connection, rows: Iterable[tuple[Key, Row]], identity: Callable[[Key], Row]) -> None:
        """Update the rows that are there, insert those that are not."""
        old: list[Row] = []
        new: list[tuple[Key, Row]] = []
        for key, row in rows:
            row_id = self.get(key)
            if row_id is None:
                new.append((key, identity(key) | row))
            else:
                old.append(row | {"row_id": row_id})
        if old:
            _update(connection, self.table, old)
        if new:
            self._insert(connection, new)

    def _insert(self, connection: Connection, new: Sequence[tuple[Key, Row]]) -> None:
        statement = insert(self.table).returning(self.table.c.id, sort_by_parameter_order=True)
        ids = connection.execute(statement, [row for _, row in new]).scalars().all()
        self._fresh.update(zip((key for key, _ in new), ids, strict=True))

    def settle(self, *, done: bool) -> None:
        if done:
            self._known.update(self._fresh)
        self._fresh.clear()


def _update(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns = [name for name in rows[0] if name != "row_id"]
    statement = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
    connection.execute(
        statement, [{"row_id": row["row_id"]} | {f"new_{name}": row[name] for name in columns} for row in rows]
    )
