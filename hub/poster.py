"""Gathers what changes in this process, and tells it to the others that share the hub's work."""

import threading

from hub.core.live import Changes
from hub.runtime import Loop
from hub.store.bulletin import post
from hub.store.unit_of_work import Store

_POST_S = 0.5
_FAREWELL_S = 3.0


class Poster:
    """Gathers what changes, and tells it to the other processes now and then, in a thread that nobody waits for."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name
        self._lock = threading.Lock()
        self._waiting = Changes()
        self._stopping = threading.Event()
        self._loop = Loop("poster", self._step, lambda: None)

    def publish(self, changes: Changes) -> None:
        if changes:
            with self._lock:
                was = self._waiting
                self._waiting = Changes(
                    was.nodes | changes.nodes, was.tickets | changes.tickets, was.requests | changes.requests
                )

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._stopping.set()
        self._loop.stop(_FAREWELL_S)

    def _step(self) -> None:
        self._stopping.wait(_POST_S)
        with self._lock:
            told, self._waiting = self._waiting, Changes()
        if told:
            post(self._store, self._name, told)
