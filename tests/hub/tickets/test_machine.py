"""The table of ticket states, walked over the whole product of states and events."""

import pytest

from hub.tickets.errors import NoSuchMove
from hub.tickets.machine import MOVES, TELEMETRY, Event, State, after, moves_from

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
    assert moves_from(state) == ()


@pytest.mark.parametrize("state", OPEN)
def test_every_open_ticket_can_be_ended(state: State) -> None:
    assert State.CLOSED in moves_from(state)


def test_each_state_can_be_reached() -> None:
    reached, frontier = {State.REPORTED}, {State.REPORTED}
    while frontier:
        frontier = {to for state in frontier for to in moves_from(state)} - reached
        reached |= frontier
    assert reached == set(State)


@pytest.mark.parametrize("state", OPEN)
def test_an_open_ticket_can_be_merged_which_is_no_step_of_the_work(state: State) -> None:
    assert after(state, Event.MERGE) is State.CLOSED
    assert len(moves_from(state)) == len([to for (origin, event), to in MOVES.items() if origin is state]) - 5


@pytest.mark.parametrize("state", State)
def test_a_move_is_named_by_where_it_leads(state: State) -> None:
    assert len(set(moves_from(state))) == len(moves_from(state))


def test_the_usual_way_comes_first() -> None:
    way, state = [State.REPORTED], State.REPORTED
    while moves_from(state):
        state = moves_from(state)[0]
        way.append(state)
    assert way == [State.REPORTED, State.INSPECTING, State.REPAIRING, State.VERIFYING, State.CLOSED]
