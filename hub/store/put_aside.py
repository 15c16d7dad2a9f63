"""Lines that a replay has dealt with, put aside by the minute that they tell of, and found again by their time.

A row holds what one batch said for one minute: a row for each of millions of lines took a twelfth of a replay.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from sqlite3 import Connection as Driver
from sqlite3 import Error

from sqlalchemy import Connection

from hub.store.errors import StoreUnavailable

_MINUTE_MS = 60_000
_KEPT = 200
"""Minutes in memory: of a large district one may be a hundred kilobytes."""
TABLES = (
    "CREATE TABLE IF NOT EXISTS replay_minute (minute INTEGER NOT NULL, lines BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_replay_minute ON replay_minute (minute)",
)
_PUT = "INSERT INTO replay_minute VALUES (?, ?)"
_OF_MINUTE = "SELECT lines FROM replay_minute WHERE minute = ?"


class Lines:
    """Lines of one batch. None of them has a line feed in it."""

    def __init__(self) -> None:
        self._minutes: defaultdict[int, list[bytes]] = defaultdict(list)

    def add(self, t: int, line: bytes) -> None:
        """A line as the recording has it; `t` is its event time, ms."""
        self._minutes[t // _MINUTE_MS].append(b"\n%d %b" % (t, line))

    def write(self, connection: Connection) -> None:
        """Put them aside, in the transaction of this connection."""
        rows = [(minute, b"".join(lines)) for minute, lines in self._minutes.items()]
        if rows:
            connection.exec_driver_sql(_PUT, rows)


class PutAside:
    """What was put aside and committed. Some minutes that were asked for are kept: history is told in its order."""

    def __init__(self) -> None:
        self._minutes: dict[int, Sequence[bytes]] = {}

    def forget(self) -> None:
        """There may be more now."""
        self._minutes.clear()

    def told_for(self, driver: Driver, t: int) -> Iterator[bytes]:
        """The lines of this event time (ms), asked of the driver itself: there may be millions of questions."""
        minute = t // _MINUTE_MS
        pages = self._minutes.get(minute)
        if pages is None:
            if len(self._minutes) >= _KEPT:
                self._minutes.clear()
            pages = self._minutes[minute] = _pages(driver, minute)
        for page in pages:
            for found in page.split(b"\n%d " % t)[1:]:
                yield found.partition(b"\n")[0]


def _pages(driver: Driver, minute: int) -> Sequence[bytes]:
    try:
        return [lines for (lines,) in driver.execute(_OF_MINUTE, (minute,))]
    except Error as error:
        raise StoreUnavailable(f"the database cannot be used: {error}") from error
