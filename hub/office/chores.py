"""What the office does by itself: each chore in a thread of its own. One that fails or takes its time stops nothing else."""

import threading
from collections.abc import Callable, Mapping
from functools import partial

from hub.runtime import Loop

_EVERY_S = 2.0
_FAREWELL_S = 0.5

Chore = Callable[[int], object]
"""Is told the time; what it has not done by then it does the next time."""


class Chores:
    """By name. One that fails is said once, and tried again."""

    def __init__(self, chores: Mapping[str, Chore], clock: Callable[[], int], *, every_s: float = _EVERY_S) -> None:
        self._chores, self._clock, self._every_s = chores, clock, every_s
        self._closing = threading.Event()
        self._loops = {name: Loop(name, partial(self._step, chore), lambda: None) for name, chore in chores.items()}

    def start(self) -> None:
        for loop in self._loops.values():
            loop.start()

    def stop(self) -> None:
        self._closing.set()
        for loop in self._loops.values():
            loop.stop(_FAREWELL_S)

    @property
    def idle_s(self) -> Mapping[str, float]:
        """How long ago each went well last."""
        return {name: loop.idle_s for name, loop in self._loops.items()}

    def tick(self, now: int) -> None:
        """Each once, here."""
        for chore in self._chores.values():
            chore(now)

    def _step(self, chore: Chore) -> None:
        if not self._closing.wait(self._every_s):
            chore(self._clock())
