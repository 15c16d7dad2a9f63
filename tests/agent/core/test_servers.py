from hypothesis import given
from hypothesis import strategies as st

from agent.core.servers import LEAST_MS, MOST_MS, STEADY_MS, Servers


@given(st.floats(0, 1, exclude_max=True), st.lists(st.integers(0, 100_000), max_size=50))
def test_a_wait_is_within_its_bounds(jitter: float, passed: list[int]) -> None:
    servers, mono = Servers(1, lambda: jitter), 0
    for each in passed:
        mono += each
        assert LEAST_MS // 2 <= servers.move_on(mono, None) <= MOST_MS


def test_servers_are_tried_round_the_list() -> None:
    servers = Servers(3, lambda: 0.0)
    tried = []
    for _ in range(7):
        tried.append(servers.current)
        servers.move_on(0, None)
    assert tried == [0, 1, 2, 0, 1, 2, 0]


def test_only_a_whole_round_is_waited_after() -> None:
    servers = Servers(3, lambda: 0.0)
    assert [servers.move_on(0, None) for _ in range(6)] == [0, 0, 500, 0, 0, 500]


def test_a_steady_session_ends_the_trouble() -> None:
    servers = Servers(1, lambda: 0.999)
    servers.move_on(0, None)
    assert servers.move_on(400_000, None) > 40_000
    assert servers.move_on(400_000 + STEADY_MS, 400_000) <= LEAST_MS


def test_a_short_session_does_not() -> None:
    servers = Servers(1, lambda: 0.999)
    servers.move_on(0, None)
    assert servers.move_on(400_000, 399_000) > 40_000
