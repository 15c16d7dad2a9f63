"""Faults as they are: what broke, when, how, and until when. `planning` decides which happen."""

from dataclasses import dataclass

from simulator.intervals import EVER

HARD = frozenset({"lnb_failed", "receiver_failed", "tv_failed", "tv_no_signal"})
"""These end the lesson at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """variant     how it shows (see `planning`)
    size           its figure: dB that C/N falls, °C, %, s …
    ramp_s         how long it takes to reach `size`; 0: at once
    repaired       whether somebody came; otherwise it ended by itself, or not at all
    """

    number: int
    cause: str
    school: str
    onset: float
    end: float = EVER
    room: str | None = None
    dish: str | None = None
    device: str | None = None
    node: str | None = None
    variant: str = ""
    size: float = 0.0
    ramp_s: float = 0.0
    repaired: bool = False
    shift_db: float = 0.0

    def lasts(self, t: float) -> bool:
        return self.onset <= t < self.end

    def grown(self, t: float) -> float:
        """How much of `size` is there at `t`."""
        if not self.lasts(t):
            return 0.0
        return self.size if self.ramp_s <= 0 else self.size * min(1.0, (t - self.onset) / self.ramp_s)
