"""What a simulated school computer says, byte by byte: the words of six rooms, in the order in which an agent says them.

Payloads are put together from pieces that were encoded once, for a country of them shares two cores with the hub that it tries;
a test reads them with `wire`. Which births, reports and deaths are said when is the agent's own (agent.core.session).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.core.births import Births
from agent.core.entries import Entry, Kept
from agent.core.messages import Publish
from agent.core.moment import Moment
from agent.core.readings import Poll
from agent.core.voice import Voice
from wire import controls, payloads
from wire.counters import following
from wire.metrics import DataType, Metric, Value
from wire.payloads import BDSEQ
from wire.topics import MessageType

ROOMS = 6
_F, _I, _U, _B, _S = DataType.FLOAT, DataType.INT64, DataType.UINT64, DataType.BOOLEAN, DataType.STRING
Slots = tuple[tuple[str, DataType], ...]
HOST: Slots = (
    *(("host/cpu_pct", _F), ("host/cpu_temp_c", _F), ("host/mem_used_pct", _F), ("host/disk_used_pct", _F)),
    *(("host/uptime_s", _I), ("net/internet", _B), ("net/rtt_ms", _F), ("agent/journal_backlog", _U)),
)
RECEIVER: Slots = (
    *(("device/reachable", _B), ("power/on", _B), ("signal/lock", _B), ("signal/cnr_db", _F)),
    *(("signal/quality_pct", _F), ("signal/strength_dbm", _F), ("tuner/frequency_khz", _I)),
)
TV: Slots = (
    *(("device/reachable", _B), ("power/on", _B), ("input/source", _S), ("input/signal", _B), ("panel/hours", _I)),
)


@dataclass(frozen=True, slots=True)
class Told(Entry):
    """A report as the simulated journal keeps it: which device of the node, and the values of some of its slots."""

    at: int = 0
    values: tuple[tuple[int, Value], ...] = ()


class _Device(NamedTuple):
    """heads  by slot: name, alias and datatype, as a birth says them; aliases: as DATA does; offset: of the journal"""

    key: str | None
    kind: str
    slots: Slots
    heads: tuple[bytes, ...]
    aliases: tuple[bytes, ...]
    offset_head: bytes
    offset_alias: bytes
    properties: bytes


def _varint(number: int) -> bytes:
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits.append(number)
    return bytes(digits)


def _value(value: Value, datatype: DataType) -> bytes:
    if value is None:
        return b"\x38\x01"
    if datatype is _F:
        return b"\x65" + struct.pack("<f", value)
    if datatype is _B:
        return b"\x70" + bytes([bool(value)])
    if datatype is _S:
        text = str(value).encode()
        return b"\x7a" + _varint(len(text)) + text
    return b"\x58" + _varint(int(str(value)))


def _metric(head: bytes, t: bytes, value: bytes) -> bytes:
    body = head + t + value
    return b"\x12" + _varint(len(body)) + body


def _head(name: str, datatype: DataType, alias: int | None) -> bytes:
    told = name.encode()
    by_number = b"" if alias is None else b"\x10" + _varint(alias)
    return b"\x0a" + _varint(len(told)) + told + by_number + b"\x20" + _varint(datatype)


def _made() -> tuple[_Device, ...]:
    """The node's own computer, then the devices of its rooms. Aliases count on over all of them."""
    wanted: list[tuple[str | None, str, str, Slots]] = [(None, "computer", "", HOST)]
    for room in range(1, ROOMS + 1):
        wanted += [(f"p{room}-receiver", "receiver", f"p{room}", RECEIVER), (f"p{room}-tv", "tv", f"p{room}", TV)]
    made, alias = [], 1
    for key, kind, room_name, slots in wanted:
        numbers = range(alias, alias + len(slots))
        offset, alias = alias + len(slots), alias + len(slots) + 1
        properties = {"kind": kind, "room": room_name, "profile": "bench/country"} if key else {"os": "Linux"}
        told = [Metric(f"Properties/{name}", text, _S) for name, text in properties.items()]
        made.append(
            _Device(
                key, kind, slots,
                tuple(_head(name, datatype, number) for (name, datatype), number in zip(slots, numbers, strict=True)),
                tuple(b"\x10" + _varint(number) for number in numbers),
                _head(controls.JOURNAL_OFFSET, _U, offset), b"\x10" + _varint(offset),
                payloads.encode(told, timestamp=None),
            )
        )  # fmt: skip
    return tuple(made)


DEVICES = _made()
_CONTROLS = payloads.encode(
    [Metric(name, None, datatype) for name, datatype in controls.CONTROLS.items()], timestamp=None
)
_EPOCH = _head(controls.JOURNAL_EPOCH, _S, None)
_OLDEST, _NEWEST = _head(controls.JOURNAL_OLDEST, _U, None), _head(controls.JOURNAL_NEWEST, _U, None)
_BDSEQ = _head(BDSEQ, _I, None)


class Known(Births):
    """In place of what an agent knows of its devices: the values stand in `Speech`."""

    def __init__(self) -> None:
        super().__init__(())

    def learn(self, _poll: Poll) -> bool:
        return False


class Speech(Voice):
    """In place of the agent's voice: says the same, in less time. `current`: by device, the values of its slots."""

    def __init__(self, group: str, node: str, epoch: str) -> None:
        super().__init__(group, node, Known(), lambda: None)  # type: ignore[arg-type, return-value]
        self.current: list[list[Value]] = [[None] * len(device.slots) for device in DEVICES]
        self.newest, self._journal, self._next = 0, epoch, 0
        self._topics = (f"spBv1.0/{group}/", f"/{node}")

    def be_born(self, now: Moment, bd_seq: int) -> Iterator[Publish]:
        self._next, t = 0, _time(now.utc)
        journal = _metric(_EPOCH, t, _value(self._journal, _S)) + _metric(_OLDEST, t, _value(1, _U))
        journal += _metric(_NEWEST, t, _value(self.newest, _U)) + _metric(_BDSEQ, t, _value(bd_seq, _I))
        yield self._birth(0, t, journal + _CONTROLS)
        for at in range(1, len(DEVICES)):
            yield self._birth(at, t, b"")

    def live(self, kept: Kept, now: Moment) -> Iterator[Publish]:
        yield self._report(kept, now, b"")

    def history(self, kept: Kept, now: Moment) -> Iterator[Publish]:
        yield self._report(kept, now, b"\x28\x01")

    def topic(self, kind: MessageType, device: str | None = None) -> str:
        before, after = self._topics
        return f"{before}{kind.value}{after}/{device}" if device else f"{before}{kind.value}{after}"

    def _birth(self, at: int, t: bytes, further: bytes) -> Publish:
        device = DEVICES[at]
        told = [
            _metric(head, t, _value(value, datatype))
            for head, value, (_, datatype) in zip(device.heads, self.current[at], device.slots, strict=True)
        ]
        told.append(_metric(device.offset_head, t, b"\x38\x01"))
        kind = MessageType.DBIRTH if device.key else MessageType.NBIRTH
        return self._said(kind, device, t, b"".join(told) + further + device.properties)

    def _report(self, kept: Kept, now: Moment, historical: bytes) -> Publish:
        entry = kept.entry
        assert isinstance(entry, Told)
        device, t = DEVICES[entry.at], _time(entry.t) + historical
        told = [_metric(device.offset_alias, t, _value(kept.offset, _U))]
        told += [_metric(device.aliases[slot], t, _value(value, device.slots[slot][1])) for slot, value in entry.values]
        kind = MessageType.DDATA if device.key else MessageType.NDATA
        return self._said(kind, device, _time(now.utc), b"".join(told))

    def _said(self, kind: MessageType, device: _Device, t: bytes, metrics: bytes) -> Publish:
        # Field 1 of a payload is its time, as field 3 of a metric is that one's.
        body = b"\x08" + t[1:] + metrics + b"\x18" + _varint(self._next)
        self._next = following(self._next)
        return Publish(self.topic(kind, device.key), body)


def _time(utc: int) -> bytes:
    return b"\x18" + _varint(utc)


def whole(values: Sequence[Value]) -> tuple[tuple[int, Value], ...]:
    """All slots of a device that are known."""
    return tuple((slot, value) for slot, value in enumerate(values) if value is not None)
