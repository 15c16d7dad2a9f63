"""Payloads: bytes in, frozen objects out, and back."""

from collections.abc import Iterable
from typing import Any

from google.protobuf.message import DecodeError

from wire.errors import MetricError, PayloadError, PayloadTooLarge
from wire.metrics import DataType, Metric, read_metric, write_value
from wire.schema import new_payload, parse_payload

MAX_PAYLOAD_BYTES = 256 * 1024
BDSEQ = "bdSeq"


class Payload:
    """What one message says. What came is read when it is asked for: most DATA can be read in one go with its session's aliases.

    timestamp  ms since 1970 UTC at which it was sent
    seq        0..255; NDEATH and commands have none
    metrics    those that could be read
    refused    what was wrong with the others, one error each
    unread     the metrics as protobuf has them; None where they did not come that way
    """

    __slots__ = ("_metrics", "_refused", "seq", "timestamp", "unread")

    def __init__(
        self,
        metrics: tuple[Metric, ...] = (),
        timestamp: int | None = None,
        seq: int | None = None,
        refused: tuple[MetricError, ...] = (),
        *,
        unread: Any = None,
    ) -> None:
        self.timestamp, self.seq, self.unread = timestamp, seq, unread
        self._metrics, self._refused = (None if unread is not None else metrics), refused

    @property
    def metrics(self) -> tuple[Metric, ...]:
        if self._metrics is None:
            self._metrics, self._refused = _read(self.unread)
        return self._metrics

    @property
    def refused(self) -> tuple[MetricError, ...]:
        if self._metrics is None:
            self._metrics, self._refused = _read(self.unread)
        return self._refused

    def value(self, name: str) -> object:
        """The value of the first metric of this name, or None."""
        return next((metric.value for metric in self.metrics if metric.name == name), None)


def decode(data: bytes) -> Payload:
    """Read a payload of any message type. Raises PayloadTooLarge and PayloadError; a bad metric spoils only itself."""
    if len(data) > MAX_PAYLOAD_BYTES:
        raise PayloadTooLarge(f"{len(data)} bytes, {MAX_PAYLOAD_BYTES} are allowed")
    try:
        message = parse_payload(data)
    except DecodeError as error:
        raise PayloadError(str(error)) from None
    return Payload(
        timestamp=message.timestamp if message.HasField("timestamp") else None,
        seq=message.seq if message.HasField("seq") else None,
        unread=message.metrics,
    )


def _read(messages: Iterable[Any]) -> tuple[tuple[Metric, ...], tuple[MetricError, ...]]:
    metrics, refused = [], []
    for each in messages:
        try:
            metrics.append(read_metric(each))
        except MetricError as error:
            refused.append(error)
    return tuple(metrics), tuple(refused)


def encode(
    metrics: Iterable[Metric],
    *,
    timestamp: int | None,
    seq: int | None = None,
    datatypes: bool = True,
) -> bytes:
    """Write a payload. A metric with an alias and no name is written by its alias alone.

    `datatypes` False leaves the datatypes out, as DATA and CMD should (tck-id-payloads-metric-datatype-not-req); the metrics
    must have them all the same, because they say how a value is written.
    Raises WrongType for a value that is not of its datatype.
    """
    message = new_payload()
    if timestamp is not None:
        message.timestamp = timestamp
    if seq is not None:
        message.seq = seq
    for metric in metrics:
        _write(message.metrics.add(), metric, datatypes)
    return message.SerializeToString()  # type: ignore[no-any-return]


def _write(into: Any, metric: Metric, with_datatype: bool) -> None:
    if metric.datatype is None:
        raise PayloadError(f"{metric.name or metric.alias}: a metric cannot be written without its datatype")
    if metric.name is not None:
        into.name = metric.name
    if metric.alias is not None:
        into.alias = metric.alias
    if metric.timestamp is not None:
        into.timestamp = metric.timestamp
    if with_datatype:
        into.datatype = metric.datatype
    if metric.is_historical:
        into.is_historical = True
    write_value(into, metric.value, metric.datatype)


def death(bd_seq: int) -> bytes:
    """The NDEATH payload: bdSeq alone, no seq (tck-id-topics-ndeath-payload, tck-id-payloads-ndeath-seq)."""
    return encode([Metric(BDSEQ, bd_seq, DataType.INT64)], timestamp=None)
