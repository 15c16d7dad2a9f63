"""Reports into the journal: the first at once, then gathered, so that a memory card sees at most one fsync a second.

What only says that nothing has changed waits for others of its kind, but not for long; with the next news it goes at once.

While the disk is full or read-only, reports wait in memory, bounded; what overflows was never published, and is listed as lost.
What became durable is handed to whoever asked for it; what is then said about it is decided in agent.core.session.
"""

import logging
from collections import deque

from agent.core.entries import Entry, Kept, Marks
from agent.core.messages import Committed
from agent.core.moment import Moment
from agent.errors import JournalCorrupt, JournalStuck
from agent.ports import Journal

log = logging.getLogger(__name__)

MAX_WAITING = 5000
COMPLAIN_EVERY_MS = 60_000


class Journalling:
    """patience_ms  how long what is no news may wait
    renewed  where the journal stands that took the place of a damaged one, for whoever must be told
    lost     how many reports found no room, and were never published
    """

    def __init__(self, journal: Journal, commit_every_ms: int, patience_ms: int = 0) -> None:
        self._journal, self._every, self._patience = journal, commit_every_ms, patience_ms
        self.renewed: deque[Marks] = deque()
        self._waiting: list[Entry] = []
        self._not_before: int = 0
        self._wanted_at: int | None = None
        self._complained: int | None = None
        self.lost = 0
        self._unlisted = 0

    def add(self, entry: Entry, *, old_at: int | None = None) -> None:
        """Take an entry; it is durable when `flush` hands it back. old_at: when it came (monotonic ms), if it is no news."""
        wanted_at = 0 if old_at is None else old_at + self._patience
        self._waiting.append(entry)
        self._wanted_at = wanted_at if self._wanted_at is None else min(wanted_at, self._wanted_at)
        if len(self._waiting) > MAX_WAITING:
            del self._waiting[0]
            self.lost += 1
            self._unlisted += 1

    def due_at(self) -> int | None:
        """When `flush` should be called (monotonic ms), or None while nothing waits."""
        return None if self._wanted_at is None else max(self._wanted_at, self._not_before)

    def flush(self, now: Moment, *, acked: int, published: int) -> Committed | None:
        """Write what waits and the cursors. None while the disk does not take it."""
        self._not_before = now.mono + self._every
        try:
            committed = self._journal.keep(self._waiting, acked=acked, published=published, missed=self._unlisted)
        except JournalStuck as error:
            self._complain(now, error)
            return None
        except JournalCorrupt as error:
            self._renew(now, error)
            return None
        self._waiting, self._wanted_at, self._unlisted = [], None, 0
        self._recovered()
        return committed

    def read(self, now: Moment, first: int, last: int, limit: int) -> list[Kept] | None:
        """The oldest of these that are still held; None while the journal cannot be read."""
        try:
            return self._journal.read(first, last, limit)
        except JournalStuck as error:
            self._complain(now, error)
        except JournalCorrupt as error:
            self._renew(now, error)
        return None

    def promise(self, epoch: str, offset: int) -> None:
        """Call before a report is published."""
        self._journal.promise(epoch, offset)

    def keep_bd_seq(self, now: Moment, bd_seq: int) -> None:
        """A node that can be seen beats a number that survives: while the disk is full, it connects all the same."""
        try:
            self._journal.keep_bd_seq(bd_seq)
        except JournalStuck as error:
            self._complain(now, error)
        except JournalCorrupt as error:
            self._renew(now, error)

    def _renew(self, now: Moment, why: JournalCorrupt) -> None:
        log.error("the journal is damaged (%s): it is moved aside, and what can be read of it goes on", why)
        try:
            self._journal.begin_anew(now.utc)
            self.renewed.append(self._journal.marks())
        except JournalStuck as error:
            self._complain(now, error)

    def _complain(self, now: Moment, error: Exception) -> None:
        if self._complained is None or now.mono - self._complained >= COMPLAIN_EVERY_MS:
            log.error(
                "the journal cannot be written (%s): %d reports wait, %d are lost", error, len(self._waiting), self.lost
            )
            self._complained = now.mono

    def _recovered(self) -> None:
        if self._complained is not None:
            log.warning("the journal can be written again; %d reports were lost meanwhile", self.lost)
            self._complained = None
