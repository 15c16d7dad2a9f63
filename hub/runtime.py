"""The work between the network and the pages: one thread ingests, judges and tells; it knows callables only.

Steps, over and over:
1. take what has arrived and what is overdue, and understand it
2. commit it; while that fails, nothing more is taken and 2 is tried again
3. tell the nodes what is acknowledged, missing, wanted
4. judge the nodes that have changed; now and then the time that has passed
5. tell the pages
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub.core.equipment import NodeKey
from hub.core.live import Changes
from hub.ingestion.arrivals import Event, NodeCommand

log = logging.getLogger(__name__)

_IDLE_S = 0.25
_REST, _REST_WHEN_BEHIND = 4, 1
"""So many times as long as judging took nothing is judged after it, and reports are taken."""
_REST_AT_MOST_MS = 60_000
_TRY_AGAIN_S = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(slots=True)
class Pipeline:
    """The parts of a step.

    take      up to so many events; waits so long for the first
    waiting   how much is understood and not committed
    commit    the nodes that have changed
    judge     the tickets that have changed because of what these nodes said
    tick      those that have changed because time has passed, or because of what anybody said
    behind    whether more is left to be judged
    """

    take: Callable[[int, float], list[Event]]
    feed: Callable[[Iterable[Event], int], None]
    waiting: Callable[[], int]
    commit: Callable[[int], frozenset[NodeKey]]
    commands: Callable[[int], list[NodeCommand]]
    send: Callable[[NodeCommand], None]
    judge: Callable[[frozenset[NodeKey], int], frozenset[int]]
    tick: Callable[[int], frozenset[int]]
    publish: Callable[[Changes], None]
    clock: Callable[[], int]
    batch: int
    linger_s: float
    tick_s: float
    behind: Callable[[], bool] = lambda: False
    _pause: threading.Event = field(default_factory=threading.Event)
    _ticked: int = 0
    _judge_at: int = 0

    def step(self) -> int:
        """One round. How many events it took."""
        events = [] if self.waiting() else self._gather()
        now = self.clock()
        self.feed(events, now)
        nodes = self.commit(now)
        for command in self.commands(now):
            self.send(command)
        tickets = self._judge_some(nodes, self.clock(), pressed=len(events) >= self.batch)
        self.publish(Changes(nodes, tickets))
        return len(events)

    def drain(self) -> None:
        """Commit what has arrived. Nothing lingers any more."""
        self._pause.set()
        while self.step() or self.waiting():
            pass

    def _judge_some(self, nodes: frozenset[NodeKey], now: int, *, pressed: bool) -> frozenset[int]:
        """Most of what has come is too new to be judged at once, and passing time can wait a little: ingestion must not.

        pressed  more has arrived than was taken
        """
        if now < self._judge_at and self._judge_at - now < _REST_AT_MOST_MS:
            return frozenset()
        ticks = now - self._ticked >= self.tick_s * 1000 or now < self._ticked
        tickets = self.judge(nodes, now) if (nodes or self.behind()) and not ticks else frozenset[int]()
        if ticks:
            self._ticked = now
            tickets |= self.tick(now)
        rest = _REST_WHEN_BEHIND if self.behind() and not pressed else _REST
        self._judge_at = self.clock() + rest * (self.clock() - now)
        return tickets

    def _gather(self) -> list[Event]:
        """A batch: what comes together is committed together, or every message would cost an fsync."""
        events = self.take(self.batch, _IDLE_S)
        if events and len(events) < self.batch and not self._pause.wait(self.linger_s):
            events += self.take(self.batch - len(events), 0)
        return events


class Loop:
    """A thread that repeats a step until it is told to end. A step that fails is said once, and tried again."""

    def __init__(self, name: str, step: Callable[[], object], drain: Callable[[], None]) -> None:
        self._step, self._drain = step, drain
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.trouble = ""
        self._succeeded = time.monotonic()

    def start(self) -> None:
        self._succeeded = time.monotonic()
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def idle_s(self) -> float:
        """How long ago a step went well last: long, where steps fail, where one hangs, and where the thread is gone."""
        return time.monotonic() - self._succeeded

    def stop(self, within_s: float) -> bool:
        """Whether it ended in time, with everything drained."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            failures = 0 if self._goes_well(self._step) else failures + 1
            if failures:
                self._stopping.wait(_TRY_AGAIN_S[min(failures, len(_TRY_AGAIN_S)) - 1])
        self._goes_well(self._drain)

    def _goes_well(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception as error:
            trouble = f"{type(error).__name__}: {error}"
            if trouble != self.trouble:
                log.error("%s; trying on", trouble, exc_info=log.isEnabledFor(logging.DEBUG))
            self.trouble = trouble
            return False
        if self.trouble:
            log.warning("it goes on after: %s", self.trouble)
        self.trouble = ""
        self._succeeded = time.monotonic()
        return True
