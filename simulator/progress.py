"""A bar on a terminal, and a line now and then where there is none."""

from collections.abc import Callable
from typing import TextIO

WIDTH = 30
STEP = 0.1
"""Where nobody watches, every tenth is told."""


class Progress:
    def __init__(self, name: str, stream: TextIO, clock: Callable[[], float]) -> None:
        self._name, self._stream, self._clock = name, stream, clock
        self._began, self._last, self._told = clock(), 0.0, 0.0
        self.count = 0

    def reach(self, share: float) -> None:
        now = self._clock()
        if self._stream.isatty():
            if now - self._last < 0.2 and share < 1:
                return
            full = round(WIDTH * share)
            self._stream.write(f"\r{self._name} [{'#' * full}{'.' * (WIDTH - full)}] {share:4.0%} {self._rate(now)} ")
        elif share - self._told >= STEP:
            self._told = share
            self._stream.write(f"{self._name}: {share:.0%}, {self._rate(now)}\n")
        self._last = now
        self._stream.flush()

    def end(self) -> None:
        now = self._clock()
        self._stream.write(f"\r{self._name}: {self._rate(now)} in {now - self._began:.0f} s{' ' * WIDTH}\n")
        self._stream.flush()

    def _rate(self, now: float) -> str:
        return f"{self.count} lines, {self.count / max(0.001, now - self._began):,.0f}/s"
