"""How a device comes to its identity, as a table: what is there now, and the one thing to do next.

The state is not stored: it is read off the disk, which a power cut cannot put out of step. Each step may be done again; the hub
gives the same certificate for the same code and the same key.
"""

from dataclasses import dataclass
from enum import Enum, auto


class State(Enum):
    NEW = auto()
    """Nothing is there."""
    KEYED = auto()
    """The key of this code stands on the disk, and has never left it."""
    CERTIFIED = auto()
    """The hub's answer stands beside it."""
    IDENTIFIED = auto()
    """This identity is the one that counts."""
    CONFIGURED = auto()
    """agent.toml names it."""
    ACTIVE = auto()
    """The agent was started with it."""


class Step(Enum):
    MAKE_KEY = auto()
    ASK = auto()
    TAKE_ON = auto()
    CONFIGURE = auto()
    START = auto()


NEXT: dict[State, Step] = {
    State.NEW: Step.MAKE_KEY,
    State.KEYED: Step.ASK,
    State.CERTIFIED: Step.TAKE_ON,
    State.IDENTIFIED: Step.CONFIGURE,
    State.CONFIGURED: Step.START,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one code: what stands on the disk."""

    key: bool
    answer: bool
    in_place: bool
    configured: bool
    started: bool


def state_of(facts: Facts) -> State:
    """The furthest state of which all before it are reached: a key without which an answer is of no use counts first."""
    reached = (facts.key, facts.answer, facts.in_place, facts.configured, facts.started)
    return list(State)[reached.index(False) if False in reached else len(reached)]
