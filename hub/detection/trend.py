"""The line through daily levels: its slope with an interval, when it reaches a level, and whether a step explains them better.

Theil's and Sen's line (P. K. Sen, J. Am. Stat. Assoc. 63, 1968), tested with Kendall's S; the interval comes from the ranks of
the slopes (R. O. Gilbert, Statistical Methods for Environmental Pollution Monitoring, 1987, 16.4, 16.5). Nothing is assumed about
how the levels scatter, and a quarter of them may be wild. Each day has one level. What slope matters is for the callers to say.

A level, a ramp (also one that begins on some day) and a step are compared by what each leaves unexplained and by how much each
may choose: Schwarz's criterion for distances from medians.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import combinations
from math import ceil, erfc, inf, log, sqrt
from statistics import NormalDist, median

CONFIDENCE = 0.95
RESOLUTION = 0.1
"""The steps in which most receivers count, in dB. What is as near as rounding can make it is not explained any better."""
_HORIZON_DAYS = 3650
"""A forecast says no more than "in ten years"."""
_SIDE_DAYS = 2
"""A step has so many days before and after it: one day alone may be a wild one."""
_BREAK_CHOICES = 5
"""Two levels, or a level and a slope, and the day: the best of many days fits noise too, so it counts for several."""

Day = tuple[int, float]
"""The ordinal of a date, and the level of that day."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a level is reached, and the days between which that lies with the trend's confidence."""

    expected: date
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through daily levels.

    slope     per day; `low` and `high` bound it, without end where there are too few days
    p_value   how likely an order like theirs is without any trend
    """

    days: tuple[Day, ...]
    slope: float
    low: float
    high: float
    p_value: float

    @property
    def falls(self) -> bool:
        """With the confidence asked for."""
        return self.high < 0

    def at(self, day: int) -> float:
        """The level of the line on that day."""
        return self._at_zero(self.slope) + self.slope * day

    def forecast(self, level: float, today: int) -> Forecast | None:
        """When the line has sunk to `level`, `today` where it has already; None where it does not surely fall."""
        if not self.falls:
            return None
        reached = [date.fromordinal(self._reached(level, slope, today)) for slope in (self.slope, self.low, self.high)]
        return Forecast(reached[0], min(reached), max(reached))

    def _reached(self, level: float, slope: float, today: int) -> int:
        day = (level - self._at_zero(slope)) / slope
        return today + min(max(0, ceil(day - today)), _HORIZON_DAYS)

    def _at_zero(self, slope: float) -> float:
        return median(level - slope * day for day, level in self.days)


class Shape(Enum):
    """What explains some days best."""

    LEVEL = "level"
    RAMP = "ramp"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Kendall:
    """Mann's and Kendall's test: of all pairs of days, how many more rise than fall.

    spread   the standard deviation of `s` where there is no trend
    """

    s: int
    spread: float

    @property
    def p_value(self) -> float:
        """Two-sided, by the normal approximation."""
        return erfc(max(0, abs(self.s) - 1) / self.spread / sqrt(2)) if self.spread else 1.0


def trend_of(days: Sequence[Day], confidence: float = CONFIDENCE) -> Trend | None:
    """None for fewer than two days. Raises ValueError where a day stands twice."""
    ordered = _in_order(days)
    if len(ordered) < 2:
        return None
    slopes = sorted((later[1] - early[1]) / (later[0] - early[0]) for early, later in combinations(ordered, 2))
    test = kendall([level for _, level in ordered])
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * test.spread
    low, high = _ranked(slopes, (len(slopes) - reach) / 2), _ranked(slopes, (len(slopes) + reach) / 2 + 1)
    return Trend(ordered, median(slopes), low, high, test.p_value)


def kendall(levels: Sequence[float]) -> Kendall:
    """Of levels in the order of their days."""
    s = sum((later > early) - (later < early) for early, later in combinations(levels, 2))
    ties = (_doubled(count) for count in Counter(levels).values())
    return Kendall(s, sqrt((_doubled(len(levels)) - sum(ties)) / 18))


def _doubled(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)


def _ranked(slopes: Sequence[float], rank: float) -> float:
    """The slope of that rank, counted from 1; between two ranks, in proportion."""
    below = int(rank)
    if rank < 1:
        return -inf
    if rank > len(slopes):
        return inf
    if below == len(slopes):
        return slopes[-1]
    return slopes[below - 1] + (rank - below) * (slopes[below] - slopes[below - 1])


def is_step(days: Sequence[Day], resolution: float = RESOLUTION) -> bool:
    """Whether a single step explains the days better than any ramp, and than one level for all."""
    return shape_of(days, resolution) is Shape.STEP


def shape_of(days: Sequence[Day], resolution: float = RESOLUTION) -> Shape:
    """Raises ValueError where a day stands twice."""
    ordered = _in_order(days)
    if len(ordered) < 2 * _SIDE_DAYS:
        return Shape.LEVEL
    step = min(_distance_from_step(ordered, at) for at in _breaks(ordered))
    bend = min(_distance_from_bend(ordered, at) for at in _breaks(ordered))
    fits = (
        (Shape.LEVEL, _scatter([level for _, level in ordered]), 1),
        (Shape.RAMP, _distance_from_line(ordered), 2),
        (Shape.RAMP, bend, _BREAK_CHOICES),
        (Shape.STEP, step, _BREAK_CHOICES),
    )
    return min(fits, key=lambda fit: _score(len(ordered), fit[1], fit[2], resolution))[0]


def _in_order(days: Sequence[Day]) -> tuple[Day, ...]:
    if len({day for day, _ in days}) < len(days):
        raise ValueError("a day has more than one level")
    return tuple(sorted(days))


def _breaks(days: Sequence[Day]) -> range:
    return range(_SIDE_DAYS, len(days) - _SIDE_DAYS + 1)


def _score(count: int, distance: float, choices: int, resolution: float) -> float:
    return 2 * count * log(max(distance / count, resolution / 4)) + choices * log(count)


def _scatter(levels: Sequence[float]) -> float:
    """The sum of the distances from their median."""
    middle = median(levels)
    return sum(abs(level - middle) for level in levels)


def _distance_from_step(days: Sequence[Day], at: int) -> float:
    return sum(_scatter([level for _, level in side]) for side in (days[:at], days[at:]))


def _distance_from_line(days: Sequence[Day]) -> float:
    slope = median((later[1] - early[1]) / (later[0] - early[0]) for early, later in combinations(days, 2))
    return _scatter([level - slope * day for day, level in days])


def _distance_from_bend(days: Sequence[Day], at: int) -> float:
    """From a level that becomes a ramp behind the last day before `at`."""
    begin, start = days[at - 1][0], median(level for _, level in days[:at])
    slope = median((level - start) / (day - begin) for day, level in days[at:])
    return sum(abs(level - start - slope * max(0, day - begin)) for day, level in days)
