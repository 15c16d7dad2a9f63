"""A school that was cut off for two weeks comes back with more reports than are judged in one go, and nobody waits for it."""

import sqlite3
import time
from bisect import bisect_right
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.sqlite_journal import SqliteJournal
from agent.core.entries import Entry
from benchmarks.hub_load import GROUP, School
from wire.metrics import DataType, Metric

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]
KEPT, AT_ONCE = 25_000, 1_000
DAY_MS = 86_400_000
BEHIND = 12_000
"""A report of somebody else may be stored behind so many of the history: what waits of one node, a transaction, and some."""
BACK, NEIGHBOUR = "36039001", School(0)
_HELD = (
    'SELECT count(*), count(DISTINCT r."offset"), coalesce(max(r."offset"), 0) FROM report r JOIN epoch e ON e.id = r.epoch_id'
    " WHERE e.uuid = ?"
)
_RANGES = 'SELECT c."first", c."last" FROM committed c JOIN epoch e ON e.id = c.epoch_id WHERE e.uuid = ?'
_UNJUDGED = "SELECT newest - judged FROM epoch WHERE uuid = ?"
_NEIGHBOURS = (
    'SELECT r."offset", r.t FROM report r JOIN epoch e ON e.id = r.epoch_id WHERE e.uuid = ? AND r."offset" > ?'
)


def write_history(folder: Path, now: int) -> str:
    """As the agent's own journal keeps it: a computer's load every 48 seconds. Returns the journal's epoch."""
    with closing(SqliteJournal(folder, now)) as journal:
        marks = journal.marks()
        times = [now - 14 * DAY_MS * (KEPT - number) // KEPT for number in range(KEPT)]
        told = [
            Entry(None, t, (Metric("host/load1", number % 7 / 2, DataType.FLOAT, t),)) for number, t in enumerate(times)
        ]
        for first in range(0, KEPT, AT_ONCE):
            journal.keep(told[first : first + AT_ONCE], acked=0, published=0)
        return marks.epoch


def agent_settings(folder: Path, broker: str) -> Path:
    file = folder / "agent.toml"
    file.write_text(
        f'group = "{GROUP}"\nnode = "{BACK}"\n[uplink]\nbroker = "{broker}"\nreplay_per_s = 1000\n'
        f'[journal]\ndirectory = "{folder / "journal"}"\ncommit_every_s = 0.2\n[host]\nevery_s = 60\ninternet = []\nntp = ""\n'
    )
    return file


class Watch:
    """How much of the history is stored at each moment, and behind how much of it each report of the neighbour came."""

    def __init__(self, file: Path, epoch: str) -> None:
        self._file, self._epoch = file, epoch
        self._moments, self._held, self._after = [0], [0], 0
        self.behind: list[int] = []

    def look(self) -> int:
        """Reports of the history so far."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=60)) as db:
            held: int = sum(last - first + 1 for first, last in db.execute(_RANGES, (self._epoch,)))
            new = db.execute(_NEIGHBOURS, (NEIGHBOUR.epoch, self._after)).fetchall()
        for offset, t in new:
            self.behind.append(held - self._held[bisect_right(self._moments, t) - 1])
            self._after = max(self._after, offset)
        self._moments.append(time.time_ns() // 1_000_000)
        self._held.append(held)
        return held


def test_a_school_back_with_more_than_is_judged_in_one_go_is_taken_whole_and_once_and_nobody_waits_for_it(
    start: Any, until: Any, mosquitto: Any, free_port: Callable[[], int], hub_at: Any, tmp_path: Path
) -> None:
    port, database = free_port(), tmp_path / "hub" / "hub.db"
    epoch = write_history(tmp_path / "journal" / GROUP / BACK, time.time_ns() // 1_000_000)
    (tmp_path / "hub.toml").write_text(
        f'data_dir = "{tmp_path / "hub"}"\ngroups = ["{GROUP}"]\n[http]\nlisten = "127.0.0.1:{port}"\n'
        f'[broker]\nurl = "{mosquitto.url}"\n[detection]\nsettle_s = 5\n'
    )
    start("hub", "serve", "--config", str(tmp_path / "hub.toml"))
    hub = hub_at(port)
    until("the hub", lambda: hub.ready, 300)
    says = {"port": mosquitto.port, "schools": 1, "rate": 10, "seconds": 3600}
    start("benchmarks.hub_load", *(f"--{name}={value}" for name, value in says.items()))
    watch = Watch(database, epoch)

    def neighbour_is_heard() -> bool:
        watch.look()
        return len(watch.behind) > 3

    until("the neighbour", neighbour_is_heard, 200)
    watch.behind.clear()
    agent = start("agent", "run", "--config", str(agent_settings(tmp_path, mosquitto.url)))
    until("its history", lambda: watch.look() >= KEPT, 600)
    assert len(watch.behind) > 50, "the neighbour spoke meanwhile"
    assert max(watch.behind) <= BEHIND
    assert agent.stop() == 0

    def one(question: str, *given: object) -> Any:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as db:
            return db.execute(question, given).fetchall()

    until("all of it to be one range", lambda: len(one(_RANGES, epoch)) == 1, 240)
    ((first, last),) = one(_RANGES, epoch)
    ((held, different, newest),) = one(_HELD, epoch)
    assert (first, held, different) == (1, last, last)
    assert newest == last >= KEPT
    assert not one("SELECT * FROM lost")
    until("all of it to be judged", lambda: one(_UNJUDGED, epoch) == [(0,)], 240)
