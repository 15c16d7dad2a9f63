from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent.core.entries import Entry, Kept, Marks
from agent.core.messages import Committed
from agent.core.moment import Moment
from agent.errors import JournalCorrupt, JournalError, JournalStuck
from agent.services.journalling import COMPLAIN_EVERY_MS, MAX_WAITING, Journalling
from wire.metrics import DataType, Metric

T0 = 1_790_000_000_000
PATIENCE_MS = 35_000
FULL = JournalStuck("database or disk is full")


class MemoryJournal:
    """A journal in memory whose disk the test fills or damages."""

    def __init__(self) -> None:
        self.trouble: JournalError | None = None
        self.commits: list[int] = []
        self.missed = 0
        self.held: list[Kept] = []
        self._marks = Marks("first", 1, 0, 0, 0, None)

    def marks(self) -> Marks:
        return self._marks

    def keep(self, entries: Sequence[Entry], *, acked: int, published: int, missed: int = 0) -> Committed:
        self._fail()
        newest = self._marks.newest + missed
        self.missed += missed
        kept = tuple(Kept(newest + 1 + at, entry) for at, entry in enumerate(entries))
        self.held += kept
        self.commits.append(len(kept))
        self._marks = replace(self._marks, newest=newest + len(kept), acked=acked, published=published)
        return Committed(kept, 1)

    def promise(self, epoch: str, offset: int) -> None:
        self.promised = (epoch, offset)

    def keep_bd_seq(self, bd_seq: int) -> None:
        self._fail()
        self._marks = replace(self._marks, bd_seq=bd_seq)

    def read(self, first: int, last: int, limit: int) -> list[Kept]:
        self._fail()
        return [kept for kept in self.held if first <= kept.offset <= last][:limit]

    def begin_anew(self, now: int) -> None:
        if isinstance(self.trouble, JournalStuck):
            raise self.trouble
        self.trouble, self.held, self._marks = None, [], Marks("second", 1, 0, 0, 0, None)

    def close(self) -> None:
        pass

    def _fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble


def entry(number: int) -> Entry:
    return Entry(None, T0 + number, (Metric("host/uptime_s", number, DataType.INT64, timestamp=T0),))


def at(mono: int) -> Moment:
    return Moment(T0 + mono, mono)


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def journalling(journal: MemoryJournal) -> Journalling:
    return Journalling(journal, 1000, PATIENCE_MS)


def flush(journalling: Journalling, mono: int) -> list[int]:
    committed = journalling.flush(at(mono), acked=0, published=0)
    return [] if committed is None else [kept.offset for kept in committed.kept]


def test_nothing_is_written_while_there_is_nothing(journalling: Journalling) -> None:
    assert journalling.due_at() is None


def test_the_first_report_is_written_at_once_and_the_next_ones_together_a_second_later(
    journalling: Journalling, journal: MemoryJournal
) -> None:
    """Runs as the main loop does: whenever something is due it is flushed."""
    for mono in range(50_000, 53_000, 10):
        if mono % 100 == 0:
            journalling.add(entry(mono))
        due = journalling.due_at()
        if due is not None and due <= mono:
            flush(journalling, mono)
    assert journal.commits == [1, 10, 10]


def test_what_says_nothing_new_waits_for_others_and_goes_with_the_next_news(
    journalling: Journalling, journal: MemoryJournal
) -> None:
    journalling.add(entry(1), old_at=5000)
    journalling.add(entry(2), old_at=6000)
    assert journalling.due_at() == 5000 + PATIENCE_MS
    journalling.add(entry(3))
    assert (journalling.due_at() or 0) <= 7000
    assert flush(journalling, 7000) == [1, 2, 3]
    assert journalling.due_at() is None


def test_reports_that_a_full_disk_refuses_are_kept_until_it_takes_them(
    journalling: Journalling, journal: MemoryJournal
) -> None:
    journal.trouble = FULL
    for number in range(3):
        journalling.add(entry(number))
        assert flush(journalling, number * 1000) == []
    assert journalling.due_at() == 3000
    journal.trouble = None
    assert flush(journalling, 3000) == [1, 2, 3]
    assert journalling.due_at() is None
    assert journalling.lost == 0


def test_more_than_memory_should_hold_is_counted_as_lost(journalling: Journalling, journal: MemoryJournal) -> None:
    journal.trouble = FULL
    for number in range(MAX_WAITING + 7):
        journalling.add(entry(number))
    journal.trouble = None
    assert len(flush(journalling, 0)) == MAX_WAITING
    assert journalling.lost == 7
    assert journal.missed == 7
    assert journal.held[0].entry == entry(7)


def test_a_full_disk_is_one_line_a_minute_and_one_when_it_is_over(
    journalling: Journalling, journal: MemoryJournal, caplog: pytest.LogCaptureFixture
) -> None:
    journal.trouble = FULL
    journalling.add(entry(1))
    for mono in range(0, 2 * COMPLAIN_EVERY_MS, 1000):
        flush(journalling, mono)
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "disk is full" in caplog.text
    journal.trouble = None
    flush(journalling, 3 * COMPLAIN_EVERY_MS)
    flush(journalling, 4 * COMPLAIN_EVERY_MS)
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "WARNING"]


def test_a_damaged_journal_begins_anew_and_loses_nothing_that_waits(
    journalling: Journalling, journal: MemoryJournal
) -> None:
    journal.trouble = JournalCorrupt("malformed")
    journalling.add(entry(1))
    assert flush(journalling, 0) == []
    assert [marks.epoch for marks in journalling.renewed] == ["second"]
    assert flush(journalling, 1000) == [1]


def test_damage_is_found_when_history_is_read_too(journalling: Journalling, journal: MemoryJournal) -> None:
    journal.trouble = JournalCorrupt("malformed")
    assert journalling.read(at(0), 1, 5, 5) is None
    assert journalling.read(at(0), 1, 5, 5) == []


def test_a_full_disk_does_not_stop_a_connection(journalling: Journalling, journal: MemoryJournal) -> None:
    journal.trouble = FULL
    journalling.keep_bd_seq(at(0), 7)
    journal.trouble = None
    journalling.keep_bd_seq(at(0), 8)
    assert journal.marks().bd_seq == 8
