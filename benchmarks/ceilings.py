"""What else the machine could do, beside what was measured: one line that tells the ceiling of the same run, and the ratio."""

import gzip
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path


def against(ceiling: str, figure: float, best: float, unit: str) -> str:
    """`figure` and `best` in the same unit. A pace is a part of its ceiling; what takes time takes so many times as long."""
    ratio = f"{figure / best:.0%} of it" if unit.endswith("/s") else f"{figure / best:.1f} times that"
    return f"  {ceiling}: {_number(best)} {unit}; what was measured, {_number(figure)} {unit}, is {ratio}"


def read_lines(recording: Path) -> float:
    """Messages a second of the processor: the recording is unpacked and read as JSON, and nothing is done with it."""
    begun, count = time.process_time(), 0
    with gzip.open(recording, "rt", encoding="utf-8") as lines:
        for line in lines:
            json.loads(line)
            count += 1
    return count / (time.process_time() - begun)


def read_rows(database: Path, tables: Iterable[str]) -> float:
    """Seconds: every row of these tables once, and nothing is done with it."""
    begun = time.perf_counter()
    with closing(sqlite3.connect(database)) as connection:
        for table in tables:
            for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  names of our own
                pass
    return time.perf_counter() - begun


def narrow_table(values: int, series: int) -> float:
    """Bytes a value of a table that has a row for each: series, time, number, in the order of its key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "narrow.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "CREATE TABLE value(series INT, t INT, value REAL, PRIMARY KEY(series, t)) WITHOUT ROWID"
            )
            each = values // series
            rows = (
                (number, 1_790_000_000_000 + at * 60_000, 12.5 + at % 50 / 10)
                for number in range(series)
                for at in range(each)
            )
            connection.executemany("INSERT INTO value VALUES (?, ?, ?)", rows)
            connection.commit()
        return path.stat().st_size / (each * series)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"
