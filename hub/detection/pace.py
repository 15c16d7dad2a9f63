"""How much is judged in one go, so that what else there is to do gets its turn. Decides up to when; judges nothing."""

from dataclasses import dataclass

from hub.detection.signs import MINUTE_MS

_FIRST_MS, _SHORTEST_MS, _LONGEST_MS = 5_000, 100, 60 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Pace:
    """at_most  reports in one go, about: what is left then waits for the next (see `Detection.behind`)
    save_ms  the state is saved so often, if nothing is concluded
    kept     there is anybody to go on from what is saved
    """

    at_most: int | None = None
    save_ms: int = 0
    kept: bool = True

    def is_due(self, saved_at: int | None, now: int) -> bool:
        """Whether the state is to be saved. A last time that lies ahead means that the clock was set back."""
        return saved_at is None or not 0 <= now - saved_at < self.save_ms

    def has_room(self, taken: int) -> bool:
        """Whether more can be judged in the same go."""
        return self.at_most is None or taken < self.at_most


WHOLE = Pace()
"""All there is, and all of it saved: who replays the past has nothing else to do."""

PASSING = Pace(kept=False)
"""The same where it all happens in one go: what is folded stays in memory."""


class Stride:
    """The length of time whose reports are judged together: as long as about so many are in it as are wanted."""

    def __init__(self, pace: Pace) -> None:
        self._wanted = pace.at_most
        self._length = _FIRST_MS

    def stop(self, reached: int | None, until: int) -> int:
        """Up to when to judge next, where all is judged up to `reached`."""
        return until if self._wanted is None or reached is None else min(until, reached + self._length)

    def took(self, many: int, span: int) -> None:
        """So many reports were in so many ms."""
        if self._wanted is None:
            return
        if many > self._wanted:
            self._length = max(_SHORTEST_MS, span * self._wanted // many)
        elif many < self._wanted // 2:
            self._length = min(_LONGEST_MS, self._length * 2)
