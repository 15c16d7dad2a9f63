"""Which part of the time a chart shows."""

from dataclasses import dataclass

LONG_MS = 48 * 3_600_000
"""Longer spans are drawn from hours; in shorter ones every report can be seen."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when (ms, both included), and in about how many points."""

    since: int
    until: int
    points: int

    @property
    def is_long(self) -> bool:
        return self.until - self.since > LONG_MS
