"""What stands on the disk after the power went, at any instant.

A cut leaves everything that an fsync had confirmed, and of what was written after it any part: cut off anywhere, in any
order, or as rubbish. The states of the files are taken before and after each commit; what a cut leaves is made up in between.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.adapters.sqlite_journal import FILE_NAME, SqliteJournal
from agent.core.entries import Entry
from wire.metrics import DataType, Metric

NOW = 1_790_000_000_000
WAL = FILE_NAME + "-wal"
SECTOR, PAGE = 512, 1024


@dataclass(frozen=True)
class Disk:
    """The files at one instant, and the last offset that had been confirmed."""

    database: bytes
    wal: bytes
    confirmed: int


def entry(number: int) -> Entry:
    return Entry("p1-tv", NOW, (Metric("panel/hours", number, DataType.INT64, timestamp=NOW),))


def commit(journal: SqliteJournal, first: int, count: int) -> int:
    """Reports whose content is their offset."""
    entries = [entry(first + each) for each in range(count)]
    return journal.keep(entries, acked=0, published=0).kept[-1].offset


@pytest.fixture(scope="module")
def instants() -> Iterator[list[Disk]]:
    """The disk after each commit; the commits reach over several checkpoints of the WAL."""
    with tempfile.TemporaryDirectory() as folder:
        journal = SqliteJournal(Path(folder), NOW)
        disks, newest = [], 0
        journal._db.execute("PRAGMA wal_autocheckpoint=40")
        for each in range(120):
            newest = commit(journal, newest + 1, 1 + (each * 7) % 23)
            disks.append(_read(Path(folder), newest))
        yield disks
        journal.close()


def _read(folder: Path, confirmed: int) -> Disk:
    # In a process of its own: closing a file here would release the journal's POSIX lock.
    copied = subprocess.run(["cat", str(folder / FILE_NAME)], capture_output=True, check=True, timeout=60).stdout
    wal = subprocess.run(["cat", str(folder / WAL)], capture_output=True, check=True, timeout=60).stdout
    return Disk(copied, wal, confirmed)


def _reopened(database: bytes, wal: bytes) -> list[int]:
    """The reports of a journal found like this, each of which must be what it was."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE_NAME).write_bytes(database)
        (Path(folder) / WAL).write_bytes(wal)
        journal = SqliteJournal(Path(folder), NOW)
        assert [path.name for path in Path(folder).iterdir() if "corrupt" in path.name] == []
        kept = journal.read(0, 1 << 62, 1 << 62)
        assert all(each.entry == entry(each.offset) for each in kept)
        following = commit(journal, kept[-1].offset + 1, 1)
        assert journal._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        journal.close()
    return [*(each.offset for each in kept), following]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cut_while_the_log_is_written_loses_at_most_the_last_commit(
    instants: list[Disk], data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(instants) - 2))
    before, after = instants[which], instants[which + 1]
    if before.database != after.database or len(after.wal) < len(before.wal):
        return  # a checkpoint lies between: the next test's matter
    unconfirmed = range(_first_difference(before.wal, after.wal) // SECTOR, len(after.wal) // SECTOR)
    wal = bytearray(after.wal)
    for sector in data.draw(st.sets(st.sampled_from(unconfirmed or [0]), max_size=20)) if unconfirmed else ():
        end = min(len(wal), (sector + 1) * SECTOR)
        start = max(sector * SECTOR, _first_difference(before.wal, after.wal))
        wal[start:end] = data.draw(st.sampled_from([b"\0", b"\xa5", b"\xff"])) * (end - start)
    cut = data.draw(st.integers(_first_difference(before.wal, after.wal), len(wal)))
    found = _reopened(before.database, bytes(wal[:cut]))
    assert found[-2] in (before.confirmed, after.confirmed)
    assert found == list(range(1, found[-1] + 1))


def _first_difference(before: bytes, after: bytes) -> int:
    """Where the second one was written anew; all before it had been confirmed."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if before[low:middle] == after[low:middle] else (low, middle - 1)
    return low


def test_the_instants_include_checkpoints(instants: list[Disk]) -> None:
    assert len({disk.database for disk in instants}) > 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cut_while_the_log_is_folded_in_loses_nothing(instants: list[Disk], data: st.DataObject) -> None:
    """The log is confirmed by then; the database holds any mixture of old and new pages."""
    folded = [
        (before, after)
        for before, after in pairwise(instants)
        if before.database != after.database and len(after.wal) >= len(before.wal)
    ]
    assert folded
    before, after = data.draw(st.sampled_from(folded))
    pages = range(len(after.database) // PAGE)
    database = bytearray(before.database.ljust(len(after.database), b"\0"))
    for page in data.draw(st.sets(st.sampled_from(pages))):
        database[page * PAGE : (page + 1) * PAGE] = after.database[page * PAGE : (page + 1) * PAGE]
    found = _reopened(bytes(database), after.wal)
    assert found == list(range(1, after.confirmed + 2))


WRITER = """
import sys
from itertools import pairwise
from pathlib import Path
from agent.adapters.sqlite_journal import SqliteJournal
from agent.core.entries import Entry
from wire.metrics import DataType, Metric
journal = SqliteJournal(Path(sys.argv[1]), 0)
number = journal.marks().newest
while True:
    entries = [Entry("p1-tv", 1, (Metric("panel/hours", number + 1 + each, DataType.INT64, timestamp=1),)) for each in range(7)]
    number = journal.keep(entries, acked=number, published=number).kept[-1].offset
    print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_confirmed(tmp_path: Path) -> None:
    newest = 0
    for lines in (1, 40, 7, 100, 3):
        newest = max(newest, _write_and_kill(tmp_path, lines))
        journal = SqliteJournal(tmp_path, NOW)
        kept = journal.read(0, 1 << 62, 1 << 62)
        journal.close()
        assert [each.offset for each in kept] == list(range(1, len(kept) + 1))
        assert [each.entry.metrics[0].value for each in kept] == [each.offset for each in kept]
        assert newest <= len(kept) <= newest + 7
        newest = len(kept)
    assert not list(tmp_path.glob("*.corrupt-*"))


def _write_and_kill(folder: Path, lines: int) -> int:
    """Let a writer confirm so many commits, then SIGKILL; returns the last offset that it had confirmed."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(lines):
            confirmed = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split("\n")
        return max([confirmed, *(int(line) for line in rest[:-1] if line)])


def test_a_copy_of_a_stopped_writers_files_opens(tmp_path: Path) -> None:
    """As an operator's backup, or a card that is pulled out, would find them."""
    live, copy = tmp_path / "live", tmp_path / "copy"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(live)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(10):
            for _ in range(20):
                confirmed = int(writer.stdout.readline())
            writer.send_signal(signal.SIGSTOP)
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(live, copy)
            journal = SqliteJournal(copy, NOW)
            assert journal.marks().newest >= confirmed
            journal.close()
            writer.send_signal(signal.SIGCONT)
        writer.kill()
    assert not list(copy.glob("*.corrupt-*"))
