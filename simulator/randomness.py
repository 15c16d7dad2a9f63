"""Chance that repeats: every decision draws from a stream of its own, so that one more school moves nothing elsewhere."""

import math
from random import Random

NOISE_LENGTH = 16381
"""A prime, so that strides through the table do not fall into step."""


def stream(seed: int, *names: object) -> Random:
    """The stream of random numbers that belongs to `names`."""
    return Random(":".join([str(seed), *map(str, names)]))


def noise_table(seed: int) -> list[float]:
    """Normal deviates, drawn once: a receiver is measured some ten million times."""
    dice = stream(seed, "noise")
    return [dice.gauss(0.0, 1.0) for _ in range(NOISE_LENGTH)]


def poisson(dice: Random, mean: float) -> int:
    """How often something of this mean happens. Knuth's method; large means by the normal distribution."""
    if mean > 30:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count
