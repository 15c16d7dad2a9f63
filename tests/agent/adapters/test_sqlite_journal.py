import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.sqlite_journal import FILE_NAME, SqliteJournal
from agent.core.entries import Entry, Kept
from agent.errors import JournalBusy, JournalCorrupt, JournalStuck, OperatorError
from wire.metrics import DataType, Metric

NOW = 1_790_000_000_000


def entry(t: int, device: str | None = "p1-tv") -> Entry:
    return Entry(device, t, (Metric("panel/temp_c", 41.5, DataType.FLOAT, timestamp=t),))


def entries(count: int, t: int = NOW) -> list[Entry]:
    return [entry(t + each) for each in range(count)]


def keep(journal: SqliteJournal, count: int) -> list[int]:
    return [kept.offset for kept in journal.keep(entries(count), acked=0, published=0).kept]


def offsets(journal: SqliteJournal) -> list[int]:
    return [kept.offset for kept in journal.read(0, 1 << 62, 1 << 62)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(tmp_path, NOW)
    yield journal
    journal.close()


def test_a_new_journal_holds_nothing_and_has_a_name_of_its_own(journal: SqliteJournal, tmp_path: Path) -> None:
    marks = journal.marks()
    assert (marks.oldest, marks.newest, marks.acked, marks.published, marks.bd_seq) == (1, 0, 0, 0, None)
    assert marks.epoch != SqliteJournal(tmp_path / "other", NOW).marks().epoch


def test_offsets_begin_at_one_and_go_up(journal: SqliteJournal) -> None:
    assert keep(journal, 3) == [1, 2, 3]
    assert keep(journal, 2) == [4, 5]


def test_what_was_kept_is_read_back_as_it_was(journal: SqliteJournal) -> None:
    committed = journal.keep([entry(NOW), entry(NOW + 1, device=None)], acked=0, published=0)
    assert journal.read(1, 2, 10) == list(committed.kept) == [Kept(1, entry(NOW)), Kept(2, entry(NOW + 1, None))]


def test_reading_is_limited_to_the_oldest(journal: SqliteJournal) -> None:
    keep(journal, 10)
    assert [kept.offset for kept in journal.read(4, 9, 3)] == [4, 5, 6]


def test_reports_cursors_and_bdseq_survive_a_restart(tmp_path: Path) -> None:
    first = SqliteJournal(tmp_path, NOW)
    first.keep(entries(5), acked=2, published=4)
    first.keep_bd_seq(17)
    marks = first.marks()
    first.close()
    again = SqliteJournal(tmp_path, NOW)
    assert again.marks() == marks
    assert (marks.oldest, marks.newest, marks.acked, marks.published, marks.bd_seq) == (1, 5, 2, 4, 17)
    assert offsets(again) == [1, 2, 3, 4, 5]
    again.close()


def test_an_offset_is_not_given_again_when_its_report_was_dropped(tmp_path: Path) -> None:
    first = SqliteJournal(tmp_path, NOW)
    keep(first, 5)
    first.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("DELETE FROM reports")
    db.close()
    again = SqliteJournal(tmp_path, NOW)
    assert (again.marks().oldest, again.marks().newest) == (6, 5)
    assert keep(again, 1) == [6]
    again.close()


def test_a_full_journal_drops_the_oldest_rows(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, NOW, max_rows=1000)
    for _ in range(60):
        keep(journal, 20)
    marks = journal.marks()
    assert marks.newest == 1200
    assert 900 <= marks.newest - marks.oldest <= 1020
    assert offsets(journal)[0] == marks.oldest
    journal.close()


def test_a_full_journal_stays_within_its_bytes(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, NOW, max_bytes=200_000)
    for _ in range(300):
        keep(journal, 20)
    assert journal.marks().oldest > 1
    journal.close()
    assert (tmp_path / FILE_NAME).stat().st_size < 250_000


def test_a_second_agent_on_one_journal_is_refused_in_one_line(journal: SqliteJournal, tmp_path: Path) -> None:
    keep(journal, 1)
    with pytest.raises(JournalBusy, match="another agent has this journal open: stop it, or give this one") as refused:
        SqliteJournal(tmp_path, NOW)
    assert "\n" not in str(refused.value)
    assert keep(journal, 1) == [2]


def test_another_process_is_refused_too(journal: SqliteJournal, tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from agent.adapters.sqlite_journal import SqliteJournal
SqliteJournal(Path({str(tmp_path)!r}), 0)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30)
    assert "JournalBusy" in done.stderr


def test_the_lock_is_gone_when_the_journal_is_closed(tmp_path: Path) -> None:
    SqliteJournal(tmp_path, NOW).close()
    SqliteJournal(tmp_path, NOW).close()


@pytest.mark.parametrize("damage", [b"", b"\0" * 4096, b"SQLite format 3\0 and nothing of the sort" * 300])
def test_a_file_that_is_no_journal_is_moved_aside(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    journal = SqliteJournal(tmp_path, NOW)
    assert keep(journal, 1) == [1]
    journal.close()
    moved = tmp_path / f"{FILE_NAME}.corrupt-{NOW}"
    assert not damage or moved.read_bytes() == damage


def test_a_journal_without_its_epoch_is_moved_aside(tmp_path: Path) -> None:
    first = SqliteJournal(tmp_path, NOW)
    keep(first, 3)
    before = first.marks().epoch
    first.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("DELETE FROM meta WHERE key = 'epoch'")
    db.close()
    again = SqliteJournal(tmp_path, NOW)
    assert again.marks().epoch not in ("", before)
    assert (again.marks().newest, offsets(again)) == (0, [])
    again.close()


def copy_as_killed(folder: Path) -> Path:
    """The files as a SIGKILL now would leave them."""
    files = list(folder.iterdir())
    target = folder / "killed"
    target.mkdir()
    for file in files:
        shutil.copy(file, target)
    return target


@pytest.mark.parametrize("left", [0.0, 0.5, 0.9])
def test_a_journal_that_forgot_what_was_published_gives_no_offset_again(
    journal: SqliteJournal, tmp_path: Path, left: float
) -> None:
    for _ in range(20):
        keep(journal, 1)
    before = journal.marks().epoch
    journal.promise(before, 20)
    killed = copy_as_killed(tmp_path)
    wal = killed / f"{FILE_NAME}-wal"
    os.truncate(wal, int(wal.stat().st_size * left))
    again = SqliteJournal(killed, NOW)
    assert again.marks().epoch != before
    again.close()


def test_a_journal_whose_every_file_was_cut_in_half_begins_a_new_epoch_once(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    for _ in range(20):
        keep(journal, 1)
    before = journal.marks().epoch
    journal.promise(before, 20)
    killed = copy_as_killed(tmp_path)
    for file in killed.iterdir():
        os.truncate(file, file.stat().st_size // 2)
    epochs = []
    for _ in range(2):
        again = SqliteJournal(killed, NOW)
        epochs.append(again.marks().epoch)
        again.close()
    assert epochs[0] == epochs[1] != before


def test_a_journal_that_forgot_only_what_nobody_was_told_goes_on(journal: SqliteJournal, tmp_path: Path) -> None:
    keep(journal, 1)
    before = journal.marks().epoch
    journal.promise(before, 1)
    keep(journal, 1)
    killed = copy_as_killed(tmp_path)
    wal = killed / f"{FILE_NAME}-wal"
    os.truncate(wal, wal.stat().st_size - 100)
    again = SqliteJournal(killed, NOW)
    assert (again.marks().epoch, again.marks().newest) == (before, 1)
    again.close()


def test_only_the_last_damaged_file_is_kept(tmp_path: Path) -> None:
    for now in (1, 2, 3):
        (tmp_path / FILE_NAME).write_bytes(b"rubbish" * 1000)
        SqliteJournal(tmp_path, now).close()
    assert [path.name for path in tmp_path.glob("*.corrupt-*")] == [f"{FILE_NAME}.corrupt-3"]


def test_a_report_that_cannot_be_read_is_damage(journal: SqliteJournal) -> None:
    keep(journal, 3)
    journal._db.execute("UPDATE reports SET body = x'05ffff' WHERE offset = 2")
    with pytest.raises(JournalCorrupt, match="cannot be read"):
        journal.read(1, 3, 10)


def test_a_new_epoch_begins_when_it_is_asked_for(journal: SqliteJournal) -> None:
    keep(journal, 3)
    before = journal.marks().epoch
    journal.begin_anew(NOW)
    assert journal.marks().epoch != before
    assert keep(journal, 1) == [1]


def test_a_journal_whose_renewal_failed_asks_for_it_again(journal: SqliteJournal, tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.corrupt-{NOW}").mkdir()  # nothing can be moved there
    with pytest.raises(JournalStuck):
        journal.begin_anew(NOW)
    with pytest.raises(JournalCorrupt):
        keep(journal, 1)
    (tmp_path / f"{FILE_NAME}.corrupt-{NOW}").rmdir()
    journal.begin_anew(NOW + 1)
    assert keep(journal, 1) == [1]


def test_a_full_disk_is_told_and_nothing_is_half_written(journal: SqliteJournal) -> None:
    keep(journal, 3)
    (pages,) = journal._db.execute("PRAGMA page_count").fetchone()
    journal._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(JournalStuck):
        keep(journal, 2000)
    journal._db.execute("PRAGMA max_page_count=1000000")
    assert keep(journal, 1) == [4]
    assert offsets(journal) == [1, 2, 3, 4]


def test_a_folder_that_cannot_be_made_gets_one_line_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match=r"name a folder that can be written \(--journal\)") as refused:
        SqliteJournal(tmp_path / "file" / "journal", NOW)
    assert "\n" not in str(refused.value)


def test_a_newer_agents_journal_is_left_alone(tmp_path: Path) -> None:
    SqliteJournal(tmp_path, NOW).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("PRAGMA user_version=9")
    db.close()
    with pytest.raises(OperatorError, match="a newer agent wrote it"):
        SqliteJournal(tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir() if "corrupt" in path.name] == []


def test_no_statement_of_a_commit_looks_at_every_report(journal: SqliteJournal) -> None:
    """A scan is invisible in a small journal and takes most of a second in a full one."""
    statements: list[str] = []
    journal._db.set_trace_callback(statements.append)
    keep(journal, 1)
    journal.marks()
    journal.read(1, 5, 5)
    journal._db.set_trace_callback(None)
    asked = [each for each in statements if each.startswith(("SELECT", "DELETE"))]
    assert len(asked) >= 5
    for statement in asked:
        plan = [row[3] for row in journal._db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        # SQLite writes SCAN also for a look at one end, so it is the plan's program that tells: a scan has a loop over rows.
        loops = [row for row in journal._db.execute(f"EXPLAIN {statement}") if row[1] in ("Next", "Prev")]
        assert not loops or "meta" in statement or "sqlite_sequence" in statement or "SEARCH" in str(plan), statement
