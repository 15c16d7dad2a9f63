"""Packs reports that are settled, a device at a time: rows become chunks, in one transaction, and take a tenth of the room.

Settled is what is in the hours, was judged, and whose block of time is over; of reports that are old enough to be pruned nobody
waits for a judgement any more. A late report stands as a row until it is settled, and becomes part of another chunk.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from hub.ingestion.ranges import NOTHING, Ranges
from hub.store.bodies import count_values
from hub.store.chunk_days import make_room
from hub.store.chunk_tables import report_chunk
from hub.store.chunks import Kept, fits, pack_chunk
from hub.store.folding import ranges_of
from hub.store.gently import Gently
from hub.store.hourly_tables import hourly_done
from hub.store.tables import device, epoch, report
from hub.store.unit_of_work import Store

BLOCK_MS = 6 * 3_600_000
REST_MS = 2 * 3_600_000
"""So long after the end of a block it is packed: most of what belongs to it has come by then."""
_DAY_MS = 86_400_000
_PAGE = 1000
_TICK_S = 0.25
_LOOK_EVERY_MS = 600_000
_ROWS = (
    select(report.c.epoch_id, report.c.offset, report.c.device_id, report.c.t, report.c.body)
    .where(report.c.device_id == bindparam("device"), report.c.t > bindparam("after"), report.c.t < bindparam("before"))
    .order_by(report.c.t)
    .limit(_PAGE)
)
_GONE = delete(report).where(report.c.epoch_id == bindparam("e"), report.c.offset == bindparam("o"))


class Overtaken(Exception):
    """Another has packed these reports meanwhile."""


@dataclass(slots=True)
class _Due:
    """A device, of whose reports those up to `after` were looked at."""

    device: int
    after: int = -1


class Packing:
    """One thread at a time; several processes may do it at once. days: older reports are going to be pruned."""

    def __init__(self, store: Store, days: float) -> None:
        self._store, self._keep_ms = store, round(days * _DAY_MS)
        self._due: deque[_Due] = deque()
        self._folded: Mapping[int, Ranges] = {}
        self._judged: Mapping[int, int] = {}
        self._look_at = 0

    def tick(self, now: int) -> None:
        """Some of what is due; it looks now and then whether there is anything."""
        work = Gently()
        while (self._due or now >= self._look_at) and work.worked_s < _TICK_S:
            if not self.step(now):
                self._look_at = now + _LOOK_EVERY_MS
            work.rest()

    def step(self, now: int) -> bool:
        """Pack some reports of one device. False where all devices have had their turn."""
        before = (now - REST_MS) // BLOCK_MS * BLOCK_MS
        with self._store.reading() as connection:
            if not self._due:
                self._find(connection)
            if not self._due:
                return False
            due = self._due[0]
            bounds = {"device": due.device, "after": due.after, "before": before}
            rows = [Kept(*row) for row in connection.execute(_ROWS, bounds)]
        self.keep(list(self._chunks(rows, now - self._keep_ms)))
        if len(rows) < _PAGE:
            self._due.popleft()
        else:
            due.after = rows[-1].t
        return bool(self._due)

    def keep(self, chunks: Sequence[Sequence[Kept]]) -> None:
        """Make chunks of these reports, in one transaction: a report is a row, or in a chunk, and never both.

        Where another was quicker with any of them nothing is done.
        """
        made = [chunk_row(reports) for reports in chunks]
        gone = [{"e": each.epoch, "o": each.offset} for reports in chunks for each in reports]
        if not gone:
            return
        try:
            with self._store.begin() as work:
                if work.connection.execute(_GONE, gone).rowcount != len(gone):
                    raise Overtaken
                make_room(work.connection, (row["until"] for row in made))
                work.connection.execute(insert(report_chunk), made)
        except Overtaken:
            self._due.clear()

    def _find(self, connection: Connection) -> None:
        # Devices of a node stand side by side in the table: the room that one of them leaves is the next one's.
        devices = connection.execute(select(device.c.id).order_by(device.c.node_id, device.c.id)).scalars()
        self._due = deque(_Due(each) for each in devices)
        self._folded = ranges_of(connection, hourly_done)
        self._judged = {row.id: row.judged for row in connection.execute(select(epoch.c.id, epoch.c.judged))}

    def _chunks(self, rows: Sequence[Kept], old: int) -> Iterator[list[Kept]]:
        """Reports that go into one chunk each, in the order of their offsets."""
        together: defaultdict[tuple[int, int], list[Kept]] = defaultdict(list)
        for each in rows:
            if self._is_settled(each, old) and fits(each.body):
                together[each.epoch, each.t // BLOCK_MS].append(each)
        for reports in together.values():
            yield sorted(reports, key=_offset)

    def _is_settled(self, each: Kept, old: int) -> bool:
        judged = each.offset <= self._judged.get(each.epoch, 0) or each.t < old
        return judged and each.offset in self._folded.get(each.epoch, NOTHING)


def chunk_row(reports: Sequence[Kept]) -> dict[str, Any]:
    """Of reports of one device and journal, in the order of their offsets."""
    times = [each.t for each in reports]
    return {
        "epoch_id": reports[0].epoch,
        "first": reports[0].offset,
        "last": reports[-1].offset,
        "device_id": reports[0].device,
        "since": min(times),
        "until": max(times),
        "reports": len(reports),
        "told": sum(count_values(each.body) for each in reports),
        "body": pack_chunk(reports),
    }


def _offset(each: Kept) -> int:
    return each.offset
