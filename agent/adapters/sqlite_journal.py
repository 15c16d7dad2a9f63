"""The journal in SQLite: append-only, in one file that one agent holds, bounded by dropping the oldest.

What the file promises: what `keep` returned survives a power cut at any instant (WAL, synchronous=FULL), and an offset is
never given twice (the last row says which was the last, and so does a witness beside the file). A damaged file is moved aside:
what can still be read of it goes on in a new one, what cannot is listed as lost (journal_rescue.py), and only where it is not
even clear which journal it was, or where it ended, a new epoch begins. How reports stand in it is journal_rows.py's. When to
write, and what to do while the disk is full, is decided in agent.services.journalling.
"""

import logging
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from agent.adapters import journal_layout as layout
from agent.adapters.journal_rescue import write_next
from agent.adapters.journal_rows import GatheredRows, Rows, rows_of
from agent.adapters.journal_witness import JournalWitness, Told
from agent.core.entries import Entry, Kept, Marks
from agent.core.messages import Committed
from agent.errors import JournalBusy, JournalCorrupt, JournalError, JournalStuck, OperatorError
from wire.losses import Loss, LossReason

log = logging.getLogger(__name__)

FILE_NAME = "journal.sqlite3"
RESCUED = f"{FILE_NAME}.rescued"
"""The next journal while it is made of what was damaged."""
MAX_BYTES = 200 * 1000 * 1000
MAX_ROWS = 2_000_000
LEAST_ROWS_HELD = 100

# Exclusive: the lock that the first transaction takes is held until close, and dies with the process.
_SETTINGS = (
    "PRAGMA locking_mode=EXCLUSIVE",
    layout.PAGE_SIZE,
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-512",
    "PRAGMA journal_size_limit=4194304",
)
_OLDEST = "SELECT min(offset) FROM reports"
_UNTRUSTED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class SqliteJournal:
    """`now` names a file that is moved aside (ms since 1970 UTC). Raises JournalBusy and OperatorError."""

    def __init__(self, folder: Path, now: int, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> None:
        self._path = folder / FILE_NAME
        self._max_bytes, self._max_rows = max_bytes, max_rows
        self._witness = JournalWitness(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._open(now)
        except OSError as error:
            raise OperatorError(f"{folder}: {error.strerror}: name a folder that can be written (--journal)") from None
        except JournalStuck as error:
            raise OperatorError(f"{self._path}: {error}: name a folder that can be written (--journal)") from None

    def marks(self) -> Marks:
        with _mapped():
            meta: dict[str, Any] = dict(self._db.execute("SELECT key, value FROM meta"))
            newest, cursors = self._rows.given(self._db), self._rows.cursors(self._db)
            oldest = self._oldest()
        marks = Marks(
            epoch=meta.get("epoch", ""),
            oldest=newest + 1 if oldest is None else oldest,
            newest=newest,
            acked=_later(meta.get("acked", -1), cursors[0]),
            published=_later(meta.get("published", -1), cursors[1]),
            bd_seq=meta.get("bd_seq"),
            lost=layout.losses_in(self._db),
        )
        if not _plausible(marks) or (oldest or 0) > newest:
            raise JournalCorrupt("its bookkeeping contradicts itself")
        return marks

    def keep(self, entries: Sequence[Entry], *, acked: int, published: int, missed: int = 0) -> Committed:
        with _mapped():
            with self._transaction():
                newest = self._rows.given(self._db)
                self._make_room(newest, len(entries))
                lost = self._miss(newest, missed)
                kept = tuple(Kept(offset, entry) for offset, entry in enumerate(entries, newest + missed + 1))
                self._rows.insert(self._db, kept, acked, published)
                if not kept:
                    layout.set_meta(self._db, acked=acked, published=published)
                oldest = self._oldest()
            newest += missed + len(kept)
            self._witness.tell(self._epoch, newest)
        return Committed(kept, newest + 1 if oldest is None else oldest, lost)

    def keep_bd_seq(self, bd_seq: int) -> None:
        with _mapped(), self._transaction():
            layout.set_meta(self._db, bd_seq=bd_seq)

    def promise(self, epoch: str, offset: int) -> None:
        self._witness.tell(epoch, offset)

    def read(self, first: int, last: int, limit: int) -> list[Kept]:
        with _mapped():
            found: list[Kept] = []
            for number, body in self._rows.found(self._db, first, last):
                found += (each for each in self._rows.held(number, body) if first <= each.offset <= last)
                if len(found) >= limit:
                    break
            del found[limit:]
            self._require_whole(first, last if len(found) < limit else found[-1].offset, found)
        return found

    def begin_anew(self, now: int) -> None:
        """Move this file aside, and go on with what can be read of it. May raise JournalStuck."""
        self._db.close()
        try:
            self._replace(now)
        except (OSError, sqlite3.Error) as error:
            raise JournalStuck(str(error)) from None
        self._open(now)

    def close(self) -> None:
        with _mapped():
            self._db.close()
        self._witness.close()

    def _open(self, now: int) -> None:
        self._finish_replacing()
        try:
            self._try_open()
        except JournalCorrupt as error:
            log.error("%s is damaged (%s): what can be read of it goes on", self._path, error)
            self._db.close()
            try:
                self._replace(now)
            except sqlite3.Error as trouble:
                raise JournalStuck(str(trouble)) from None
            self._try_open()

    def _try_open(self) -> None:
        with _mapped():
            self._db = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            with _mapped():
                for setting in _SETTINGS:
                    self._db.execute(setting)
                self._require_version()
            self._require_memory()
        except JournalBusy:
            self._db.close()
            raise JournalBusy(
                f"{self._path}: another agent has this journal open: stop it, or give this one its own (--journal)"
            ) from None
        except JournalError:
            self._db.close()
            raise

    def _require_memory(self) -> None:
        marks, witness = self.marks(), self._witness
        if witness.damaged and marks.newest:
            raise JournalCorrupt("the file beside it that says where it ends is damaged")
        if witness.last.epoch not in ("", marks.epoch):
            raise JournalCorrupt("the file beside it speaks of another journal")
        if witness.told(marks.epoch) > marks.newest:
            raise JournalCorrupt(f"it ends at {marks.newest}, but {witness.told(marks.epoch)} was given")
        self._epoch = marks.epoch

    def _require_version(self) -> None:
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                layout.create(self._db, Marks(str(uuid.uuid4()), 1, 0, 0, 0, None))
            if version <= layout.VERSION:
                layout.complete(self._db)
        self._rows: Rows = rows_of(version) if version else GatheredRows()
        if version > layout.VERSION:
            self._db.close()
            raise OperatorError(f"{self._path}: a newer agent wrote it: update this one, or name another (--journal)")

    def _replace(self, now: int) -> None:
        """Killed at any point of it, it is done again from its beginning, or is finished at the next start."""
        rescued = self._path.with_name(RESCUED)
        rescued.unlink(missing_ok=True)
        marks = write_next(self._path, rescued, Told() if self._witness.damaged else self._witness.last)
        self._move_aside(now)
        self._witness.begin(marks.epoch, marks.newest)
        rescued.replace(self._path)

    def _finish_replacing(self) -> None:
        """The power went after the damaged file was moved aside."""
        rescued = self._path.with_name(RESCUED)
        if rescued.exists() and not self._path.exists():
            with _mapped(), closing(sqlite3.connect(rescued)) as db:
                (epoch,) = db.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
                newest = GatheredRows().given(db)
            self._witness.begin(epoch, newest)
            rescued.replace(self._path)

    def _move_aside(self, now: int) -> None:
        """Only the last such file is kept: a card that goes bad must not fill itself with copies."""
        for old in self._path.parent.glob(f"{FILE_NAME}.corrupt-*"):
            old.unlink(missing_ok=True)
        for suffix in ("-wal", "-shm"):
            self._path.with_name(FILE_NAME + suffix).unlink(missing_ok=True)
        if self._path.exists():
            self._path.replace(self._path.with_name(f"{FILE_NAME}.corrupt-{now}"))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _miss(self, newest: int, count: int) -> tuple[Loss, ...]:
        """Offsets for reports that never came here, so that it shows that they are missing."""
        if not count:
            return ()
        lost = Loss(self._epoch, newest + 1, newest + count, LossReason.DISK_FULL)
        self._rows.give(self._db, lost.last)
        layout.add_losses(self._db, (lost,))
        return (lost,)

    def _oldest(self) -> int | None:
        oldest: int | None = self._db.execute(_OLDEST).fetchone()[0]
        return oldest

    def _require_whole(self, first: int, last: int, found: Sequence[Kept]) -> None:
        """Damage can hide a report without a word: from the oldest to the newest all are there that are not lost."""
        oldest = self._oldest()
        low, high = max(first, oldest or first), min(last, self._rows.given(self._db))
        gone = sum(max(0, min(each.last, high) - max(each.first, low) + 1) for each in self._losses())
        in_order = all(one.offset < other.offset for one, other in pairwise(found))
        if oldest is not None and (not in_order or len(found) != max(0, high - low + 1) - gone):
            raise JournalCorrupt(f"of the reports {low} to {high} there are {len(found)}")

    def _losses(self) -> Iterator[Loss]:
        return (each for each in layout.losses_in(self._db) if each.epoch == self._epoch)

    def _make_room(self, newest: int, count: int) -> None:
        """When it is full, drop as many as come and a hundredth more. Acknowledged reports are the oldest: they go first."""
        oldest = self._oldest()
        if oldest is None or newest - oldest < LEAST_ROWS_HELD:
            return
        if newest - oldest >= self._max_rows or self._used_bytes() >= self._max_bytes:
            chunk = count + (newest - oldest) // 100
            self._db.execute("DELETE FROM reports WHERE offset < ?", (oldest + chunk,))

    def _used_bytes(self) -> int:
        pages, free, size = (
            self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int(pages - free) * int(size)


def _later(noted: Any, cursor: int) -> Any:
    """The cursor that is further: the one that was noted by itself, or the one of the last reports."""
    return max(noted, cursor) if isinstance(noted, int) else noted


def _plausible(marks: Marks) -> bool:
    """Whether what an untyped table says could have been written by an agent."""
    cursors = (marks.acked, marks.published)
    return (
        (isinstance(marks.epoch, str) and marks.epoch != "")
        and all(isinstance(cursor, int) and cursor >= 0 for cursor in cursors)
        and (marks.bd_seq is None or (isinstance(marks.bd_seq, int) and 0 <= marks.bd_seq <= 255))
    )


@contextmanager
def _mapped() -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.ProgrammingError as error:  # closed: a new epoch was due and could not begin
        raise JournalCorrupt(str(error)) from None
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR) & 0xFF
        if code in _TAKEN:
            raise JournalBusy(str(error)) from None
        # A table or a column that is not there is damage too: this file's schema is nobody else's.
        if code in _UNTRUSTED or (code == sqlite3.SQLITE_ERROR):
            raise JournalCorrupt(str(error)) from None
        raise JournalStuck(str(error)) from None
