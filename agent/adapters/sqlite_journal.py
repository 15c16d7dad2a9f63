"""The journal in SQLite: append-only, in one file that one agent holds, bounded by dropping the oldest.

What the file promises: what `keep` returned survives a power cut at any instant (WAL, synchronous=FULL), and an offset is
never given twice (AUTOINCREMENT). A file that cannot be trusted is moved aside and a new epoch begins. When to write, and
what to do while the disk is full, is decided in agent.services.journalling.
"""

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.adapters.journal_witness import JournalWitness
from agent.core.entries import Entry, Kept, Marks, pack, unpack
from agent.core.messages import Committed
from agent.errors import JournalBusy, JournalCorrupt, JournalError, JournalStuck, OperatorError
from wire.errors import WireError

FILE_NAME = "journal.sqlite3"
VERSION = 1
MAX_BYTES = 200 * 1000 * 1000
MAX_ROWS = 2_000_000
LEAST_ROWS_HELD = 100

_SCHEMA = """
CREATE TABLE reports(offset INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
# Exclusive: the lock that the first transaction takes is held until close, and dies with the process.
_SETTINGS = (
    "PRAGMA locking_mode=EXCLUSIVE",
    # A commit touches three pages: small ones let a memory card live longer.
    "PRAGMA page_size=1024",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-512",
    "PRAGMA journal_size_limit=4194304",
)
# Each bound by itself, in a subquery of its own: only then SQLite looks at one end of the table instead of at all of it.
_BOUNDS = "SELECT (SELECT min(offset) FROM reports), (SELECT max(offset) FROM reports)"
_OLDEST = "SELECT coalesce((SELECT min(offset) FROM reports), (SELECT seq FROM sqlite_sequence) + 1, 1)"
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
            given = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'reports'").fetchone()
            oldest, last = self._db.execute(_BOUNDS).fetchone()
        newest = given[0] if given else 0
        marks = Marks(
            epoch=meta.get("epoch", ""),
            oldest=newest + 1 if oldest is None else oldest,
            newest=newest,
            acked=meta.get("acked", -1),
            published=meta.get("published", -1),
            bd_seq=meta.get("bd_seq"),
        )
        if not _plausible(marks) or (last or 0) > newest:
            raise JournalCorrupt("its bookkeeping contradicts itself")
        return marks

    def keep(self, entries: Sequence[Entry], *, acked: int, published: int) -> Committed:
        with _mapped(), self._transaction():
            self._make_room(len(entries))
            kept = tuple(Kept(self._insert(entry), entry) for entry in entries)
            self._set(acked=acked, published=published)
            (oldest,) = self._db.execute(_OLDEST).fetchone()
        return Committed(kept, oldest)

    def keep_bd_seq(self, bd_seq: int) -> None:
        with _mapped(), self._transaction():
            self._set(bd_seq=bd_seq)

    def promise(self, epoch: str, offset: int) -> None:
        self._witness.tell(epoch, offset)

    def read(self, first: int, last: int, limit: int) -> list[Kept]:
        select = "SELECT offset, body FROM reports WHERE offset BETWEEN ? AND ? ORDER BY offset LIMIT ?"
        with _mapped():
            rows = self._db.execute(select, (first, last, limit)).fetchall()
        try:
            return [Kept(offset, unpack(body)) for offset, body in rows]
        except (WireError, ValueError, TypeError) as error:
            raise JournalCorrupt(f"a report cannot be read: {error}") from None

    def begin_anew(self, now: int) -> None:
        """Move this file aside and begin a new epoch. May raise JournalStuck."""
        self._db.close()
        try:
            self._move_aside(now)
        except OSError as error:
            raise JournalStuck(str(error)) from None
        self._open(now)

    def close(self) -> None:
        with _mapped():
            self._db.close()

    def _open(self, now: int) -> None:
        try:
            self._try_open()
        except JournalCorrupt:
            self._db.close()
            self._move_aside(now)
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
        marks = self.marks()
        told = self._witness.told(marks.epoch)
        if self._witness.damaged and marks.newest:
            raise JournalCorrupt("the file beside it that says what was published is damaged")
        if told > marks.newest:
            raise JournalCorrupt(f"it ends at {marks.newest}, but {told} was published")

    def _require_version(self) -> None:
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={VERSION}")
                self._set(epoch=str(uuid.uuid4()), acked=0, published=0, bd_seq=None)
        if version > VERSION:
            self._db.close()
            raise OperatorError(f"{self._path}: a newer agent wrote it: update this one, or name another (--journal)")

    def _move_aside(self, now: int) -> None:
        """Only the last such file is kept: a card that goes bad must not fill itself with copies."""
        for old in self._path.parent.glob(f"{FILE_NAME}.corrupt-*"):
            old.unlink(missing_ok=True)
        for suffix in ("-wal", "-shm"):
            self._path.with_name(FILE_NAME + suffix).unlink(missing_ok=True)
        self._witness.forget()
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

    def _insert(self, entry: Entry) -> int:
        cursor = self._db.execute("INSERT INTO reports(t, body) VALUES (?, ?)", (entry.t, pack(entry)))
        return int(cursor.lastrowid or 0)

    def _set(self, **values: str | int | None) -> None:
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def _make_room(self, count: int) -> None:
        """When it is full, drop as many as come and a hundredth more. Acknowledged reports are the oldest: they go first."""
        oldest, newest = self._db.execute(_BOUNDS).fetchone()
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
