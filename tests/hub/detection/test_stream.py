"""The order in which the reports of a node have their turn."""

from collections.abc import Iterable, Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.reports import ONLINE, Report, Sample
from hub.detection.stream import Turn, newest, turns
from wire.metrics import DataType

NODE = NodeKey("cpm3", "36030001")
LATE = 10_000
HOLD = 600


def _said(t: int, offset: int, device: str = "p1-tv", epoch: str = "e1") -> Report:
    return Report(DeviceKey(NODE, device), epoch, offset, t, {})


def _session(t: int, offset: int, *, online: bool) -> Report:
    return Report(DeviceKey(NODE, HOST), "ours", offset, t, {ONLINE: Sample(online, DataType.BOOLEAN)})


def _turns(
    *journals: Iterable[Report], until: int = LATE, away_since: int | None = None, heard: int | None = None
) -> list[Turn]:
    return turns(
        [iter(each) for each in journals],
        until=until,
        latest=LATE,
        hold_ms=HOLD,
        heard_at=heard,
        away_since=away_since,
    ).turns


def _order(found: Sequence[Turn]) -> list[tuple[int, int]]:
    return [(at, report.t) for at, report in found]


def test_journals_are_merged_by_event_time() -> None:
    found = _turns([_said(100, 1), _said(300, 2)], [_said(200, 1, epoch="e2")])
    assert _order(found) == [(100, 100), (200, 200), (300, 300)]


def test_what_is_told_later_than_it_was_has_its_turn_when_it_is_told() -> None:
    assert _order(_turns([_said(200, 1), _said(100, 2)])) == [(200, 100), (200, 200)]
    assert _order(_turns([_said(100, 1)], heard=500)) == [(500, 100)]


def test_what_is_after_the_end_waits() -> None:
    assert _order(_turns([_said(100, 1), _said(300, 2)], until=200)) == [(100, 100)]


def test_no_more_is_read_than_can_have_its_turn() -> None:
    journal = iter([_said(100, 1), _said(300, 2), _said(150, 3)])
    found = turns([journal], until=200, latest=LATE, hold_ms=HOLD, heard_at=None, away_since=None)
    assert (found.until, _order(found.turns)) == (200, [(100, 100)])
    assert [each.t for each in journal] == [150]


def _at_most(many: int, *journals: Iterable[Report], away_since: int | None = None) -> tuple[int, list[int]]:
    """Up to when all is told of journals of which so many are read at once, and what is told."""
    told = [iter(each) for each in journals]
    found = turns(told, until=1000, latest=LATE, hold_ms=HOLD, heard_at=None, away_since=away_since, at_once=many)
    return found.until, [report.t for _, report in found.turns]


def test_a_journal_of_which_more_waits_than_is_read_holds_up_what_was_told_after_that() -> None:
    long, short = (
        [_said(t, t // 100) for t in (100, 200, 300, 400)],
        [_said(150, 1, epoch="e2"), _said(350, 2, epoch="e2")],
    )
    assert _at_most(3, long, short) == (300, [100, 150, 200, 300])
    assert _at_most(5, long, short) == (1000, [100, 150, 200, 300, 350, 400])


def test_history_that_waits_for_a_birth_holds_up_nothing_before_it() -> None:
    history, birth = [_said(t, t // 100) for t in (100, 200, 300, 400)], _session(700, 1, online=True)
    assert _at_most(2, history, [birth], [_said(40, 1, epoch="e0")], away_since=50) == (1000, [40])


def test_a_birth_that_is_still_to_come_holds_history_all_the_same() -> None:
    ours = [_session(100, 1, online=False), _said(150, 2, epoch="ours"), _session(400, 3, online=True)]
    assert _order(_turns(ours, [_said(120, 1)], until=200)) == [(100, 100)]


def test_nothing_overtakes_in_a_journal() -> None:
    assert _order(_turns([_said(300, 1), _said(100, 2)], until=200)) == []


def test_a_clock_far_ahead_has_its_turn_at_once() -> None:
    assert [at for at, _ in _turns([_said(LATE * 9, 1), _said(100, 2)], until=500)] == [500, 500]


def test_history_of_an_absence_is_judged_before_the_birth_that_ended_it() -> None:
    found = _turns(
        [_session(100, 1, online=False), _session(2000, 2, online=True)],
        [_said(50, 1), _said(500, 2), _said(1500, 3), _said(2100, 4), _said(2700, 5)],
    )
    assert [report.t for _, report in found] == [50, 100, 500, 1500, 2000, 2100, 2700]
    assert {at for at, report in found if 100 < report.t < 2700} == {2000 + HOLD}


def test_after_a_short_absence_nobody_waits_longer_than_it_lasted() -> None:
    found = _turns([_session(100, 1, online=False), _session(150, 2, online=True)])
    assert [report.t for _, report in found] == [100, 150]
    assert 150 <= found[1][0] <= 200


def test_the_birth_waits_for_history_that_may_still_come() -> None:
    births = [_session(2000, 1, online=True)]
    assert _turns(births, until=2000 + HOLD - 1, away_since=100) == []
    assert len(_turns(births, until=2000 + HOLD, away_since=100)) == 1


def test_of_two_at_once_the_node_s_own_word_is_first() -> None:
    found = _turns([_said(100, 1)], [_session(100, 1, online=True)])
    assert [report.device.device for _, report in found] == [HOST, "p1-tv"]


def test_the_newest_of_each_journal_is_that_of_the_highest_offset() -> None:
    assert newest([_said(100, 2), _said(100, 1)]) == {"e1": 2}
    assert newest([_said(100, 2), _said(100, 7, epoch="e2"), _said(90, 3), _said(200, 6, epoch="e2")]) == {
        "e1": 3,
        "e2": 7,
    }


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 100_000))
def test_each_journal_is_taken_in_its_order_without_gaps(seed: int) -> None:
    rng = Random(seed)
    session = [_session(rng.randrange(5000), n, online=rng.random() < 0.5) for n in range(1, 6)]
    journals = [[_said(rng.randrange(12_000), n, epoch=epoch) for n in range(1, 15)] for epoch in ("e1", "e2")]
    found = _turns(session, *journals, until=rng.randrange(12_000), away_since=rng.choice([None, 5]))
    assert [at for at, _ in found] == sorted(at for at, _ in found)
    for epoch in ("ours", "e1", "e2"):
        offsets = sorted(report.offset for _, report in found if report.epoch == epoch)
        assert offsets == list(range(1, len(offsets) + 1))
