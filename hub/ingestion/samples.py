"""One metric of a message becomes a sample that can be kept: finite, of a bearable size, at a credible time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from hub.ingestion.reasons import Reason
from wire.metrics import DataType, Metric, Value

Refuse = Callable[[Reason], None]
MAX_NAME = 300
MAX_TEXT = 4096
MAX_METRICS = 1000
EARLIEST = 1_577_836_800_000
"""2020-01-01: before that there was none of this, only clocks that had not been set."""
AHEAD_AT_MOST = 86_400_000


@dataclass(frozen=True, slots=True)
class Timed:
    """A value that can be kept, and its own time, ms."""

    name: str
    value: Value
    datatype: DataType
    t: int


def usable(metric: Metric, fallback: int | None, at: int, refuse: Refuse) -> Timed | None:
    """The metric, which has its name and datatype, or None where it cannot be kept.

    fallback  the message's own time, for a metric without one
    at        the hub's clock; it stands in for a time that cannot be true, so that the report is kept all the same
    """
    if metric.name is None or metric.datatype is None:
        refuse(Reason.UNKNOWN_ALIAS)
        return None
    if not _bearable(metric.name, MAX_NAME) or (
        isinstance(metric.value, str) and not _bearable(metric.value, MAX_TEXT)
    ):
        refuse(Reason.TEXT)
        return None
    if isinstance(metric.value, float) and not isfinite(metric.value):
        refuse(Reason.NOT_FINITE)
        return None
    return Timed(metric.name, metric.value, metric.datatype, credible(metric.timestamp, fallback, at, refuse))


def credible(own: int | None, fallback: int | None, at: int, refuse: Refuse) -> int:
    """The first of these times that is given, if it can be true; else `at`."""
    t = fallback if own is None else own
    if t is None:
        return at
    if EARLIEST <= t <= at + AHEAD_AT_MOST:
        return t
    refuse(Reason.TIMESTAMP)
    return at


def _bearable(text: str, limit: int) -> bool:
    # PostgreSQL keeps no zero character in a text.
    return len(text) <= limit and "\0" not in text
