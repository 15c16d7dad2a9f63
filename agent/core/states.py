"""The states of an edge node's session, and what can happen to it.

IDLE → CONNECTING → AWAITING_HOST → BIRTH_DUE → ONLINE; from everywhere: LOST → WAITING → CONNECTING, STOP → STOPPED.
What leads where stands in agent.core.session.TABLE.
"""

from enum import Enum, auto

from agent.core.messages import Connected, RebirthAsked, Started, Stopped, TrustChanged, Woken


class State(Enum):
    """
    WAITING        not connected, until the time to try the next server
    AWAITING_HOST  connected and subscribed; births wait for the primary host's STATE (tck-id-…-edge-node-birth-sequence-wait)
    BIRTH_DUE      the host is there; births wait a moment for the first readings, or because the last births were just now
    """

    IDLE = auto()
    WAITING = auto()
    CONNECTING = auto()
    AWAITING_HOST = auto()
    BIRTH_DUE = auto()
    ONLINE = auto()
    STOPPED = auto()


class Trigger(Enum):
    START = auto()
    WAKE = auto()
    CONNECTED = auto()
    LOST = auto()
    TRUST_CHANGED = auto()
    HOST_ONLINE = auto()
    HOST_OFFLINE = auto()
    REBIRTH = auto()
    STOP = auto()


TRIGGERS: dict[type, Trigger] = {
    Started: Trigger.START,
    Woken: Trigger.WAKE,
    Connected: Trigger.CONNECTED,
    TrustChanged: Trigger.TRUST_CHANGED,
    RebirthAsked: Trigger.REBIRTH,
    Stopped: Trigger.STOP,
}
"""Events that are nothing but a trigger."""
