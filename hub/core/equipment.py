"""Who reports: a node (the agent of a school) and the devices behind it.

Keys are named tuples: they are looked up many times for each report, and the hash of a tuple is taken in C.
"""

import re
from typing import NamedTuple

from wire.metrics import Value

_FURTHER_AGENT = re.compile(r"-\d+$")
HOST = ""
"""The device key under which a node's own computer is kept."""


class NodeKey(NamedTuple):
    """An edge node: its group (the district) and its name (the school code, `-2` … for a further agent)."""

    group: str
    name: str

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def school(self) -> str:
        """The code of the school that the node stands in."""
        name = self.name
        # Of each report this is asked: most schools have one agent, whose name is the code.
        return _FURTHER_AGENT.sub("", name) if "-" in name else name


class DeviceKey(NamedTuple):
    """A piece of equipment of a node; `device` is HOST for the node's own computer."""

    node: NodeKey
    device: str = HOST

    def __str__(self) -> str:
        return f"{self.node}/{self.device}" if self.device else str(self.node)


class Reported(NamedTuple):
    """One value and the event time that it was reported for (ms since 1970 UTC)."""

    value: Value
    t: int
