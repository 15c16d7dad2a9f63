from hypothesis import given
from hypothesis import strategies as st

from hub.enrolment.tries import Limit, source

MINUTE = 60_000


def test_after_so_many_none_is_left_until_time_has_passed() -> None:
    limit = Limit(3, MINUTE)
    assert [limit.take("192.0.2.1", 0) for _ in range(5)] == [True, True, True, False, False]
    assert not limit.has("192.0.2.1", 0)
    assert limit.take("192.0.2.2", 0)
    assert limit.take("192.0.2.1", MINUTE // 3)
    assert not limit.take("192.0.2.1", MINUTE // 3)


def test_an_ipv6_network_counts_as_one() -> None:
    assert source("2001:db8::1") == source("2001:db8::ffff:2")
    assert source("2001:db8::1") != source("2001:db8:0:1::1")
    assert source("::ffff:192.0.2.1") == "192.0.2.1"
    assert source("nobody") == "nobody"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10 * MINUTE)), max_size=80))
def test_never_more_than_its_size_at_once_and_its_rate_over_time(asked: list[tuple[int, int]]) -> None:
    limit, now, taken = Limit(5, MINUTE), 0, 0
    for _, step in asked:
        now += step
        taken += limit.take("a", now)
    assert taken <= 5 + now * 5 / MINUTE + 1


def test_a_clock_that_goes_back_neither_gives_nor_takes() -> None:
    limit = Limit(1, MINUTE)
    assert limit.take("a", 10 * MINUTE)
    assert not limit.take("a", 0)


def test_many_addresses_do_not_fill_the_memory() -> None:
    limit = Limit(2, MINUTE)
    for number in range(10_100):
        limit.take(f"host-{number}", 0)
    assert len(limit._buckets) <= 10_000
