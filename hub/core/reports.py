"""Reports: what one message said, with its place in the node's journal.

Births and deaths are reports too, in the journal that the hub makes for each node: a birth of its values, with ONLINE true (node)
or REACHABLE (device); a death of a node says ONLINE false, the death of a device REACHABLE false. So what is judged, shown and
replayed is one stream of facts on disk.

There are millions of them: they are named tuples, which are made and compared in C.
"""

from collections.abc import Mapping
from typing import NamedTuple

from hub.core.equipment import DeviceKey
from wire.metrics import DataType, Value

OURS = "ours"
"""What stands for the UUID of the journal that the hub makes for a node: of births, deaths, and of all where a node has none."""
ONLINE = "node/online"
"""The hub's own metric of a node (device HOST): whether it has a session."""


class Sample(NamedTuple):
    """One value of a report. `t` is None where it is the report's own time."""

    value: Value
    datatype: DataType
    t: int | None = None


class Report(NamedTuple):
    """A journaled report.

    epoch   the journal's UUID; for a node without a journal one that the hub made for it
    offset  1, 2, 3 … within the epoch
    t       event time, ms since 1970 UTC
    """

    device: DeviceKey
    epoch: str
    offset: int
    t: int
    samples: Mapping[str, Sample]

    @property
    def values(self) -> Mapping[str, Value]:
        return {name: sample.value for name, sample in self.samples.items()}
