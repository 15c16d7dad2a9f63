"""When to ask a node for a rebirth: at once, then ever more rarely while it does not answer; and never all nodes together."""

from dataclasses import dataclass
from zlib import crc32


@dataclass(slots=True)
class RebirthPace:
    """One node's pace. The time between two requests doubles up to a limit and is spread by a share that the node's name
    decides, so that nodes which were all cut off at once do not all answer at once, again and again.
    """

    name: str
    every_ms: int
    at_most_ms: int
    wanted: bool = False
    _asked: int = 0
    _not_before: int = 0

    def want(self) -> None:
        self.wanted = True

    def satisfied(self) -> None:
        """A birth came. The next wish, soon or late, still keeps its distance from the last request."""
        self.wanted = False
        self._asked = 0

    def due(self, now: int) -> bool:
        # A pause that is longer than any means that the hub's clock was set back: it counts as over.
        return self.wanted and not now < self._not_before <= now + 2 * self.at_most_ms

    def asked(self, now: int) -> None:
        wait = min(self.every_ms << min(self._asked, 20), self.at_most_ms)
        self._asked += 1
        self._not_before = now + wait + wait * (crc32(f"{self.name} {self._asked}".encode()) % 512) // 1024
