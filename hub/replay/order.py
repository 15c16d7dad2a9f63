"""Lines in the order of (at, node, number), however the nodes' lines are mixed in the file.

A recording is in order but for a little: a window puts that right while it streams. A node that tells its history for some
minutes has named nothing newer meanwhile, while others have. What is further off than the window raises OutOfOrder, and the
whole is sorted on disk (sorting.py).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice

from hub.replay.lines import Line

CHUNK = 5_000
"""Lines that are looked at together: so many may be out of order whatever their times."""
MOST = 20_000
"""Lines that wait at most, however wide the window: a large district says more in an hour than memory should hold."""


class OutOfOrder(Exception):
    """A line came behind one that is later by more than the window. `str` names it."""


def ordered(lines: Iterable[Line], window_ms: int, chunk_size: int = CHUNK, most: int = MOST) -> Iterator[Line]:
    """In order. Raises OutOfOrder."""
    lines = iter(lines)
    waiting: list[Line] = []
    bound = newest = 0
    while chunk := list(islice(lines, chunk_size)):
        early = min(chunk)
        if early.at < bound:
            late = next(line for line in chunk if line.at < bound)
            raise OutOfOrder(f"line {late.number} is {(newest - late.at) / 1000:.0f} s behind what came before it")
        waiting += chunk
        waiting.sort()
        newest = waiting[-1].at
        bound = max(bound, newest - window_ms, waiting[-most].at if len(waiting) > most else 0)
        ready = _count_before(waiting, bound)
        yield from waiting[:ready]
        del waiting[:ready]
    yield from waiting


def _count_before(lines: list[Line], bound: int) -> int:
    """How many of the sorted lines are certain to have no other before them: those of an earlier time than any yet to come."""
    return bisect_left(lines, bound, key=_at)


def _at(line: Line) -> int:
    return line.at
