"""Committed and lost offsets as rows: only the ranges that changed are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, Table, bindparam, delete, insert, select, true, update

from hub.ingestion.ranges import NOTHING, Range, Ranges
from wire.losses import LossReason


@dataclass(slots=True)
class OffsetRows:
    """The ranges of one table as they stand in the database, by epoch; those of the running transaction stand apart.

    reason  the only ones; no two ranges of a journal begin alike, whatever the reasons
    """

    table: Table
    reason: LossReason | None = None
    _known: dict[int, Ranges] = field(default_factory=dict)
    _fresh: dict[int, Ranges] = field(default_factory=dict)

    def load(self, connection: Connection, epochs: Select[tuple[int]] | None = None) -> None:
        """`epochs`: the only ones; without them all."""
        spans: dict[int, list[Range]] = {}
        columns = self.table.c
        rows = connection.execute(
            select(columns.epoch_id, columns.first, columns.last)
            .where(true() if epochs is None else columns.epoch_id.in_(epochs))
            .where(true() if self.reason is None else columns.reason == self.reason)
            .order_by(columns.epoch_id, columns.first)
        )
        for row in rows:
            spans.setdefault(row.epoch_id, []).append((row.first, row.last))
        self._known = {epoch_id: Ranges.of(each) for epoch_id, each in spans.items()}

    def of(self, epoch_id: int) -> Ranges:
        return self._known.get(epoch_id, NOTHING)

    def write(self, connection: Connection, changes: Mapping[int, Ranges], extra: Mapping[str, int]) -> None:
        """`extra` are the values of further columns, for new rows."""
        gone, moved, new = [], [], []
        why = {} if self.reason is None else {"reason": self.reason.value}
        for epoch_id, ranges in changes.items():
            before, after = dict(self.of(epoch_id)), dict(ranges)
            gone += [{"e": epoch_id, "f": first} for first in before if first not in after]
            moved += [
                {"e": epoch_id, "f": first, "l": last}
                for first, last in after.items()
                if first in before and before[first] != last
            ]
            new += [
                {"epoch_id": epoch_id, "first": first, "last": last, **extra, **why}
                for first, last in after.items()
                if first not in before
            ]
        columns = self.table.c
        here = (columns.epoch_id == bindparam("e")) & (columns.first == bindparam("f"))
        for statement, rows in (
            (delete(self.table).where(here), gone),
            (update(self.table).where(here).values(last=bindparam("l")), moved),
            (insert(self.table), new),
        ):
            if rows:
                connection.execute(statement, rows)
        self._fresh.update(changes)

    def settle(self, *, done: bool) -> None:
        if done:
            self._known.update(self._fresh)
        self._fresh.clear()
