import pytest

from provisioning.core.enrolment import NEXT, Facts, State, Step, state_of


@pytest.mark.parametrize(
    ("reached", "state"),
    list(enumerate([State.NEW, State.KEYED, State.CERTIFIED, State.IDENTIFIED, State.CONFIGURED, State.ACTIVE])),
)
def test_the_state_is_the_furthest_that_was_reached(reached: int, state: State) -> None:
    assert state_of(Facts(*(place < reached for place in range(5)))) is state


def test_an_answer_without_its_key_is_of_no_use() -> None:
    assert state_of(Facts(key=False, answer=True, in_place=True, configured=True, started=True)) is State.NEW


def test_each_state_but_the_last_has_its_step_and_each_step_its_state() -> None:
    assert set(NEXT) == set(State) - {State.ACTIVE}
    assert sorted(step.value for step in NEXT.values()) == [step.value for step in Step]
