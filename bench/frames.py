"""A stream of bytes cut into frames. What is no beginning is skipped; what waits too long for its rest was noise."""

from collections.abc import Callable
from typing import Any

from bench.live import Unit

STALE_MS = 1000
Cut = Callable[[bytes], int]
"""How many bytes the frame at the front has; 0: its rest is still to come; negative: so many bytes are no beginning."""


class Frames:
    def __init__(self, unit: Unit[Any], cut: Cut) -> None:
        self._unit = unit
        self._cut = cut
        self._pending = b""
        self._since = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are complete now."""
        now, found = self._unit.look().now, []
        if self._pending and now - self._since > STALE_MS:
            self._pending = b""
        self._pending, self._since = self._pending + data, now
        while self._pending and (size := self._cut(self._pending)):
            if 0 < size <= len(self._pending):
                found.append(self._pending[:size])
            elif size > 0:
                break
            self._pending = self._pending[abs(size) :]
        return found
