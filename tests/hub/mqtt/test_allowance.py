"""How much one client of the embedded broker may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.mqtt.allowance import Allowance


def test_what_is_said_at_once_costs_no_waiting() -> None:
    allowance = Allowance(100, 10, 5.0)
    assert [allowance.spend(5.0) for _ in range(100)] == [0.0] * 100


def test_from_then_on_each_waits_for_its_turn() -> None:
    allowance = Allowance(100, 10, 5.0)
    for _ in range(100):
        allowance.spend(5.0)
    assert allowance.spend(5.0) == pytest.approx(0.1)
    assert allowance.spend(5.1) == pytest.approx(0.1)


def test_whoever_was_silent_may_say_much_again_and_no_more_than_that() -> None:
    allowance = Allowance(100, 10, 0.0)
    assert [allowance.spend(1_000_000.0) for _ in range(101)] == [0.0] * 100 + [pytest.approx(0.1)]


@given(st.lists(st.floats(0, 0.01), max_size=400))
def test_nobody_who_waits_as_told_says_more_than_is_allowed(pauses: list[float]) -> None:
    allowance, now = Allowance(50, 20, 0.0), 0.0
    for said, pause in enumerate(pauses, 1):
        now += pause
        now += allowance.spend(now)
        assert said <= 51 + 20 * now
