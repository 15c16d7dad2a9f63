from typing import Any

import pytest

from agent.core import messages
from agent.core.backlog import DOUBT_MS, MAX_LIVE, Backlog
from agent.core.entries import Entry, Kept, Marks
from agent.core.messages import Fetch
from wire.metrics import DataType, Metric

T0 = 1_790_000_000_000


def marks(oldest: int = 1, newest: int = 0, acked: int = 0, published: int = 0) -> Marks:
    return Marks("epoch", oldest, newest, acked, published, None)


def kept(offset: int) -> Kept:
    return Kept(offset, Entry(None, T0, (Metric("host/cpu_pct", 1.0, DataType.FLOAT, timestamp=T0),)))


def filled(count: int, *, live: bool) -> Backlog:
    backlog = Backlog(marks(), per_second=20)
    for offset in range(1, count + 1):
        backlog.keep(kept(offset), live=live)
    return backlog


def answer(backlog: Backlog, fetch: Fetch, mono: int, held: Any = None) -> list[int]:
    offsets = [offset for offset in range(fetch.first, fetch.last + 1) if held is None or offset in held]
    backlog.told(fetch, offsets[: fetch.limit], mono)
    return offsets[: fetch.limit]


def drain(backlog: Backlog, mono: int = 0) -> list[int]:
    """All the history that is wanted, however long it takes."""
    sent: list[int] = []
    while (at := backlog.history_due_at(mono)) is not None:
        mono = max(mono, at)
        fetch = backlog.next_history(mono)
        assert fetch is not None
        sent += answer(backlog, fetch, mono)
    return sent


@pytest.mark.parametrize(
    ("given", "owed"),
    [
        (marks(1, 10), list(range(1, 11))),
        (marks(1, 10, acked=4), [5, 6, 7, 8, 9, 10]),
        (marks(1, 10, acked=4, published=8), [9, 10]),
        (marks(1, 10, acked=10, published=3), []),
        (marks(6, 10, acked=2, published=2), [6, 7, 8, 9, 10]),
        (marks(11, 10), []),
        (marks(1, 10, acked=99), []),
    ],
)
def test_after_a_start_all_that_was_neither_sent_nor_acknowledged_is_owed(given: Marks, owed: list[int]) -> None:
    assert drain(Backlog(given, per_second=20)) == owed


def test_live_reports_go_before_history_and_in_their_order() -> None:
    backlog = Backlog(marks(1, 10), per_second=20)
    backlog.keep(kept(11), live=True)
    backlog.keep(kept(12), live=True)
    assert backlog.next_history(0) is None
    assert [backlog.next_live(0).offset, backlog.next_live(0).offset] == [11, 12]  # type: ignore[union-attr]
    assert backlog.next_live(0) is None
    assert drain(backlog) == list(range(1, 11))


def test_history_is_throttled_to_its_rate() -> None:
    backlog, times = Backlog(marks(1, 200), per_second=20), []
    for mono in range(0, 20_000, 50):
        fetch = backlog.next_history(mono)
        times += [mono] * len(answer(backlog, fetch, mono)) if fetch else []
    assert len(times) == 200
    assert all(sum(start <= time < start + 1000 for time in times) <= 41 for start in range(0, 10_000, 250))
    assert 8_500 <= times[-1] <= 9_500


def test_replay_sends_what_is_asked_for_once_more() -> None:
    backlog = Backlog(marks(1, 50, published=50), per_second=20)
    backlog.replay(10, 12)
    backlog.replay(48, None)
    assert drain(backlog) == [10, 11, 12, 48, 49, 50]
    assert drain(backlog) == []


def test_requests_that_overlap_are_answered_once() -> None:
    backlog = Backlog(marks(1, 50, published=50), per_second=20)
    backlog.replay(10, 20)
    backlog.replay(15, 25)
    backlog.replay(10, 20)
    assert drain(backlog) == list(range(10, 26))


def test_what_is_no_longer_held_is_skipped() -> None:
    backlog = Backlog(marks(30, 50, published=50), per_second=20)
    backlog.replay(1, 32)
    assert drain(backlog) == [30, 31, 32]
    backlog.replay(1, 5)
    backlog.replay(0, 1 << 64)
    assert drain(backlog) == list(range(30, 51))


def test_a_hole_in_the_journal_ends_in_nothing_and_not_in_asking_for_ever() -> None:
    backlog = Backlog(marks(1, 50, published=50), per_second=20)
    backlog.replay(1, 50)
    fetch = backlog.next_history(0)
    assert fetch is not None
    assert answer(backlog, fetch, 0, held=set()) == []
    assert backlog.history_due_at(0) is None


def test_an_acknowledgement_releases_what_it_covers() -> None:
    backlog = Backlog(marks(1, 50), per_second=20)
    assert backlog.acknowledge(47)
    assert drain(backlog) == [48, 49, 50]
    assert (backlog.acked, backlog.unacknowledged) == (47, 3)


@pytest.mark.parametrize("offset", [51, 1 << 63])
def test_an_acknowledgement_of_what_was_never_given_is_refused(offset: int) -> None:
    backlog = Backlog(marks(1, 50), per_second=20)
    assert not backlog.acknowledge(offset)
    assert backlog.acked == 0


def test_an_older_acknowledgement_takes_nothing_back() -> None:
    backlog = Backlog(marks(1, 50, acked=40), per_second=20)
    assert backlog.acknowledge(3)
    assert backlog.acked == 40


def test_published_is_what_was_handed_over_without_a_gap() -> None:
    backlog = Backlog(marks(1, 10, published=4), per_second=20)
    assert backlog.published == 4
    backlog.keep(kept(11), live=True)
    backlog.next_live(0)
    assert backlog.published == 4
    drain(backlog)
    assert backlog.published == 11
    backlog.keep(kept(12), live=True)
    assert backlog.published == 11


def test_a_replay_does_not_take_the_published_cursor_back() -> None:
    backlog = Backlog(marks(1, 10, published=10), per_second=20)
    backlog.replay(1, 5)
    assert backlog.published == 10


def test_what_was_dropped_is_not_owed_any_more() -> None:
    backlog = Backlog(marks(1, 50), per_second=20)
    backlog.replay(1, 20)
    backlog.dropped(45)
    assert backlog.unacknowledged == 6
    assert drain(backlog) == list(range(45, 51))


def test_live_reports_that_were_not_sent_become_history_when_the_line_breaks() -> None:
    backlog = filled(3, live=True)
    backlog.disconnected(0)
    assert backlog.next_live(0) is None
    assert drain(backlog) == [1, 2, 3]


def test_what_was_sent_shortly_before_the_line_broke_is_sent_again() -> None:
    backlog = filled(4, live=True)
    for mono in (0, DOUBT_MS, DOUBT_MS + 1, DOUBT_MS + 2):
        backlog.next_live(mono)
    backlog.acknowledge(2)
    backlog.disconnected(2 * DOUBT_MS)
    assert drain(backlog, 2 * DOUBT_MS) == [3, 4]
    backlog.disconnected(2 * DOUBT_MS + 5)
    assert drain(backlog, 10 * DOUBT_MS) == [3, 4]


def test_more_live_reports_than_memory_should_hold_become_history() -> None:
    backlog = filled(MAX_LIVE + 5, live=True)
    sent = []
    while (each := backlog.next_live(0)) is not None:
        sent.append(each.offset)
    assert sent == list(range(6, MAX_LIVE + 6))
    assert drain(backlog) == [1, 2, 3, 4, 5]


def test_history_that_cannot_be_read_is_asked_for_a_little_later() -> None:
    backlog = Backlog(marks(1, 10), per_second=20)
    assert backlog.next_history(0) == Fetch(1, 10, 20)
    backlog.put_off(0)
    assert backlog.next_history(0) is None
    later = backlog.history_due_at(0)
    assert later is not None
    assert 0 < later <= 1000
    assert backlog.next_history(later) is not None


# Through the session


def test_while_nobody_listens_reports_become_history(node: Any) -> None:
    node.come_online()
    node.host(online=False, timestamp=T0 + 1)
    for _ in range(3):
        node.report(None, **{"host/cpu_pct": 1.0})
    node.forget()
    node.come_online()
    node.wait(1000)
    data = [said for said in node.said if said.kind == "NDATA"]
    assert [said.payload.metrics[0].value for said in data] == [1, 2, 3]
    assert all(metric.is_historical for said in data for metric in said.payload.metrics)


def test_a_congested_line_gets_no_more_than_it_takes(online: Any) -> None:
    for _ in range(30):
        online.poll(None, **{"host/cpu_pct": 1.0})
        online.keep(None, **{"host/cpu_pct": 1.0})
    online.pump(room=10)
    assert len(online.said) == 10
    online.pump(room=0)
    assert len(online.said) == 10


def test_an_acknowledgement_past_the_newest_report_is_ignored(online: Any, caplog: pytest.LogCaptureFixture) -> None:
    online.go(messages.Acknowledged(7))
    assert online.backlog.acked == 0
    assert "acknowledges 7" in caplog.text


def test_a_journal_that_began_anew_is_announced(online: Any) -> None:
    online.report(None, **{"host/cpu_pct": 1.0})
    online.wait(2000)
    online.forget()
    online.go(messages.Renewed(Marks("another", 1, 0, 0, 0, None)))
    assert online.said[0].payload.value("Journal/Epoch") == "another"
    assert online.said[0].payload.value("Journal/Newest") == 0
