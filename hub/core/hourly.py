"""What an hour of a metric comes to: how often it was told, between which bounds it lay, and its mean by time held.

A value holds until the next of its metric is told, and no longer than HOLDS_MS: then nothing is known any more. One that holds on
from the hour before counts for the bounds and the mean, but an hour in which nothing was told is no hour of the metric. Of yes
and no, 1 and 0, the mean is the share of the known time in which it was yes. Pure; the same for the store and for charts.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from wire.metrics import Value

HOUR_MS = 3_600_000
HOLDS_MS = 21 * 60_000
"""Nothing told for this long is a gap: two heartbeats of 600 s, which the shipped profiles have, and some patience."""
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


def amended(kept: Hourly | None, before: Hourly | None, after: Hourly | None) -> Hourly | None:
    """An hour that is kept and of which reports may be gone, with what was told late.

    before, after  what the reports that are still there come to, without what is late and with it: the hour changes by what they
                   differ in. What is gone cannot be looked at again, so that a value that filled a gap may count as held a little
                   longer than it was.
    """
    if kept is None or after is None:
        return kept if after is None else after
    known = before or Hourly(0, 0, kept.low, kept.high, 0.0, kept.last)
    held = min(HOUR_MS, max(0, kept.held_ms + after.held_ms - known.held_ms))
    weight = kept.held_ms + after.held_ms - known.held_ms
    told = kept.mean * kept.held_ms + after.mean * after.held_ms - known.mean * known.held_ms
    low, high = min(kept.low, after.low), max(kept.high, after.high)
    mean = min(high, max(low, told / weight if weight > 0 else kept.mean))
    # The newest value is the newest of the reports that are there, if it was before.
    newest = after.last if before is not None and _is_same(before.last, kept.last) else kept.last
    return Hourly(kept.times + after.times - known.times, held, low, high, mean, newest)


def _is_same(one: float, two: float) -> bool:
    """But for the digits that are not kept."""
    return abs(one - two) <= 1e-6 * max(abs(one), abs(two))


def _joined(one: Hourly, two: Hourly) -> Hourly:
    held = one.held_ms + two.held_ms
    mean = (one.mean * one.held_ms + two.mean * two.held_ms) / held if held else two.mean
    return Hourly(one.times + two.times, held, min(one.low, two.low), max(one.high, two.high), mean, two.last)
