"""Rain over the map: convective cells that are born, drift, grow and die, and widespread rain of some hours.

Cells follow the tropical day (most in the late afternoon, some at night); their rain rates make a site's statistics like
those of ITU-R P.837 for Thailand: some 85–90 mm/h exceeded for 0.01 % of the year.
"""

import math
from dataclasses import dataclass, replace
from random import Random

from simulator.clock import DAY, HOUR
from simulator.randomness import poisson, stream

REACH = 2.6
"""A cell's rain is not worth counting beyond this many of its radii."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A moving patch of rain. radius_km: where the rate has fallen to 1/e; `wide` rain is flat in its middle."""

    number: int
    start: float
    end: float
    x_km: float
    y_km: float
    east_kmh: float
    north_kmh: float
    radius_km: float
    peak_mm_h: float
    wide: bool
    phase: float

    def middle(self, t: float) -> tuple[float, float]:
        hours = (t - self.start) / HOUR
        return self.x_km + self.east_kmh * hours, self.y_km + self.north_kmh * hours

    def strength(self, t: float) -> float:
        """mm/h in the middle: grows fast, decays slowly, and is never steady."""
        if not self.start <= t < self.end:
            return 0.0
        life = (t - self.start) / (self.end - self.start)
        shape = min(1.0, life / 0.25, (1 - life) / 0.45)
        minutes = t / 60 + self.phase
        unrest = 1 + 0.22 * math.sin(minutes / 3.1) + 0.14 * math.sin(minutes / 7.7) + 0.08 * math.sin(minutes / 1.3)
        return self.peak_mm_h * shape * max(0.15, unrest)

    def spread(self, distance_km: float) -> float:
        """The share of the middle's rain at this distance."""
        ratio = distance_km / self.radius_km
        if ratio > REACH:
            return 0.0
        return math.exp(-(ratio**4)) if self.wide else math.exp(-(ratio**1.6))


def weather(seed: int, start: float, days: int, storms_a_day: float, wide_a_week: float) -> list[Cell]:
    """All rain of the recording, in order of its beginning."""
    cells: list[Cell] = []
    for number in range(days):
        dice = stream(seed, "weather", number)
        mood = dice.choices((0.15, 0.7, 1.3, 2.6), (0.35, 0.3, 0.2, 0.15))[0]
        midnight = start + number * DAY
        cells += [_storm(dice, midnight) for _ in range(poisson(dice, storms_a_day * mood))]
        cells += [_wide(dice, midnight) for _ in range(poisson(dice, wide_a_week / 7))]
    cells.sort(key=lambda cell: (cell.start, cell.x_km))
    return [_numbered(cell, number) for number, cell in enumerate(cells)]


def _storm(dice: Random, midnight: float) -> Cell:
    hour = dice.choices((dice.gauss(16.5, 2.4), dice.uniform(0, 24), dice.gauss(2.5, 1.8)), (0.7, 0.18, 0.12))[0]
    start = midnight + hour * HOUR
    x, y = dice.uniform(-50, 50), dice.uniform(-45, 45)
    speed, course = dice.uniform(4, 30), dice.gauss(math.radians(50), 0.7)
    peak = min(150.0, dice.lognormvariate(math.log(38), 0.65))
    return Cell(
        number=0,
        start=start,
        end=start + dice.uniform(0.6, 2.2) * HOUR,
        x_km=x,
        y_km=y,
        east_kmh=speed * math.cos(course),
        north_kmh=speed * math.sin(course),
        radius_km=dice.uniform(2.5, 6.5),
        peak_mm_h=peak,
        wide=False,
        phase=dice.uniform(0, 1000),
    )


def _wide(dice: Random, midnight: float) -> Cell:
    start = midnight + dice.uniform(0, 24) * HOUR
    length = dice.uniform(3, 9) * HOUR
    return Cell(
        number=0,
        start=start,
        end=start + length,
        x_km=dice.uniform(-25, 25),
        y_km=dice.uniform(-25, 25),
        east_kmh=dice.gauss(4, 3),
        north_kmh=dice.gauss(4, 3),
        radius_km=dice.uniform(25, 45),
        peak_mm_h=dice.uniform(3, 13),
        wide=True,
        phase=dice.uniform(0, 1000),
    )


def _numbered(cell: Cell, number: int) -> Cell:
    return replace(cell, number=number)
