"""What of the journals of a simulated country is in the hub's store: how much, how late, and at the end whether all of it."""

import time
from collections.abc import Iterable, Sequence
from threading import Lock

from sqlalchemy import Connection, text

from benchmarks.country_school import journal_of
from hub.store.engine import open_engine

_STORED = text(
    'SELECT sum(c."last" - c."first" + 1) FROM committed c JOIN epoch e ON e.id = c.epoch_id WHERE NOT e.ours'
)
_BORN = text("SELECT count(*) FROM node WHERE online")
_EPOCHS = text("SELECT uuid, id FROM epoch WHERE NOT ours")
_OF = text('SELECT "first", "last" FROM committed WHERE epoch_id = :epoch')
_SUMS = text(
    'SELECT e.uuid, d."key", count(*), sum(r."offset"), sum(r.t) FROM report r JOIN epoch e ON e.id = r.epoch_id'
    ' JOIN device d ON d.id = r.device_id WHERE NOT e.ours GROUP BY e.uuid, d."key"'
)


class Samples:
    """Of some nodes, what they have put into their journals and when; several threads add to it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[int, list[tuple[int, int]]] = {}

    def add(self, made: Iterable[Sequence[int]]) -> None:
        with self._lock:
            for number, offset, t in made:
                self._made.setdefault(number, []).append((offset, t))

    def numbers(self) -> list[int]:
        with self._lock:
            return list(self._made)

    def forget(self, number: int, upto: int) -> int | None:
        """All up to this offset are stored. When the oldest was made that is not; None where there is none."""
        with self._lock:
            left = self._made[number] = [each for each in self._made[number] if each[0] > upto]
        return left[0][1] if left else None


class Ledger:
    def __init__(self, url: str, samples: Samples) -> None:
        self._engine, self._samples = open_engine(url), samples
        self._epochs: dict[str, int] = {}

    def stored(self) -> int:
        """Reports of all nodes."""
        with self._engine.connect() as connection:
            return int(connection.execute(_STORED).scalar() or 0)

    def born(self) -> int:
        """Nodes whose birth stands in the store."""
        with self._engine.connect() as connection:
            return int(connection.execute(_BORN).scalar() or 0)

    def lag_s(self) -> float:
        """Since when the longest waiting report of the sampled nodes stands in its journal and not in the store; 0: none does."""
        waiting = []
        with self._engine.connect() as connection:
            for number in self._samples.numbers():
                rows = connection.execute(_OF, {"epoch": self._epoch(connection, journal_of(number))})
                whole = max((row.last for row in rows if row.first == 1), default=0)
                t = self._samples.forget(number, whole)
                if t is not None:
                    waiting.append(t)
        return max(0.0, time.time() - min(waiting) / 1000) if waiting else 0.0

    def _epoch(self, connection: Connection, uuid: str) -> int | None:
        """Looked up once: to look through all journals of a country twice a second would take half a core from the hub."""
        if uuid not in self._epochs:
            self._epochs = {row.uuid: row.id for row in connection.execute(_EPOCHS)}
        return self._epochs.get(uuid)

    def sums(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        """By journal and device: how many reports, and the sums of their offsets and times."""
        with self._engine.connect() as connection:
            rows = connection.execute(_SUMS).all()
        return {(row[0], row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in rows}

    def close(self) -> None:
        self._engine.dispose()
