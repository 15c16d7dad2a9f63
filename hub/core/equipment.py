"""Who reports: a node (the agent of a school) and the devices behind it."""

import re
from dataclasses import dataclass

from wire.metrics import Value

_FURTHER_AGENT = re.compile(r"-\d+$")
HOST = ""
"""The device key under which a node's own computer is kept."""


@dataclass(frozen=True, slots=True, order=True)
class NodeKey:
    """An edge node: its group (the district) and its name (the school code, `-2` … for a further agent)."""

    group: str
    name: str

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def school(self) -> str:
        """The code of the school that the node stands in."""
        return _FURTHER_AGENT.sub("", self.name)


@dataclass(frozen=True, slots=True, order=True)
class DeviceKey:
    """A piece of equipment of a node; `device` is HOST for the node's own computer."""

    node: NodeKey
    device: str = HOST

    def __str__(self) -> str:
        return f"{self.node}/{self.device}" if self.device else str(self.node)


@dataclass(frozen=True, slots=True)
class Reported:
    """One value and the event time that it was reported for (ms since 1970 UTC)."""

    value: Value
    t: int
