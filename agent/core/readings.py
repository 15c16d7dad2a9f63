"""What was read from equipment: the values that polling hands on, and what the agent says about each piece of equipment.

Names and datatypes of metrics are those of wire.vocabulary. What may be sent and when is decided in agent.core.report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wire.metrics import Value

__all__ = ["Equipment", "Poll", "Report", "Value"]


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of one piece of equipment brought.

    device      device key; None is the node's own computer
    t           ms since 1970 UTC at which it was read
    readings    by metric name. A device's always hold device/reachable, and after a loss nothing else. A metric that
                could not be read stands as None; one whose turn it was not is left out
    properties  `Properties/…` by name: all of them when any changed since the last poll, else None
    problem     why it could not be reached, in one line for the log
    """

    device: str | None
    t: int
    readings: Mapping[str, Value]
    properties: Mapping[str, str] | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What is worth telling of a poll: goes to the journal and to the hub. `device` None is the node's own computer.

    news  something of it is not as it was told before; otherwise it only says that nothing has changed
    """

    device: str | None
    t: int
    readings: tuple[tuple[str, Value], ...]
    news: bool = True


@dataclass(frozen=True, slots=True)
class Equipment:
    """One piece of equipment as its birth describes it.

    key         device key; None is the node's own computer
    kind        one of wire.vocabulary.KINDS
    room        None where nobody said it
    profile     profile id, `<vendor>/<model>`
    metrics     vocabulary names that it can report, device/reachable included for a device
    properties  `Properties/…` by name, as far as known yet
    """

    key: str | None
    kind: str
    room: str | None
    profile: str
    metrics: tuple[str, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
