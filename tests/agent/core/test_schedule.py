from hypothesis import given
from hypothesis import strategies as st

from agent.core.schedule import Schedule


def test_everything_is_due_at_the_beginning_in_its_order() -> None:
    assert Schedule({"b": 10, "a": 20}, 5).take(5) == ("b", "a")


def test_nothing_is_due_before_its_time() -> None:
    schedule = Schedule({"a": 10}, 0)
    schedule.take(0)
    assert schedule.take(9) == ()
    assert schedule.take(10) == ("a",)


def test_the_next_turn_is_known() -> None:
    schedule = Schedule({"a": 10, "b": 15}, 0)
    schedule.take(0)
    assert schedule.next_at() == 10


def test_a_late_turn_does_not_shift_the_next() -> None:
    schedule = Schedule({"a": 10}, 0)
    schedule.take(3)
    assert schedule.next_at() == 10


def test_missed_turns_are_not_made_up_for() -> None:
    schedule = Schedule({"a": 10}, 0)
    schedule.take(57)
    assert schedule.take(57) == ()
    assert schedule.next_at() == 60


def test_in_a_hurry_everything_is_due() -> None:
    schedule = Schedule({"a": 10, "b": 1000}, 0)
    schedule.take(0)
    schedule.hurry(4)
    assert schedule.take(4) == ("a", "b")


@given(st.integers(1, 1000), st.lists(st.integers(0, 5000), max_size=20))
def test_the_next_turn_always_lies_ahead(every: int, steps: list[int]) -> None:
    schedule, now = Schedule({"a": every}, 0), 0
    for step in steps:
        now += step
        schedule.take(now)
        assert now < schedule.next_at() <= now + every
