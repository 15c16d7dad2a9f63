"""The one queue into the agent's main loop: polls, the network's news, and the wish to stop.

Bounded: whoever is too fast waits, so that a poll is late rather than lost. A signal handler never waits.
"""

import queue
import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")
CAPACITY = 1000


class Inbox(Generic[Item]):
    def __init__(self, capacity: int = CAPACITY) -> None:
        # Not queue.Queue: its lock is not re-entrant, so that a signal handler in the reading thread could wait for ever.
        self._items: queue.SimpleQueue[tuple[Item, bool]] = queue.SimpleQueue()
        self._room = threading.Semaphore(capacity)
        self._closed = False

    def put(self, item: Item) -> None:
        """Waits for room. Does nothing once it is closed."""
        self._room.acquire()
        if not self._closed:
            self._items.put((item, True))
        else:
            self._room.release()

    def interrupt(self, item: Item) -> None:
        """For signal handlers: never waits."""
        self._items.put((item, False))

    def get(self, timeout_s: float | None) -> Item | None:
        """The next one, or None when there was none in time. `timeout_s` None waits for ever."""
        try:
            item, counted = self._items.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if counted:
            self._room.release()
        return item

    def close(self) -> None:
        """Nobody waits for room any more; what is in it can still be got."""
        self._closed = True
        self._room.release()
