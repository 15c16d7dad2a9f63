"""The states of a ticket and the moves between them, as one table. Names: section 1 of the workflows contract.

Telemetry moves no ticket: it adds evidence, corrects the cause, notes recovery and recurrence, in whatever open state the
ticket is. Only where a fault that was long gone comes back, the hub closes its old ticket, as a person would.
"""

from enum import Enum

from hub.tickets.errors import NoSuchMove


class State(Enum):
    """Where the work stands."""

    REPORTED = "reported"
    INSPECTING = "inspecting"
    REPAIRING = "repairing"
    VERIFYING = "verifying"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self not in (State.CLOSED, State.CANCELLED)


class Event(Enum):
    """What happens to a ticket. The first six are people's moves, then comes what merges two, the others are telemetry's."""

    INSPECT = "inspect"
    REPAIR = "repair"
    CHECK = "check"
    NOT_MENDED = "not_mended"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"
    EVIDENCE = "evidence"
    CORRECTED = "corrected"
    RECOVERED = "recovered"
    RECURRED = "recurred"


TELEMETRY = (Event.EVIDENCE, Event.CORRECTED, Event.RECOVERED, Event.RECURRED)
NO_STEP = (*TELEMETRY, Event.MERGE)
"""What is no step of the work: no page offers it as one."""

# In the order in which a page offers them, the usual move first. A ticket may be closed from any open state: a fault that went
# away by itself needs no visit, and one that was mended on the phone needs no repair.
MOVES: dict[tuple[State, Event], State] = {
    (State.REPORTED, Event.INSPECT): State.INSPECTING,
    (State.REPORTED, Event.CLOSE): State.CLOSED,
    (State.REPORTED, Event.CANCEL): State.CANCELLED,
    (State.INSPECTING, Event.REPAIR): State.REPAIRING,
    (State.INSPECTING, Event.CLOSE): State.CLOSED,
    (State.INSPECTING, Event.CANCEL): State.CANCELLED,
    (State.REPAIRING, Event.CHECK): State.VERIFYING,
    (State.REPAIRING, Event.CLOSE): State.CLOSED,
    (State.VERIFYING, Event.CLOSE): State.CLOSED,
    (State.VERIFYING, Event.NOT_MENDED): State.REPAIRING,
    **{(state, Event.MERGE): State.CLOSED for state in State if state.is_open},
    **{(state, event): state for state in State if state.is_open for event in TELEMETRY},
}


def after(state: State, event: Event) -> State:
    """The state that `event` leads to. Raises NoSuchMove."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise NoSuchMove(f"a ticket that is {state.value} knows no {event.value}") from None


def moves_from(state: State) -> tuple[State, ...]:
    """The states that people may move a ticket to, the usual one first."""
    return tuple(to for (origin, event), to in MOVES.items() if origin is state and event not in NO_STEP)
