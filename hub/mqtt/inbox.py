"""What waits for ingestion: bounded, so that a flood is held back at the broker and at last dropped and counted."""

import threading
from collections import deque
from collections.abc import Callable

from hub.ingestion.arrivals import Arrival, Event


class Inbox:
    """Filled by the MQTT threads, emptied by one. `dropped` is called for every message that found no room."""

    def __init__(self, room: int, dropped: Callable[[], None], *, patience_s: float = 2.0) -> None:
        self._room, self._dropped, self._patience_s = room, dropped, patience_s
        self._events: deque[Event] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: Event) -> None:
        """Messages wait a moment for room, which slows the broker down; what happened to the link always has room."""
        with self._changed:
            if isinstance(event, Arrival) and not self._changed.wait_for(self._has_room, self._patience_s):
                self._dropped()
                return
            self._events.append(event)
            if len(self._events) == 1:
                self._changed.notify_all()

    def take(self, at_most: int, wait_s: float) -> list[Event]:
        """The oldest events; none when nothing comes for so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._events or self._closed, wait_s)
            was_full = not self._has_room()
            taken = [self._events.popleft() for _ in range(min(at_most, len(self._events)))]
            if was_full:
                self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Nothing waits for anything any more; what is in there can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self) -> bool:
        return self._closed or len(self._events) < self._room
