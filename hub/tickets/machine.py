"""The states of a ticket, and what telemetry may do in them, as one table. Names: section 1 of the workflows contract.

People take their steps on the repair that a ticket has: which ones there are says hub/workflows/definitions/repair.toml, and the
ticket follows. Telemetry moves no ticket: it adds evidence, corrects the cause, notes recovery and recurrence, in whatever open
state the ticket is. Only where a fault that was long gone comes back, the hub closes its old ticket, as a person would.
"""

from enum import Enum

from hub.tickets.errors import NoSuchMove


class State(Enum):
    """Where the work stands: the states of a repair."""

    REPORTED = "reported"
    INSPECTING = "inspecting"
    DIAGNOSED = "diagnosed"
    REPAIRING = "repairing"
    VENDOR_CLAIM = "vendor_claim"
    AWAITING_PARTS = "awaiting_parts"
    VERIFYING = "verifying"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    IRREPARABLE = "irreparable"
    DUPLICATE_OF = "duplicate_of"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self not in _ENDS


_ENDS = frozenset({State.CLOSED, State.IRREPARABLE, State.DUPLICATE_OF, State.CANCELLED})


class Event(Enum):
    """What happens to a ticket besides the steps of its repair. The first two end it, the others are telemetry's."""

    CLOSE = "close"
    MERGE = "merge"
    EVIDENCE = "evidence"
    CORRECTED = "corrected"
    RECOVERED = "recovered"
    RECURRED = "recurred"


TELEMETRY = (Event.EVIDENCE, Event.CORRECTED, Event.RECOVERED, Event.RECURRED)
MOVES: dict[tuple[State, Event], State] = {
    **{(state, Event.CLOSE): State.CLOSED for state in State if state.is_open},
    **{(state, Event.MERGE): State.DUPLICATE_OF for state in State if state.is_open},
    **{(state, event): state for state in State if state.is_open for event in TELEMETRY},
}


def after(state: State, event: Event) -> State:
    """The state that `event` leads to. Raises NoSuchMove."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise NoSuchMove(f"a ticket that is {state.value} knows no {event.value}") from None
