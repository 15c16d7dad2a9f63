"""Rebirth requests keep their distance."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hub.ingestion.rebirths import RebirthPace


def asked_at(pace: RebirthPace, seconds: int) -> list[int]:
    """When it is due in this many seconds, looked at every second and asked every time."""
    times = []
    for now in range(0, seconds * 1000, 1000):
        if pace.due(now):
            pace.asked(now)
            times.append(now // 1000)
    return times


def test_nothing_is_asked_unless_wanted() -> None:
    assert asked_at(RebirthPace("a/b", 10_000, 600_000), 100) == []


def test_the_first_wish_is_due_at_once() -> None:
    pace = RebirthPace("a/b", 10_000, 600_000)
    pace.want()
    assert pace.due(5)


@given(st.text(max_size=8))
def test_unanswered_requests_become_rare(name: str) -> None:
    pace = RebirthPace(name, 10_000, 600_000)
    pace.want()
    times = asked_at(pace, 3600)
    pauses = [after - before for before, after in itertools.pairwise(times)]
    assert 6 <= len(times) <= 12
    assert all(pause <= 600 * 1.5 + 1 for pause in pauses)
    assert pauses[0] >= 10


def test_a_birth_ends_the_wish_but_not_the_pause() -> None:
    pace = RebirthPace("a/b", 10_000, 600_000)
    pace.want()
    pace.asked(0)
    pace.satisfied()
    pace.want()
    assert not pace.due(1_000)
    assert pace.due(16_000)


def test_nodes_that_were_cut_off_together_are_not_asked_together() -> None:
    paces = [RebirthPace(f"dltv/{number}", 10_000, 600_000) for number in range(100)]
    for pace in paces:
        pace.want()
        pace.asked(0)
    assert len({now for pace in paces for now in range(0, 16_000, 500) if not pace.due(now)}) > 20
    assert sum(pace.due(12_000) for pace in paces) < 60


def test_a_clock_that_was_set_back_does_not_silence_the_hub() -> None:
    pace = RebirthPace("a/b", 10_000, 600_000)
    pace.want()
    pace.asked(100_000_000)
    assert pace.due(50_000_000)
