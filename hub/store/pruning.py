"""Old reports go, a few chunks in a transaction, so that nobody waits for it; the hours that they came to stay for ever.

On PostgreSQL a whole day goes at once, which takes no longer (chunk_days.py).

Before the first goes it is written down from which hours reports may be gone: an hour that changes later is then added to, not
worked out from what is left (late_hours.py). Only what packing has settled goes: nothing that is in no hour yet.
"""

import logging
from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from hub.core.hourly import HOUR_MS
from hub.store.chunk_days import EARLY_MS, days_before, drop_day, in_days
from hub.store.chunk_tables import report_chunk
from hub.store.gently import Gently
from hub.store.hourly_tables import hourly_mark
from hub.store.tables import device
from hub.store.unit_of_work import Store

log = logging.getLogger(__name__)

_DAY_MS = 86_400_000
_AT_ONCE = 100
_TICK_S = 0.25
_LOOK_EVERY_MS = 3_600_000
_OLD = (
    select(report_chunk.c.epoch_id, report_chunk.c.first, report_chunk.c.until, report_chunk.c.reports)
    .where(report_chunk.c.device_id == bindparam("device"), report_chunk.c.until < bindparam("before"))
    .limit(_AT_ONCE)
)
_EARLY = (
    select(report_chunk.c.until)
    .where(report_chunk.c.until < EARLY_MS, report_chunk.c.until < bindparam("before"))
    .limit(1)
)
_GONE = delete(report_chunk).where(
    report_chunk.c.epoch_id == bindparam("e"),
    report_chunk.c.first == bindparam("f"),
    report_chunk.c.until == bindparam("u"),
)


class Pruning:
    """One thread at a time; several processes may do it at once. days: older reports go."""

    def __init__(self, store: Store, days: float) -> None:
        self._store, self._keep_ms = store, round(days * _DAY_MS)
        self._due: deque[int] = deque()
        self._look_at = self._dropped = 0

    def tick(self, now: int) -> None:
        """Some of what is due; it looks once an hour whether there is anything."""
        work = Gently()
        while (self._due or now >= self._look_at) and work.worked_s < _TICK_S:
            if not self.step(now):
                self._look_at = now + _LOOK_EVERY_MS
                if self._dropped:
                    log.info("dropped %d reports that were older than is asked for; their hours stay", self._dropped)
                self._dropped = 0
            work.rest()

    def step(self, now: int) -> bool:
        """Drop some old reports. False where there are none any more."""
        before = pruned_before(now, self._keep_ms)
        with self._store.reading() as connection:
            if in_days(connection):
                old_days = days_before(connection, before - HOUR_MS)
                if old_days:
                    return self._drop_day(old_days[0], before) and len(old_days) > 1
                if not self._due and connection.execute(_EARLY, {"before": before - HOUR_MS}).first() is None:
                    return False
            if not self._due:
                self._due = deque(connection.execute(select(device.c.id).order_by(device.c.id)).scalars())
            old = self._old(connection, before)
        if old:
            self._drop(old, before)
        return bool(self._due)

    def _drop_day(self, day: int, before: int) -> bool:
        """False while somebody reads for long."""
        with self._store.begin() as work:
            gone = drop_day(work.connection, day)
            if gone is None:
                return False
            self._mark(work.connection, before)
        self._dropped += gone
        return True

    def _old(self, connection: Connection, before: int) -> Sequence[Any]:
        """Chunks of the next device that has any, as many as go at once."""
        while self._due:
            # What an hour is worked out from begins a little before it.
            rows = connection.execute(_OLD, {"device": self._due[0], "before": before - HOUR_MS}).all()
            if len(rows) < _AT_ONCE:
                self._due.popleft()
            if rows:
                return rows
        return ()

    def _drop(self, chunks: Sequence[Any], before: int) -> None:
        with self._store.begin() as work:
            self._mark(work.connection, before)
            work.connection.execute(_GONE, [{"e": each.epoch_id, "f": each.first, "u": each.until} for each in chunks])
        self._dropped += sum(each.reports for each in chunks)

    @staticmethod
    def _mark(connection: Connection, before: int) -> None:
        """Whoever works hours out from what was there until now sees by the revision that it is too late."""
        later = update(hourly_mark).where(hourly_mark.c.pruned_before < before)
        connection.execute(later.values(pruned_before=before, revision=hourly_mark.c.revision + 1))


def pruned_before(now: int, keep_ms: int) -> int:
    """Of hours before this moment reports may go."""
    return (now - keep_ms) // HOUR_MS * HOUR_MS
