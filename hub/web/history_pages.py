"""The port behind charts and history: what stands behind the curves of a device."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.history import Background
from hub.core.strip import Strip

Cell = str | int | float | None


class History(Protocol):
    def file(self, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
        """A table as CSV, which no spreadsheet takes for formulas."""

    def strips(self, node: NodeKey, days: int, now: int, room: str | None = None) -> tuple[Strip, ...]:
        """The rooms of a school over the last days with class, in the order of their names; or one of them."""

    def running(self, node: NodeKey, now: int) -> tuple[str, ...]:
        """The causes of incidents that last at its school."""

    def background(self, key: DeviceKey, profile: str | None, since: int, until: int) -> Background:
        """Behind the curves of a device from one moment to another (ms). `profile`: its model's, where it is known."""
