"""The one place that holds the classroom of the moment: a lock around the value, a clock, and those who want to hear of changes.

The simulators run in threads of their own; they look through here, and nothing else in the bench is shared.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bench.facts import ProjectorFacts, ReceiverFacts, TvFacts
from bench.room import Classroom

Clock = Callable[[], int]
Change = Callable[[Classroom, int], Classroom]


@dataclass(frozen=True, slots=True)
class View:
    """The room at one moment."""

    room: Classroom
    now: int

    @property
    def tv(self) -> TvFacts:
        return self.room.tv(self.now)

    @property
    def projector(self) -> ProjectorFacts:
        return self.room.projector(self.now)

    @property
    def receiver(self) -> ReceiverFacts:
        return self.room.receiver(self.now)


class LiveRoom:
    def __init__(self, room: Classroom, clock: Clock) -> None:
        self._room = room
        self._clock = clock
        self._lock = threading.RLock()
        self._listeners: list[Callable[[View], None]] = []

    def on_change(self, listener: Callable[[View], None]) -> None:
        """The listener hears every change, in the thread that made it."""
        self._listeners.append(listener)

    def look(self) -> View:
        return self.change(lambda room, _now: room)

    def change(self, how: Change) -> View:
        """What is due is done first, then the change; both are one step to everybody else."""
        with self._lock:
            now = self._clock()
            before = self._room
            self._room = how(before.advanced(now), now)
            view = View(self._room, now)
            if self._room != before:
                for listener in self._listeners:
                    listener(view)
            return view
