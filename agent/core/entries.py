"""A report as the journal keeps it: complete in itself, so that it can still be sent when profiles have changed.

The bytes are a device key and a Sparkplug payload that names its metrics and their datatypes. Where and when entries are
kept or sent is decided elsewhere.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from agent.core.readings import Report
from wire import metrics, payloads
from wire.errors import WireError
from wire.losses import Loss
from wire.metrics import DataType, Metric, Value

MAX_KEY_BYTES = 255


@dataclass(frozen=True, slots=True)
class Entry:
    """`device` None is the node itself; `t` is when it was read; every metric has name, datatype and timestamp."""

    device: str | None
    t: int
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that is safe in the journal, under this offset."""

    offset: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a journal stands.

    oldest     the first offset that it still holds; newest + 1 when it holds none
    newest     the last offset that it gave; 0 before the first
    acked      all up to here are committed in the hub's database
    published  all up to here were handed to a broker at least once
    bd_seq     of the last CONNECT, or None before the first
    lost       what it, or one before it, held and can never send; the newest last
    """

    epoch: str
    oldest: int
    newest: int
    acked: int
    published: int
    bd_seq: int | None
    lost: tuple[Loss, ...] = ()


def entry_of(report: Report, datatypes: Mapping[str, DataType]) -> Entry:
    """The report with the datatypes of its metrics. A value that is none of its datatype is one that could not be read."""
    told = tuple(
        Metric(name, fitting(value, datatypes[name]), datatypes[name], timestamp=report.t)
        for name, value in report.readings
        if name in datatypes
    )
    return Entry(report.device, report.t, told)


def fitting(value: Value, datatype: DataType) -> Value:
    """`value` if it is a good one of this datatype, else None."""
    try:
        value = metrics.fitted(value, datatype)
    except WireError:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def pack(entry: Entry) -> bytes:
    key = (entry.device or "").encode()
    if len(key) > MAX_KEY_BYTES:
        raise ValueError(f"{len(key)} bytes are too many for a device key")
    # Nearly all were read when the report says; the few others say when.
    told = [each._replace(timestamp=None) if each.timestamp == entry.t else each for each in entry.metrics]
    return bytes([len(key)]) + key + payloads.encode(told, timestamp=entry.t)


def unpack(data: bytes) -> Entry:
    """Raises WireError or ValueError for anything that `pack` did not write."""
    size = data[0] if data else 0
    key = data[1 : 1 + size].decode()
    payload = payloads.decode(data[1 + size :])
    if payload.timestamp is None or payload.refused or not payload.metrics:
        raise ValueError("not an entry")
    if any(metric.name is None or metric.datatype is None for metric in payload.metrics):
        raise ValueError("an entry names its metrics and their datatypes")
    at = payload.timestamp
    told = tuple(each._replace(timestamp=at) if each.timestamp is None else each for each in payload.metrics)
    return Entry(key or None, at, told)
