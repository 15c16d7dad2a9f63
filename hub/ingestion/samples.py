"""One metric of a message becomes a sample that can be kept: finite, of a bearable size, at a credible time."""

from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

from hub.ingestion.reasons import Reason
from wire.metrics import DataType, Metric, Value

Refuse = Callable[[Reason], None]
MAX_NAME = 300
MAX_TEXT = 4096
MAX_METRICS = 1000
EARLIEST = 1_577_836_800_000
"""2020-01-01: before that there was none of this, only clocks that had not been set."""
AHEAD_AT_MOST = 86_400_000
LARGEST = (1 << 63) - 1
"""What is larger is a negative number that was put into an unsigned field."""


class Timed(NamedTuple):
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
    name, value, datatype = metric.name, metric.value, metric.datatype
    if name is None or datatype is None:
        refuse(Reason.UNKNOWN_ALIAS)
        return None
    # PostgreSQL keeps no zero character in a text.
    if len(name) > MAX_NAME or "\0" in name or (type(value) is str and (len(value) > MAX_TEXT or "\0" in value)):
        refuse(Reason.TEXT)
        return None
    if type(value) is float and not isfinite(value):
        refuse(Reason.NOT_FINITE)
        return None
    if type(value) is int and value > LARGEST:
        refuse(Reason.WRONG_TYPE)
        return None
    return Timed(name, value, datatype, credible(metric.timestamp, fallback, at, refuse))


def credible(own: int | None, fallback: int | None, at: int, refuse: Refuse) -> int:
    """The first of these times that is given, if it can be true; else `at`."""
    t = fallback if own is None else own
    if t is None:
        return at
    if EARLIEST <= t <= at + AHEAD_AT_MOST:
        return t
    refuse(Reason.TIMESTAMP)
    return at
