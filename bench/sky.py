"""The carrier-to-noise ratio at the dish: a slow wobble in clear sky, and a shower that comes and goes.

Time is a value, in ms; what a receiver makes of the figure is left to room.py.
"""

from math import pi, sin

WOBBLE_DB = 0.25
# Three periods without a common multiple within a school day: steady to the eye, never quite the same twice.
PERIODS_MS = (47_000, 131_000, 613_000)


def wobble_db(now: int) -> float:
    """What clear sky adds or takes: within ±WOBBLE_DB, and never more than about a tenth of a dB in a second."""
    return WOBBLE_DB * sum(sin(2 * pi * now / period) for period in PERIODS_MS) / len(PERIODS_MS)


def shower_db(elapsed_ms: int, length_ms: float, depth_db: float) -> float:
    """What a shower takes, so long after its first drop: it swells, is unsteady, and ebbs away."""
    if not 0 <= elapsed_ms < length_ms:
        return 0.0
    swell = sin(pi * elapsed_ms / length_ms) ** 2
    gust = 0.85 + 0.15 * sin(2 * pi * elapsed_ms / (length_ms / 9))
    return depth_db * swell * gust
