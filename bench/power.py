"""How things change by merely being on: hours add up, and what runs gets warm. Time is a value, in ms."""

from dataclasses import dataclass
from math import exp

WARMING_MS = 240_000
MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Power:
    """On or off since a moment, and what the time before it left behind. Warmth is 0 (room temperature) to 1 (run warm)."""

    on: bool
    since: int
    on_ms_before: int = 0
    warmth_then: float = 0.0

    def switched(self, on: bool, now: int) -> "Power":
        if on is self.on:
            return self
        return Power(on, now, self.on_ms(now), self.warmth(now))

    def on_ms(self, now: int) -> int:
        """Milliseconds switched on since the beginning."""
        return self.on_ms_before + (max(0, now - self.since) if self.on else 0)

    def on_hours(self, now: int) -> int:
        return self.on_ms(now) // MS_PER_HOUR

    def warmth(self, now: int) -> float:
        goal = 1.0 if self.on else 0.0
        return goal + (self.warmth_then - goal) * exp(-max(0, now - self.since) / WARMING_MS)

    def for_ms(self, now: int) -> int:
        """How long it has been as it is."""
        return now - self.since
