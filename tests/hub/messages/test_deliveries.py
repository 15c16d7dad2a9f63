"""What becomes of something that is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages.deliveries import BACK_OFF_MS, Outcome, State, after_a_kill, settled

NOW = 1_795_157_100_000
OUTCOMES = st.sampled_from(Outcome)


@pytest.mark.parametrize(
    ("outcome", "known_again", "state"),
    [
        (Outcome.TAKEN, False, State.SENT),
        (Outcome.REFUSED, True, State.FAILED),
        (Outcome.LATER, False, State.WAITING),
        (Outcome.UNSURE, False, State.UNSURE),
        (Outcome.UNSURE, True, State.WAITING),
    ],
)
def test_what_may_have_been_taken_is_sent_again_only_where_it_is_known_again(
    outcome: Outcome, known_again: bool, state: State
) -> None:
    assert settled(outcome, 0, NOW, known_again=known_again).state is state


@given(st.lists(OUTCOMES), st.booleans())
def test_it_is_tried_so_often_and_no_more_and_never_after_its_end(outcomes: list[Outcome], known_again: bool) -> None:
    tries, now, state = 0, NOW, State.WAITING
    for outcome in outcomes:
        if state is not State.WAITING:
            break
        after = settled(outcome, tries, now, known_again=known_again)
        assert after.tries == tries + 1 <= len(BACK_OFF_MS) + 1
        assert (after.due_at is not None) == (after.state is State.WAITING)
        tries, state, now = after.tries, after.state, after.due_at or now
        assert now <= NOW + sum(BACK_OFF_MS)


def test_what_a_killed_hub_had_claimed_waits_only_where_it_is_known_again() -> None:
    assert after_a_kill(known_again=True) is State.WAITING
    assert after_a_kill(known_again=False) is State.UNSURE
