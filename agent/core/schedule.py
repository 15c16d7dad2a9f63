"""Whose turn it is. Times are monotonic ms, passed in; a turn that was missed is not made up for."""

from collections.abc import Mapping


class Schedule:
    """Names that come round, each at its own interval; all of them are due at the beginning."""

    def __init__(self, every_ms: Mapping[str, int], now: int) -> None:
        self._every = dict(every_ms)
        self._next = dict.fromkeys(self._every, now)

    def take(self, now: int) -> tuple[str, ...]:
        """The names that are due, in their given order; their next turns are set."""
        due = tuple(name for name, at in self._next.items() if at <= now)
        for name in due:
            late = now - self._next[name]
            self._next[name] += self._every[name] * (1 + late // self._every[name])
        return due

    def next_at(self) -> int:
        """When the next turn is."""
        return min(self._next.values())

    def hurry(self, now: int) -> None:
        """Everything is due now."""
        self._next = {name: min(at, now) for name, at in self._next.items()}
