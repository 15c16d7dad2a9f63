"""What the server of long history does not have yet: committed and not exported, whenever it came and in whatever order."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select

from hub.core.reports import Sample
from hub.ingestion.ranges import NOTHING, Range, Ranges
from hub.store.bodies import metric_names, unpack
from hub.store.errors import UnreadableBody
from hub.store.export_tables import exported
from hub.store.folding import ranges_of
from hub.store.kept_reports import next_told
from hub.store.tables import committed, device, node
from hub.store.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class Told:
    """A report. device: its row."""

    device: int
    t: int
    samples: Mapping[str, Sample]


@dataclass(frozen=True, slots=True)
class Piece:
    """Offsets of a journal, and what was reported with them; of what is pruned nothing."""

    epoch: int
    span: Range
    reports: Sequence[Told]


@dataclass(slots=True)
class Exports:
    """One thread at a time. Who dies between sending a piece and settling it sends it again."""

    store: Store
    most: int = 2000
    _due: deque[tuple[int, Range]] = field(default_factory=deque)

    def next_piece(self) -> Piece | None:
        """None when all has gone."""
        with self.store.reading() as connection:
            if not self._due:
                self._due = deque(_find(connection))
            if not self._due:
                return None
            epoch, (first, last) = self._due[0]
            kept = next_told(connection, epoch, first - 1, self.most, last)
            upto = kept[-1].offset if len(kept) == self.most else last
            names, reports = metric_names(connection), []
            for each in kept:
                try:
                    reports.append(Told(each.device, each.t, unpack(each.body, names)))
                except UnreadableBody:
                    # It is told of wherever it is read; it must not keep all that follow from going.
                    continue
        return Piece(epoch, (first, upto), reports)

    def settle(self, piece: Piece) -> None:
        """It is there."""
        with self.store.begin() as work:
            have = ranges_of(work.connection, exported).get(piece.epoch, NOTHING) | Ranges((piece.span,))
            work.connection.execute(delete(exported).where(exported.c.epoch_id == piece.epoch))
            rows = [{"epoch_id": piece.epoch, "first": first, "last": last} for first, last in have]
            work.connection.execute(insert(exported), rows)
        epoch, (_, last) = self._due.popleft()
        if piece.span[1] < last:
            self._due.appendleft((epoch, (piece.span[1] + 1, last)))

    def tags(self) -> Mapping[int, Mapping[str, str | None]]:
        """By row of a device: where it stands and what it is."""
        columns = (device.c.id, device.c.key, device.c.kind, device.c.room, node.c.group, node.c.name)
        with self.store.reading() as connection:
            rows = connection.execute(select(*columns).join(node)).all()
        return {
            row.id: {"group": row.group, "node": row.name, "device": row.key, "kind": row.kind, "room": row.room}
            for row in rows
        }

    def forget(self) -> None:
        """As if nothing had gone yet."""
        with self.store.begin() as work:
            work.connection.execute(delete(exported))
        self._due.clear()

    def left(self) -> int:
        """How many reports have to go."""
        with self.store.reading() as connection:
            have = select(func.coalesce(func.sum(committed.c.last - committed.c.first + 1), 0))
            gone = select(func.coalesce(func.sum(exported.c.last - exported.c.first + 1), 0))
            return int(connection.execute(have).scalar_one() - connection.execute(gone).scalar_one())


def _find(connection: Connection) -> Iterator[tuple[int, Range]]:
    gone = ranges_of(connection, exported)
    for epoch, have in ranges_of(connection, committed).items():
        yield from ((epoch, span) for span in have - gone.get(epoch, NOTHING))
