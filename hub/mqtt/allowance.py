"""How much a client may say: so much at once, and so much a second from then on. Time is handed in, in seconds."""


class Allowance:
    """One client's. What it may not say yet waits at the client: nothing is lost by it."""

    def __init__(self, at_once: int, per_s: float, now: float) -> None:
        self._at_once, self._per_s = float(at_once), per_s
        self._left, self._at = float(at_once), now

    def spend(self, now: float) -> float:
        """One message. Returns for how many seconds to wait before the next."""
        self._left = min(self._at_once, self._left + (now - self._at) * self._per_s) - 1
        self._at = now
        return max(0.0, -self._left / self._per_s)
