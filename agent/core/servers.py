"""Which broker to try next, and how long to wait before: one at a time, round the list, slower the longer it lasts."""

from collections.abc import Callable

LEAST_MS = 1_000
MOST_MS = 60_000
# Each wait is an eighth of what the trouble has lasted: the waits grow exponentially, and yet after an outage of a quarter
# of a minute the node is back within two seconds.
PATIENCE = 8
# A session that ends sooner did not end the trouble: two nodes with one name throw each other out for ever.
STEADY_MS = 30_000


class Servers:
    """`jitter` gives numbers in [0, 1): the nodes of a district must not come back all in the same instant."""

    def __init__(self, count: int, jitter: Callable[[], float]) -> None:
        self._count, self._jitter = count, jitter
        self._since: int | None = None
        self._failures = 0
        self.current = 0

    @property
    def several(self) -> bool:
        return self._count > 1

    def move_on(self, mono: int, began: int | None) -> int:
        """Turn to the next one; returns how many ms to wait before. `began`: when the session that ended was born, if it was."""
        if began is not None and mono - began >= STEADY_MS:
            self._since, self._failures = None, 0
        if self._since is None:
            self._since = mono
        self._failures += 1
        self.current = (self.current + 1) % self._count
        if self._failures % self._count:
            return 0
        wait = min(MOST_MS, max(LEAST_MS, (mono - self._since) // PATIENCE))
        return int(wait * (0.5 + self._jitter() / 2))
