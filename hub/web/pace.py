"""How often a stranger may ask: so many times within a while, by network.

Kept in memory; a hub that is started anew forgets it.
"""

import threading
from collections import deque
from collections.abc import Callable

from starlette.requests import Request

from hub.accounts.lockout import network
from hub.web.failures import Problem

_MOST_KEYS = 5000


class Pace:
    """`most` within `within_ms` of each key."""

    def __init__(self, most: int, within_ms: int, clock: Callable[[], int]) -> None:
        self._most, self._within_ms, self._clock = most, within_ms, clock
        self._lock = threading.Lock()
        self._asked: dict[str, deque[int]] = {}

    def allows(self, key: str) -> bool:
        """Counts this time as one, where it does."""
        now = self._clock()
        with self._lock:
            if len(self._asked) >= _MOST_KEYS:
                self._forget(now)
            asked = self._asked.setdefault(key, deque(maxlen=self._most))
            if len(asked) == self._most and now - asked[0] < self._within_ms:
                return False
            asked.append(now)
            return True

    def require(self, request: Request) -> None:
        """Of the network that a request comes from. Raises Problem."""
        if not self.allows(network(request.client.host if request.client else "")):
            way_out = f"try again in {max(1, self._within_ms // 60_000)} minutes"
            raise Problem(429, "too-often", "This was asked too often from there.", way_out=way_out)

    def _forget(self, now: int) -> None:
        self._asked = {key: asked for key, asked in self._asked.items() if asked and now - asked[-1] < self._within_ms}
