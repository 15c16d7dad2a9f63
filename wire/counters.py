"""seq and bdSeq: counters that run from 0 to 255 and wrap."""

MODULUS = 256


def following(number: int) -> int:
    """The number after `number`."""
    return (number + 1) % MODULUS


def missing(expected: int, got: int) -> int:
    """How many messages are missing when `got` came where `expected` was due: 0 for none."""
    return (got - expected) % MODULUS
