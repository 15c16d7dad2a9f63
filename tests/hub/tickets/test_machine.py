"""The table of ticket states, walked over the whole product of states and events."""

import pytest

from hub.tickets.errors import NoSuchMove
from hub.tickets.machine import MOVES, TELEMETRY, Event, State, after
from hub.workflows.loading import load_definitions
from hub.workflows.schema import StateKind

OPEN = [state for state in State if state.is_open]
DONE = [state for state in State if not state.is_open]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_each_event_in_each_state_has_one_answer(state: State, event: Event) -> None:
    if (state, event) in MOVES:
        assert after(state, event) is MOVES[state, event]
    else:
        with pytest.raises(NoSuchMove, match=event.value):
            after(state, event)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("event", TELEMETRY)
def test_telemetry_adds_to_every_open_ticket_and_moves_none(state: State, event: Event) -> None:
    assert after(state, event) is state


@pytest.mark.parametrize("state", DONE)
def test_nothing_leads_out_of_an_end(state: State) -> None:
    assert [event for event in Event if (state, event) in MOVES] == []


@pytest.mark.parametrize("state", OPEN)
def test_every_open_ticket_can_be_ended_and_merged(state: State) -> None:
    assert (after(state, Event.CLOSE), after(state, Event.MERGE)) == (State.CLOSED, State.DUPLICATE_OF)


def test_the_states_are_those_of_a_repair() -> None:
    repair = load_definitions()["repair"]
    assert {state.value for state in State} == set(repair.states)
    ends = {name for name, state in repair.states.items() if state.kind is StateKind.END}
    assert {state.value for state in DONE} == ends
