from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.core.callers import AT_A_TIME, FIRST_WAIT_MS, LONGEST_WAIT_MS, MAX_HOSTS, SILENT_MS, Callers

A, B = "192.0.2.1", "192.0.2.2"
EVERY_MS = 30_000


def test_who_announces_himself_is_asked_at_once_and_not_again_soon() -> None:
    callers = Callers()
    assert [callers.take([A], 0), callers.take([A, B], EVERY_MS)] == [[A], [B]]


def test_a_host_is_asked_ever_more_seldom() -> None:
    callers = Callers()
    asked = [now for now in range(0, 2 * LONGEST_WAIT_MS, EVERY_MS) if callers.take([A], now)]
    waits = [later - sooner for sooner, later in pairwise(asked)]
    assert waits[:3] == [FIRST_WAIT_MS, 4 * FIRST_WAIT_MS, 16 * FIRST_WAIT_MS]
    assert waits[-1] == LONGEST_WAIT_MS
    assert len(asked) < 10


def test_the_first_time_is_told_from_the_others() -> None:
    callers = Callers()
    callers.take([A], 0)
    assert callers.is_first(A)
    callers.take([A], FIRST_WAIT_MS)
    assert not callers.is_first(A)


def test_a_host_that_was_gone_for_long_begins_anew() -> None:
    callers = Callers()
    for now in (0, FIRST_WAIT_MS, 5 * FIRST_WAIT_MS):
        assert callers.take([A], now) == [A]
    assert callers.take([A], 5 * FIRST_WAIT_MS + SILENT_MS) == [A]
    assert callers.is_first(A)


def test_a_host_whose_turn_is_yet_to_come_need_not_be_heard() -> None:
    callers = Callers()
    assert not callers.rests(A, 0)
    callers.take([A], 0)
    assert callers.rests(A, 1)
    assert not callers.rests(A, FIRST_WAIT_MS)


def test_only_a_few_are_asked_in_one_look_and_the_others_in_the_next() -> None:
    callers, hosts = Callers(), [f"192.0.2.{number}" for number in range(1, 2 * AT_A_TIME + 1)]
    assert callers.take(hosts, 0) + callers.take(hosts, 1) == hosts


@given(st.lists(st.tuples(st.integers(0, 3 * MAX_HOSTS), st.integers(0, 10**7)), max_size=60))
def test_whoever_comes_nobody_is_asked_twice_within_the_first_wait(heard: list[tuple[int, int]]) -> None:
    callers, now = Callers(), 0
    asked: dict[str, int] = {}
    for host, after in heard:
        now += after
        for each in callers.take([str(host)], now):
            assert each not in asked or now - asked[each] >= FIRST_WAIT_MS
            asked[each] = now


def test_who_was_heard_longest_ago_is_forgotten_first() -> None:
    callers = Callers()
    callers.take([A], 0)
    for number in range(MAX_HOSTS):
        callers.take([f"10.0.{number // 256}.{number % 256}"], 1)
    assert callers.take([A], 2) == [A]
