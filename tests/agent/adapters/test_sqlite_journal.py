import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.journal_packing import PLAIN, SEALED
from agent.adapters.sqlite_journal import FILE_NAME, RESCUED, SqliteJournal
from agent.core.entries import Entry, Kept, pack
from agent.errors import JournalBusy, JournalCorrupt, JournalStuck, OperatorError
from wire.losses import Loss, LossReason
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


def test_a_journal_of_an_older_agent_is_kept_as_it_is(tmp_path: Path) -> None:
    SqliteJournal(tmp_path, NOW).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as older:
        older.execute(f"PRAGMA user_version={PLAIN}")
        older.execute("DROP TABLE reports")
        older.execute(
            "CREATE TABLE reports(offset INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, body BLOB NOT NULL)"
        )
        older.execute("INSERT INTO reports(t, body) VALUES (?, ?)", (NOW, pack(entry(NOW))))
    older.close()
    journal = SqliteJournal(tmp_path, NOW)
    [second] = journal.keep([entry(NOW)], acked=1, published=2).kept
    assert journal.read(1, 2, 10) == [Kept(1, entry(NOW)), second]
    assert (second.offset, journal.marks().acked, journal.marks().published) == (2, 1, 2)
    journal.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as older:
        assert {body for (body,) in older.execute("SELECT body FROM reports")} == {pack(entry(NOW))}
    older.close()


def test_a_damaged_journal_of_an_older_agent_goes_on_as_one_of_today(tmp_path: Path) -> None:
    SqliteJournal(tmp_path, NOW).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as older:
        older.execute(f"PRAGMA user_version={SEALED}")
        older.execute("DROP TABLE reports")
        older.execute(
            "CREATE TABLE reports(offset INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, body BLOB NOT NULL)"
        )
    older.close()
    journal = SqliteJournal(tmp_path, NOW)
    keep(journal, 5)
    journal._db.execute("UPDATE reports SET body = x'05ffff' WHERE offset = 2")
    before = journal.marks().epoch
    journal.begin_anew(NOW)
    assert (journal.marks().epoch, offsets(journal)) == (before, [1, 3, 4, 5])
    assert journal.marks().lost == (Loss(before, 2, 2, LossReason.DAMAGED),)
    assert keep(journal, 1) == [6]
    journal.close()


def test_a_commit_changes_two_pages_more_seldom_than_one(journal: SqliteJournal, tmp_path: Path) -> None:
    """A memory card is written by pages: what a quiet beat costs it is one of the log, and three where one is full."""
    size, log = 536, tmp_path / f"{FILE_NAME}-wal"
    keep(journal, 11)
    before = log.stat().st_size
    for _ in range(100):
        keep(journal, 11)
    assert (log.stat().st_size - before) / size <= 200


def test_a_row_holds_no_more_than_may_be_lost_together(journal: SqliteJournal) -> None:
    keep(journal, 100)
    assert journal._db.execute("SELECT count(*) FROM reports").fetchone() == (4,)
    assert [kept.offset for kept in journal.read(31, 66, 1000)] == list(range(31, 67))
    assert [kept.offset for kept in journal.read(33, 100, 3)] == [33, 34, 35]


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
    journal = SqliteJournal(tmp_path, NOW, max_bytes=30_000)
    for _ in range(300):
        keep(journal, 20)
    assert journal.marks().oldest > 1
    journal.close()
    assert (tmp_path / FILE_NAME).stat().st_size < 40_000


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
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
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
        shutil.copy2(file, target)
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
    marks, [loss] = again.marks(), again.marks().lost
    assert (loss.epoch, loss.last, loss.reason) == (before, 20, LossReason.DAMAGED)
    # Where the file still says which journal it is, it goes on behind what is lost.
    assert offsets(again) == list(range(1, loss.first))
    assert keep(again, 1) == [21 if marks.epoch == before else 1]
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


def test_a_report_that_nobody_was_told_is_missed_too(journal: SqliteJournal, tmp_path: Path) -> None:
    keep(journal, 1)
    before = journal.marks().epoch
    keep(journal, 1)
    killed = copy_as_killed(tmp_path)
    wal = killed / f"{FILE_NAME}-wal"
    os.truncate(wal, wal.stat().st_size - 100)
    again = SqliteJournal(killed, NOW)
    assert (again.marks().epoch, again.marks().newest, offsets(again)) == (before, 2, [1])
    assert again.marks().lost == (Loss(before, 2, 2, LossReason.DAMAGED),)
    again.close()


@pytest.mark.parametrize("seed", range(20))
def test_whatever_bit_turns_over_each_report_is_as_it_was_or_listed_as_lost(tmp_path: Path, seed: int) -> None:
    journal = SqliteJournal(tmp_path, NOW)
    for _ in range(30):
        keep(journal, 10)
    marks, told = journal.marks(), journal.read(1, 300, 300)
    killed, chance = copy_as_killed(tmp_path), random.Random(seed)
    journal.close()
    file = killed / (FILE_NAME if seed % 2 else f"{FILE_NAME}-wal")
    data = bytearray(file.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    again = SqliteJournal(killed, NOW)
    try:
        found = again.read(1, 300, 300)
    except JournalCorrupt:
        again.begin_anew(NOW + 1)
        found = again.read(1, 300, 300)
    after = again.marks()
    again.close()
    lost = {offset for each in after.lost if each.epoch == marks.epoch for offset in range(each.first, each.last + 1)}
    held = {each.offset: each for each in found} if after.epoch == marks.epoch else {}
    assert all(held.get(each.offset) == each or each.offset in lost for each in told)
    assert after.epoch != marks.epoch or after.newest >= 300


def test_what_the_disk_did_not_take_has_its_place_among_the_losses(journal: SqliteJournal) -> None:
    keep(journal, 3)
    committed = journal.keep(entries(2), acked=0, published=0, missed=4)
    loss = Loss(journal.marks().epoch, 4, 7, LossReason.DISK_FULL)
    assert (committed.lost, [each.offset for each in committed.kept]) == ((loss,), [8, 9])
    assert (journal.marks().lost, offsets(journal)) == ((loss,), [1, 2, 3, 8, 9])


def test_a_report_that_has_vanished_is_damage(journal: SqliteJournal) -> None:
    for _ in range(5):
        keep(journal, 1)
    journal._db.execute("DELETE FROM reports WHERE offset = 3")
    with pytest.raises(JournalCorrupt, match="of the reports 1 to 5 there are 4"):
        journal.read(1, 5, 10)
    journal.begin_anew(NOW)
    assert offsets(journal) == [1, 2, 4, 5]
    assert [(each.first, each.last) for each in journal.marks().lost] == [(3, 3)]


def test_of_a_damaged_journal_only_what_is_not_acknowledged_is_written_anew(journal: SqliteJournal) -> None:
    keep(journal, 5)
    journal.keep(entries(1), acked=3, published=5)
    journal.begin_anew(NOW)
    assert (journal.marks().oldest, journal.marks().acked, offsets(journal)) == (4, 3, [4, 5, 6])


def test_a_rescue_that_was_cut_off_is_finished(journal: SqliteJournal, tmp_path: Path) -> None:
    keep(journal, 5)
    epoch = journal.marks().epoch
    journal.begin_anew(NOW)
    journal.close()
    (tmp_path / FILE_NAME).replace(tmp_path / RESCUED)
    again = SqliteJournal(tmp_path, NOW)
    assert (again.marks().epoch, offsets(again)) == (epoch, [1, 2, 3, 4, 5])
    again.close()


def test_a_journal_that_was_deleted_is_listed_as_lost(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, NOW)
    keep(journal, 5)
    epoch = journal.marks().epoch
    journal.close()
    (tmp_path / FILE_NAME).unlink()
    again = SqliteJournal(tmp_path, NOW)
    assert again.marks().lost == (Loss(epoch, 1, 5, LossReason.DAMAGED),)
    again.close()


def test_only_the_last_damaged_file_is_kept(tmp_path: Path) -> None:
    for now in (1, 2, 3):
        (tmp_path / FILE_NAME).write_bytes(b"rubbish" * 1000)
        SqliteJournal(tmp_path, now).close()
    assert [path.name for path in tmp_path.glob("*.corrupt-*")] == [f"{FILE_NAME}.corrupt-3"]


def test_a_report_that_cannot_be_read_is_damage(journal: SqliteJournal) -> None:
    for _ in range(3):
        keep(journal, 1)
    journal._db.execute("UPDATE reports SET body = x'05ffff' WHERE offset = 2")
    with pytest.raises(JournalCorrupt, match="cannot be read"):
        journal.read(1, 3, 10)


def test_a_new_epoch_begins_where_nobody_knows_which_it_was(journal: SqliteJournal) -> None:
    keep(journal, 3)
    before = journal.marks().epoch
    journal._db.execute("DELETE FROM meta")
    journal.begin_anew(NOW)
    assert journal.marks().epoch != before
    assert journal.marks().lost == (Loss(before, 1, 3, LossReason.DAMAGED),)
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
        # Of losses there are a few dozen at most.
        small = any(name in statement for name in ("meta", "sqlite_sequence", "FROM lost"))
        assert not loops or small or "SEARCH" in str(plan), statement
