"""SIGKILL while reports come in, are folded, packed and pruned: each is there once, or old and still in its hour."""

import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hub.store.chunk_tables import report_chunk
from hub.store.chunks import unpack_chunk
from hub.store.engine import open_engine
from hub.store.hourly_tables import hourly_mark
from hub.store.tables import epoch, report
from tests.hub.store.busy_hub import KEPT_MS, chores, told_at
from tests.hub.store.reporting import DyingStore
from tests.hub.store.test_folding import kept
from tests.stores import database

ROOT = Path(__file__).parents[3]
KILLS, KILLS_AT_MOST, COMMITS = 5, 60, (3, 25)


def run_and_kill(url: str, commits: int) -> int:
    """The last offset that the process said to be committed."""
    words = [sys.executable, "-m", "tests.hub.store.busy_hub", url]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(commits)]
        process.send_signal(signal.SIGKILL)
        # A line that was not finished says nothing.
        told += process.stdout.read().splitlines(keepends=True)
    return max(int(line) for line in told if line.endswith("\n"))


def stored(store: DyingStore) -> Counter[int]:
    """How often each offset is there, as a row or in a chunk."""
    with store.reading() as connection:
        found = Counter(connection.execute(select(report.c.offset)).scalars())
        for row in connection.execute(select(report_chunk)):
            found.update(each.offset for each in unpack_chunk(row.body, row.epoch_id, row.device_id))
    return found


def judge(store: DyingStore) -> None:
    """All that is there."""
    with store.begin() as work:
        work.connection.execute(update(epoch).values(judged=epoch.c.newest))


@pytest.mark.e2e
def test_whenever_it_is_killed_each_report_is_there_once_and_each_hour_is_right(tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    chance, url = random.Random(seed), database(tmp_path / "hub.db")
    gone: set[int] = set()
    kills = 0
    while kills < KILLS or not gone:
        kills += 1
        assert kills < KILLS_AT_MOST, "nothing was ever pruned"
        confirmed = run_and_kill(url, chance.randint(*COMMITS))
        store = DyingStore(open_engine(url))
        found = stored(store)
        with store.reading() as connection:
            pruned_before = connection.execute(select(hourly_mark.c.pruned_before)).scalar_one()
        store.close()
        assert set(found.values()) == {1}, seed
        gone = set(range(1, confirmed + 1)) - set(found)
        assert all(told_at(offset) < pruned_before for offset in gone), (seed, sorted(gone)[:5], pruned_before)
    store = DyingStore(open_engine(url))
    newest = max(found)
    judge(store)
    chores(store, told_at(newest) + KEPT_MS)
    counts = [count[0] for (_, _, metric), count in kept(store).items() if metric == "signal/cnr_db"]
    store.close()
    assert sum(counts) == newest, seed
