"""How long does a grown district take from SQLite to PostgreSQL, and does a move that was killed go on where it was?

The district of benchmarks/grown.py is moved by `dltv-hub migrate --from … --to …` into a PostgreSQL of its own that writes to the
disk what it commits. Half-way the mover is killed (SIGKILL), and started again. Beside it, in the same run: the rows of the
largest tables, read from SQLite and handed to COPY with nothing else done, which is what the two databases themselves can do.
"""

import argparse
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from benchmarks.databases import database
from benchmarks.grown import grow
from benchmarks.reports import Sizes

_TOLD = re.compile(r"^(\w+): (\d+) of (\d+)$")
_VERIFIED = re.compile(r"^\w+ is the same: ")
_LARGEST = 3


@dataclass(slots=True)
class Run:
    """One start of the mover: what it came to. rows: there when it ended."""

    rows: int = 0
    seconds: float = 0.0
    copying_s: float = 0.0
    cpu: float = 0.0
    memory_mb: float = 0.0
    whole: bool = False


def move(source: str, target: str, stop_after: int | None = None) -> Run:
    """`stop_after`: it is killed once so many rows are moved."""
    found, begun, there = Run(), time.monotonic(), dict[str, int]()
    command = [sys.executable, "-m", "hub", "migrate", "--from", source, "--to", target]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as mover:
        assert mover.stderr is not None
        process = psutil.Process(mover.pid)
        for line in mover.stderr:
            if _VERIFIED.match(line):
                found.copying_s = found.copying_s or time.monotonic() - begun
                continue
            told = _TOLD.match(line)
            if told is not None:
                there[told[1]] = int(told[2])
            with process.oneshot():
                found.memory_mb = max(found.memory_mb, process.memory_info().rss / 1e6)
                found.cpu = sum(process.cpu_times()[:2])
            if stop_after is not None and sum(there.values()) >= stop_after:
                mover.send_signal(signal.SIGKILL)
                break
    found.rows, found.seconds, found.whole = sum(there.values()), time.monotonic() - begun, mover.returncode == 0
    return found


def rows_in(target: str) -> int:
    """That a move which was killed has brought there."""
    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT coalesce(sum(rows), 0) FROM moved").fetchone()
    return int(found[0]) if found else 0


def rows_of(path: Path) -> dict[str, int]:
    """By table, the largest first."""
    with closing(sqlite3.connect(path)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}  # noqa: S608
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def bare(path: Path, target: str, names: list[str]) -> float:
    """Rows a second: COPY into tables without keys."""
    rows, begun = 0, time.monotonic()
    with closing(sqlite3.connect(path)) as source, psycopg.connect(target.replace("+psycopg", "")) as into:
        for name in names:
            into.execute(f'CREATE TABLE "bare_{name}" AS TABLE "{name}" WITH NO DATA'.encode())
            found = source.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            columns = ", ".join(f'"{column[0]}"' for column in found.description)
            with into.cursor().copy(f'COPY "bare_{name}" ({columns}) FROM STDIN'.encode()) as copy:
                for row in found:
                    copy.write_row(row)
                    rows += 1
    return rows / (time.monotonic() - begun)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.migrate", description=__doc__)
    parser.add_argument("--schools", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        path = Path(folder) / "hub.db"
        grow(path, time.time_ns() // 1_000_000, Sizes(schools=options.schools))
        counts = rows_of(path)
        total = sum(counts.values())
        print(f"{options.schools} schools: {total:,} rows, {path.stat().st_size / 1e6:,.0f} MB", flush=True)
        source, target = f"sqlite:///{path}", ends.enter_context(database("postgresql", Path(folder))).url
        first = move(source, target, stop_after=total // 2)
        there = rows_in(target)
        print(f"killed after {first.seconds:.1f} s: {there:,} rows are there, in whole transactions", flush=True)
        then = move(source, target)
        if not then.whole:
            raise SystemExit("the move did not end well: python -m hub migrate --from … --to …")
        copied, seconds = total - there, then.copying_s
        print(
            f"went on: {copied:,} further rows in {seconds:.1f} s ({copied / seconds:,.0f}/s), read back and compared in "
            f"{then.seconds - seconds:.1f} s; in all {total / (first.seconds + then.seconds):,.0f} rows/s"
        )
        print(f"  processor of the mover {then.cpu / total * 1e6:.0f} µs a row, memory {then.memory_mb:.0f} MB at most")
        pace = bare(path, target, [name for name in counts if name != "sqlite_sequence"][:_LARGEST])
        print(
            f"  the largest {_LARGEST} tables by COPY alone: {pace:,.0f} rows/s; {copied / seconds / pace:.0%} of that"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
