"""What is known of one asset when its need is weighed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """A fault that has an open ticket now."""

    cause: str
    since: date


@dataclass(frozen=True, slots=True)
class Record:
    """What the months that are looked at tell of it.

    faults         tickets
    down_ms        how long it was out of order, together
    repair_satang  what its repairs cost
    standing       the open fault that began first
    lamp_pct, disk_pct   of their life, as it said last
    """

    faults: int = 0
    down_ms: int = 0
    repair_satang: int = 0
    standing: Standing | None = None
    lamp_pct: float | None = None
    disk_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """prices         of a new one, by fiscal year
    irreparable    number of the repair that gave it up
    """

    kind: str
    profile: str | None
    acquired_on: date | None
    life_years: int
    prices: Mapping[int, int]
    record: Record = Record()
    irreparable: str | None = None

    def price(self, year: int) -> int | None:
        """By the newest list that is not of a later year."""
        known = [each for each in self.prices if each <= year]
        return self.prices[max(known)] if known else None
