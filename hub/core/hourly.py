"""What an hour of a metric comes to: how often it was told, between which bounds it lay, and its mean by time held.

A value holds until the next of its metric is told, and no longer than HOLDS_MS: then nothing is known any more. One that holds on
from the hour before counts for the bounds and the mean, but an hour in which nothing was told is no hour of the metric. Of yes
and no, 1 and 0, the mean is the share of the known time in which it was yes. Pure; the same for the store and for charts.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from wire.metrics import Value

HOUR_MS = 3_600_000
HOLDS_MS = 11 * 60_000
"""Nothing told for this long is a gap: two heartbeats of 300 s and some patience."""
NEAR_MS = 15 * 60_000
"""So far from its report's time a value has its own; one that is older or newer was told again, as of the report."""

Told = tuple[int, float | None]
"""When, and what; None: it is known that it is not known."""


class Hourly(NamedTuple):
    """An hour of a metric, or several in a row.

    times    values that were told in it
    held_ms  for how long any was known
    mean     by the time that each value held
    """

    times: int
    held_ms: int
    low: float
    high: float
    mean: float
    last: float


def number_of(value: Value) -> float | None:
    """What a chart can draw of a value."""
    return float(value) if isinstance(value, int | float) else None


def moment_of(own: int | None, report: int) -> int:
    """The time of a value that a report tells."""
    return own if own is not None and abs(own - report) <= NEAR_MS else report


def hours_of(told: Sequence[Told], wanted: Collection[int], *, until: int | None = None) -> dict[int, Hourly]:
    """The wanted hours since 1970 of a metric. `told` stands in the order of time; `until`: nothing holds any longer."""
    found: dict[int, Hourly] = {}
    last = len(told) - 1
    for at, (t, value) in enumerate(told):
        if value is None:
            continue
        end = min(told[at + 1][0], t + HOLDS_MS) if at < last else t + HOLDS_MS
        if until is not None:
            end = max(t, min(end, until))
        own = t // HOUR_MS
        for hour in range(own, max(end - 1, t) // HOUR_MS + 1):
            if hour in wanted:
                held = min(end, (hour + 1) * HOUR_MS) - max(t, hour * HOUR_MS)
                one = Hourly(int(hour == own), held, value, value, value, value)
                found[hour] = one if hour not in found else _joined(found[hour], one)
    return {hour: each for hour, each in found.items() if each.times}


def merged(parts: Iterable[Hourly]) -> Hourly | None:
    """Several hours, which stand in the order of time, as one; None of none."""
    whole: Hourly | None = None
    for part in parts:
        whole = part if whole is None else _joined(whole, part)
    return whole


def _joined(one: Hourly, two: Hourly) -> Hourly:
    held = one.held_ms + two.held_ms
    mean = (one.mean * one.held_ms + two.mean * two.held_ms) / held if held else two.mean
    return Hourly(one.times + two.times, held, min(one.low, two.low), max(one.high, two.high), mean, two.last)
