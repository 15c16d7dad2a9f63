"""Reports: what one NDATA or DDATA said, with its place in the node's journal."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.equipment import DeviceKey
from wire.metrics import DataType, Value


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a report. `t` is None where it is the report's own time."""

    value: Value
    datatype: DataType
    t: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
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
