"""Who writes next, where several processes share a file of SQLite, which itself only lets them try again and again.

Two locks of the kernel's, which go with a process however it ends. Whoever waits for the turn holds the place of the next, so
that one who has just written, and wants to write again at once, comes after them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NEXT, _TURN = "hub.lock.next", "hub.lock.turn"


class Turns:
    """For one thread of this process at a time."""

    def __init__(self, folder: Path) -> None:
        self._next, self._turn = (_opened(folder / name) for name in (_NEXT, _TURN))

    @contextmanager
    def mine(self) -> Iterator[None]:
        fcntl.flock(self._next, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._next)
        os.close(self._turn)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
