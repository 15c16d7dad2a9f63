"""Waits: they double, they end, and no clock or patience makes them longer than the longest."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.accounts.lockout import Failures, account_key, address_key, network
from hub.accounts.settings import PasswordSettings

SETTINGS = PasswordSettings()
LONGEST = SETTINGS.longest_wait_min * 60_000
COUNTS = st.integers(0, 10**6)
TIMES = st.integers(0, 2**45)


def wait(count: int, now: int = 10**9) -> int:
    until = Failures(count, now).locked_until(now, 5, SETTINGS)
    return 0 if until is None else until - now


def test_some_are_free_then_each_doubles_the_wait_up_to_the_longest() -> None:
    assert [wait(count) // 1000 for count in range(3, 13)] == [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


@given(COUNTS, TIMES, st.integers(-(2**45), 2**45))
def test_no_wait_is_longer_than_the_longest(count: int, last_at: int, passed: int) -> None:
    now = last_at + passed
    until = Failures(count, last_at).locked_until(now, 5, SETTINGS)
    assert until is None or now < until <= now + LONGEST


@given(COUNTS, TIMES)
def test_after_the_longest_wait_it_can_always_be_tried_again(count: int, last_at: int) -> None:
    assert Failures(count, last_at).locked_until(last_at + LONGEST, 5, SETTINGS) is None


@given(COUNTS, TIMES, TIMES)
def test_one_more_never_shortens_the_wait(count: int, last_at: int, now: int) -> None:
    before = Failures(count, last_at)
    until = before.locked_until(now, 5, SETTINGS)
    assert until is None or (before.one_more(now, SETTINGS).locked_until(now, 5, SETTINGS) or 0) >= until


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3_600_000)), max_size=60))
def test_whoever_guesses_has_no_more_than_so_many_a_day(attempts: list[tuple[bool, int]]) -> None:
    """However a guesser times it: five at once, then one a wait."""
    failures, now, looked_at = Failures(), 0, []
    for _, pause in attempts:
        now += pause
        if failures.locked_until(now, 5, SETTINGS) is None:
            failures = failures.one_more(now, SETTINGS)
            looked_at.append(now)
    for first, sixth in zip(looked_at, looked_at[5:], strict=False):
        assert sixth - first >= 30_000
    for late, later in pairwise(looked_at[10:]):
        assert later - late >= LONGEST


def test_a_count_never_falls_below_none() -> None:
    assert Failures(0, 5).one_less() == Failures(0, 5)


def test_one_subscriber_is_one_address() -> None:
    assert network("192.0.2.7") == network("::ffff:192.0.2.7") == "192.0.2.7"
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2::9%eth0") == "2001:db8:1:2::/64"
    assert network("testclient") == network("") == "unknown"
    assert address_key("2001:db8:1:2:3::4") == "address:2001:db8:1:2::/64"


def test_what_somebody_typed_as_login_does_not_stand_in_the_key() -> None:
    key = account_key("hunter2", "192.0.2.7", known=False)
    assert "hunter2" not in key
    assert key == account_key("hunter2", "203.0.113.9", known=False)
    assert key != account_key("hunter2", "192.0.2.7", known=True)
    assert len(key) <= 80
