"""What does a stored value weigh, in rows and in chunks, and what does it cost to bring it from one to the other?

An invented district is simulated and replayed as any recording; its database then gets its hours and chunks by the hub's own
chores, and is asked what it takes by the code of `dltv-hub db size`.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select, update

from benchmarks.ceilings import against, narrow_table
from benchmarks.replay import record
from hub.store.folding import LATE_MS, Folding
from hub.store.opening import open_store
from hub.store.packing import BLOCK_MS, REST_MS, Packing
from hub.store.pruning import Pruning
from hub.store.sizes import Sizes, sizes_of
from hub.store.tables import epoch, report
from hub.store.unit_of_work import Store

TARGET = 12.0
"""Bytes a stored value, indexes included, of the days that reports are kept."""
DAYS = 35.0
_DAY_MS = 86_400_000
_NARROW, _SERIES = 500_000, 200


def make(place: Path, schools: int, days: int, scenario: str) -> Path:
    """The database of a replay."""
    record(schools, days, scenario, place)
    files = ["--inventory", place / "inventory.json", "--recording", place / "recording.ndjson.gz"]
    command = ["replay", *map(str, files), "--out", str(place / "result.json"), "--keep", str(place / "hub.db")]
    subprocess.run([sys.executable, "-m", "hub", *command], check=True, stderr=subprocess.DEVNULL)
    return place / "hub.db"


def run(step: Callable[[int], bool], now: int) -> tuple[float, float]:
    """Seconds of the processor that all of it took, and of the clock that the longest step took."""
    begun, worst, more = time.process_time(), 0.0, True
    while more:
        at = time.perf_counter()
        more = step(now)
        worst = max(worst, time.perf_counter() - at)
    return time.process_time() - begun, worst


def look(store: Store) -> Sizes:
    with store.reading() as connection:
        return sizes_of(connection, 0)


def tell(what: str, sizes: Sizes) -> None:
    kept = {each.name: each for each in sizes.tables}
    for name in ("report", "report_chunk", "hourly"):
        each = kept[name]
        value = f"{each.bytes / each.values:.1f} B a value" if each.values else ""
        row = f"{each.bytes / each.rows:.0f} B a row" if each.rows else ""
        print(f"{what:<12}{name:<14}{each.rows:>10,} rows{each.bytes / 1000:>10,.0f} kB  {row:<14}{value}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.storage", description=__doc__)
    parser.add_argument("--schools", type=int, default=30)
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--scenario", default="mixture", help="of the simulator")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder), options.schools, options.days, options.scenario)
        with closing(open_store(f"sqlite:///{path}")) as store:
            return measure(store)


def measure(store: Store) -> int:
    rows = look(store)
    tell("as rows", rows)
    with store.begin() as work:
        newest = int(work.connection.execute(select(func.max(report.c.t))).scalar_one())
        work.connection.execute(update(epoch).values(judged=epoch.c.newest))
    now = newest // BLOCK_MS * BLOCK_MS + BLOCK_MS + REST_MS + LATE_MS
    folded, _ = run(Folding(store).step, now)
    packed, longest = run(Packing(store, DAYS).step, now)
    chunks = look(store)
    tell("packed", chunks)
    count = next(each.rows for each in rows.tables if each.name == "report")
    print(
        f"a report into hours: {folded / count * 1e6:.0f} µs, into a chunk: {packed / count * 1e6:.1f} µs of the processor"
    )
    row, chunk = rows.bytes_of_values / rows.values, chunks.bytes_of_values / chunks.values
    waiting = (BLOCK_MS / 2 + REST_MS) / _DAY_MS
    whole = (waiting * row + (DAYS - waiting) * chunk) / DAYS
    print(
        f"{DAYS:.0f} days, the last {waiting * 24:.0f} hours of them as rows: {whole:.1f} bytes a value ({TARGET:g} are wanted)"
    )
    print(against("a row for each value in SQLite", whole, narrow_table(_NARROW, _SERIES), "bytes a value"))
    dropped, worst = run(Pruning(store, DAYS).step, now + round((DAYS + 10) * _DAY_MS))
    print(
        f"pruned in {dropped:.1f} s; the longest step of packing took {longest * 1000:.0f} ms, of pruning {worst * 1000:.0f} ms"
    )
    return int(whole > TARGET)


if __name__ == "__main__":
    sys.exit(main())
