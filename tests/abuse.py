"""How much of it is tried. Each run of all tests tries little; `make abuse` tries many times as much, with a seed of its own."""

import os

_TIMES, _SEED = int(os.environ.get("DLTV_ABUSE", "1")), int(os.environ.get("DLTV_ABUSE_SEED", "1"))


def times(examples: int) -> int:
    """So many examples, as often as is asked for."""
    return examples * _TIMES


def seeds() -> range:
    """One for each time."""
    return range(_SEED, _SEED + _TIMES)
