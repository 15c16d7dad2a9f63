"""Shows whoever minds this process that its main loop turns. One that hangs, such as on a dying disk, is heard of no more."""

from agent.core.moment import Moment
from agent.ports import Minder


class Heartbeat:
    def __init__(self, minder: Minder) -> None:
        self._minder = minder
        self.due_at: int | None = None
        """When the next beat is wanted (ms, monotonic); None: nobody waits for one."""

    def start(self, now: Moment) -> None:
        self._minder.ready()
        self._wait(now)

    def beat(self, now: Moment) -> None:
        if self.due_at is not None and self.due_at <= now.mono:
            self._minder.alive()
            self._wait(now)

    def stop(self) -> None:
        self._minder.stopping()

    def _wait(self, now: Moment) -> None:
        every_ms = self._minder.alive_every_ms
        self.due_at = None if every_ms is None else now.mono + every_ms
