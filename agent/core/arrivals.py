"""Which lines are new: those that were not there the last time somebody looked, and that no device uses."""

from collections.abc import Collection, Mapping


class Arrivals:
    def __init__(self) -> None:
        self._seen: frozenset[str] = frozenset()

    def take(self, present: Mapping[str, str], used: Collection[str]) -> list[str]:
        """present: real places of the lines that are there, by name; used: real places. A line that went away is new again."""
        new = [name for name, place in present.items() if name not in self._seen and place not in used]
        self._seen = frozenset(present)
        return new
