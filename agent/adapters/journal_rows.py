"""How reports stand in the journal's table: those of one commit gathered in a row, with the cursors of that commit.

Such a commit changes one page, or two and the file's first where one is full: a memory card is written to half as much as with
a row a report, a counter and a table of cursors. In a file that an older agent began, each report keeps a row of its own. Who
opens the file, and what is done when it is damaged, is decided in sqlite_journal.py and journal_rescue.py.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from agent.adapters import journal_packing as packing
from agent.core.entries import Kept
from agent.errors import JournalCorrupt
from wire.errors import WireError

MOST_GATHERED = 32
"""Reports in a row: so many are lost with one that cannot be read."""
MOST_BYTES = 256 * 1024


# A range may begin within a row.
_FROM_WITHIN = """
SELECT offset, body FROM reports
WHERE offset BETWEEN coalesce((SELECT max(offset) FROM reports WHERE offset <= ?), ?) AND ? ORDER BY offset
"""


class Rows(Protocol):
    """One way to keep them. Raises sqlite3.Error, and JournalCorrupt for a row that cannot be read."""

    def given(self, db: sqlite3.Connection) -> int:
        """The highest offset that was given."""

    def give(self, db: sqlite3.Connection, offset: int) -> None:
        """All up to here are given, whether there is a report or not."""

    def cursors(self, db: sqlite3.Connection) -> tuple[int, int]:
        """acked and published, as far as the rows know."""

    def insert(self, db: sqlite3.Connection, kept: Iterable[Kept], acked: int, published: int) -> None: ...

    def found(self, db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, Any]]:
        """The rows that may hold some of these, in order: their number, and their body as it is."""

    def held(self, number: int, body: Any) -> tuple[Kept, ...]:
        """What a row holds."""


class GatheredRows:
    """A row's number is the offset of its first report."""

    TABLE = "CREATE TABLE reports(offset INTEGER PRIMARY KEY, body BLOB NOT NULL)"

    def given(self, db: sqlite3.Connection) -> int:
        newest = self._newest(db)
        row = db.execute("SELECT value FROM meta WHERE key = 'given'").fetchone()
        return max(int(row[0]) if row else 0, newest.kept[-1].offset if newest else 0)

    def give(self, db: sqlite3.Connection, offset: int) -> None:
        if offset:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('given', ?)", (offset,))

    def cursors(self, db: sqlite3.Connection) -> tuple[int, int]:
        newest = self._newest(db)
        return (newest.acked, newest.published) if newest else (0, 0)

    def insert(self, db: sqlite3.Connection, kept: Iterable[Kept], acked: int, published: int) -> None:
        rows = ((each[0].offset, packing.packed_group(each, acked, published)) for each in _groups(kept))
        db.executemany("INSERT INTO reports(offset, body) VALUES (?, ?)", rows)

    def found(self, db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, Any]]:
        return iter(db.execute(_FROM_WITHIN, (first, first, last)))

    def held(self, number: int, body: Any) -> tuple[Kept, ...]:
        return _group(number, body).kept

    def _newest(self, db: sqlite3.Connection) -> packing.Group | None:
        select = "SELECT offset, body FROM reports WHERE offset = (SELECT max(offset) FROM reports)"
        row = db.execute(select).fetchone()
        return None if row is None else _group(*row)


class SingleRows:
    """Of an older agent: the highest offset is SQLite's own to remember, and the cursors stand in the table `meta`."""

    def __init__(self, version: int) -> None:
        self._version = version

    def given(self, db: sqlite3.Connection) -> int:
        row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'reports'").fetchone()
        return int(row[0]) if row else 0

    def give(self, db: sqlite3.Connection, offset: int) -> None:
        if offset and not db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'reports'", (offset,)).rowcount:
            db.execute("INSERT INTO sqlite_sequence(name, seq) VALUES ('reports', ?)", (offset,))

    def cursors(self, _db: sqlite3.Connection) -> tuple[int, int]:
        return (0, 0)

    def insert(self, db: sqlite3.Connection, kept: Iterable[Kept], acked: int, published: int) -> None:
        rows = ((each.offset, each.entry.t, packing.packed(self._version, each.offset, each.entry)) for each in kept)
        db.executemany("INSERT INTO reports(offset, t, body) VALUES (?, ?, ?)", rows)
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", (("acked", acked), ("published", published)))

    def found(self, db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, Any]]:
        select = "SELECT offset, body FROM reports WHERE offset BETWEEN ? AND ? ORDER BY offset"
        return iter(db.execute(select, (first, last)))

    def held(self, number: int, body: Any) -> tuple[Kept, ...]:
        with _readable():
            return (Kept(number, packing.unpacked(self._version, number, body)),)


def rows_of(version: int) -> Rows:
    return SingleRows(version) if version in packing.SINGLE else GatheredRows()


def _group(number: int, body: Any) -> packing.Group:
    with _readable():
        return packing.unpacked_group(number, body)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (WireError, ValueError, TypeError) as error:
        raise JournalCorrupt(f"a report cannot be read: {error}") from None


def _groups(kept: Iterable[Kept]) -> Iterator[list[Kept]]:
    """Without a gap, and bounded."""
    group: list[Kept] = []
    size = 0
    for each in kept:
        follows = not group or group[-1].offset + 1 == each.offset
        if not follows or len(group) == MOST_GATHERED or size > MOST_BYTES:
            yield group
            group, size = [], 0
        group.append(each)
        size += sum(len(one.value) for one in each.entry.metrics if isinstance(one.value, str | bytes))
    if group:
        yield group
