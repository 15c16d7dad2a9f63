"""Sign-ins that are under way at the OpenID provider: what has to match when somebody comes back.

Kept in memory: a hub that is started anew forgets them, and people click once more.
"""

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from authlib.common.security import generate_token

_LASTS_MS = 10 * 60_000
_MOST = 1000
_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Pending:
    """One sign-in. `binder` is in the browser's cookie: somebody else's browser cannot end it."""

    then: str
    back: str
    begun_at: int
    state: str = field(default_factory=lambda: generate_token(_LENGTH))
    nonce: str = field(default_factory=lambda: generate_token(_LENGTH))
    verifier: str = field(default_factory=lambda: generate_token(_LENGTH))
    binder: str = field(default_factory=lambda: generate_token(_LENGTH))


class PendingSignIns:
    """At most a thousand, each for ten minutes and for one use."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._pending: dict[str, Pending] = {}

    def begin(self, then: str, back: str) -> Pending:
        begun = Pending(then, back, self._clock())
        with self._lock:
            self._forget_old()
            self._pending[begun.state] = begun
        return begun

    def take(self, state: str, binder: str) -> Pending | None:
        """The one that this browser began; nobody takes it a second time."""
        with self._lock:
            self._forget_old()
            found = self._pending.get(state)
            if found is None or not hmac.compare_digest(found.binder.encode(), binder.encode()):
                return None
            return self._pending.pop(state)

    def _forget_old(self) -> None:
        since = self._clock() - _LASTS_MS
        young = [each for each in self._pending.values() if each.begun_at >= since][-(_MOST - 1) :]
        self._pending = {each.state: each for each in young}
