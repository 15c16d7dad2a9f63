"""What the nodes would have sent: a recording knows no sequence numbers, no bdSeq, and often begins in the middle of a session.

A node that speaks without a session is given one. History that is told while a node is away came with its next birth.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.ingestion.messages import Message
from hub.replay.lines import Line, Said
from wire.counters import MODULUS, following
from wire.metrics import DataType, Metric, Value
from wire.payloads import BDSEQ, Payload
from wire.topics import MessageType
from wire.vocabulary import BY_KIND, NODE

_TYPES: Mapping[str, DataType] = {
    **{name: datatype for metrics in BY_KIND.values() for name, datatype in metrics.items()},
    **NODE,
}
_BY_VALUE: Mapping[type, DataType] = {
    bool: DataType.BOOLEAN,
    int: DataType.INT64,
    float: DataType.DOUBLE,
    str: DataType.STRING,
    type(None): DataType.DOUBLE,
}
_PLAIN = {DataType.BOOLEAN: bool, DataType.FLOAT: float, DataType.DOUBLE: float, DataType.STRING: str}
_AS_IT_IS: Mapping[tuple[str, type], DataType] = {
    **{(name, _PLAIN.get(datatype, int)): datatype for name, datatype in _TYPES.items()},
    **{(name, type(None)): datatype for name, datatype in _TYPES.items()},
}
"""Most values need no second look. JSON has no whole numbers beyond 64 bits, and the store takes all below."""
_new = tuple.__new__
"""Makes a named tuple of a tuple, without a look at its fields: millions are made."""
_NUMBERED = tuple(Payload(seq=seq) for seq in range(MODULUS))
"""Of data nothing is asked of the payload but its number: the report says all."""
_KINDS = {kind.value: kind for kind in MessageType}
_INT32, _INT64 = 1 << 31, 1 << 63
PROPERTIES = "Properties/"
BOOKKEEPING = ("Node Control/", "Device Control/", "Journal/", "node/")
"""Metrics between node and hub. Those of a recorded journal are dropped: its reports are numbered anew, in their order."""


@dataclass(slots=True)
class _Voice:
    """One node, as it has spoken so far.

    live        it is in session
    died_at     when it last went out of one
    properties  of its last birth: a session that is made up has the same
    held        lines that came while it was away
    """

    key: NodeKey
    live: bool = False
    died_at: int | None = None
    bd_seq: int = 0
    seq: int = 0
    properties: tuple[Metric, ...] = ()
    held: list[Line] = field(default_factory=list)
    devices: dict[str, DeviceKey] = field(default_factory=dict)

    def device(self, name: str) -> DeviceKey:
        key = self.devices.get(name)
        if key is None:
            key = self.devices[name] = DeviceKey(self.key, name)
        return key


class Voices:
    """The nodes of one district."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._voices: dict[str, _Voice] = {}

    def speak(self, line: Line) -> list[Message]:
        """What its node sent then: nothing, where it waits for a birth; several messages where one has to be made up."""
        voice = self._voices.get(line.node)
        if voice is None:
            voice = self._voices[line.node] = _Voice(NodeKey(self._group, line.node))
        tell = _TELL.get(line.said.kind, _data)
        if voice.live or tell is not _data:
            return tell(voice, line)
        if voice.died_at is not None and (line.said.historical or line.at <= voice.died_at):
            voice.held.append(line)
            return []
        return [*_begin(voice, line, ()), *_data(voice, line)]

    @property
    def unheard(self) -> int:
        """Lines of nodes that went away and were not born again: a hub has not had them."""
        return sum(len(voice.held) for voice in self._voices.values())


def _data(voice: _Voice, line: Line) -> list[Message]:
    at, _, _, said = line
    t, kind, _, device, _, historical = said
    voice.seq = following(voice.seq)
    if kind == "DBIRTH":
        return [_message(voice, line, _metrics(said), voice.seq)]
    payload = _NUMBERED[voice.seq]
    report = None if kind == "DDEATH" else _new(Report, (voice.device(device), "", 0, t, _samples(said)))
    return [_new(Message, (voice.key, _KINDS[kind], device or None, payload, at, True, report, historical))]


def _birth(voice: _Voice, line: Line) -> list[Message]:
    metrics = _metrics(line.said)
    voice.properties = tuple(each for each in metrics if (each.name or "").startswith(PROPERTIES))
    return _begin(voice, line, metrics)


def _begin(voice: _Voice, line: Line, metrics: Iterable[Metric]) -> list[Message]:
    """Begin a session, with what waited for it."""
    metrics = tuple(metrics) or voice.properties
    number = _bd_seq(metrics)
    voice.bd_seq = following(voice.bd_seq) if number is None else number
    voice.live, voice.seq = True, 0
    declared = metrics if number is not None else (_bd_seq_metric(voice.bd_seq), *metrics)
    birth = Message(voice.key, MessageType.NBIRTH, None, Payload(declared, line.said.t, 0), line.at, plain=True)
    held, voice.held = voice.held, []
    return [birth, *(message for each in held for message in _data(voice, each._replace(at=line.at)))]


def _death(voice: _Voice, line: Line) -> list[Message]:
    """Of the session that it has. One that names another session is left to the hub to see through."""
    metrics = _metrics(line.said)
    number = _bd_seq(metrics)
    if number is None:
        metrics = (_bd_seq_metric(voice.bd_seq), *metrics)
    if number in (None, voice.bd_seq):
        voice.live, voice.died_at = False, line.at
    # What a hub notes of a death is when it heard of it; here that is when it was.
    return [_message(voice, line._replace(at=line.said.t), metrics, None)]


_TELL: Mapping[str, Callable[[_Voice, Line], list[Message]]] = {"NBIRTH": _birth, "NDEATH": _death}


def _message(voice: _Voice, line: Line, metrics: tuple[Metric, ...], seq: int | None) -> Message:
    at, _, _, said = line
    return Message(voice.key, _KINDS[said.kind], said.device or None, Payload(metrics, said.t, seq), at, plain=True)


def _metrics(said: Said) -> tuple[Metric, ...]:
    """Those of a birth or death, which are understood as those of live traffic are."""
    return tuple(
        [Metric(name, *typed(name, value)) for name, value in said.metrics if not name.startswith(BOOKKEEPING)]
    )


def _samples(said: Said) -> dict[str, Sample]:
    """Those of data, of which there are a hundred times as many."""
    samples = {}
    for name, value in said.metrics:
        datatype = _AS_IT_IS.get((name, type(value)))
        if datatype is not None:
            samples[name] = _new(Sample, (value, datatype, None))
        elif not name.startswith(BOOKKEEPING) and name != BDSEQ:
            samples[name] = Sample(*typed(name, value))
    return samples


def typed(name: str, value: Value) -> tuple[Value, DataType]:
    """The value as its metric has it, by the vocabulary where it fits, else as it stands."""
    datatype = _AS_IT_IS.get((name, type(value)))
    if datatype is not None:
        return value, datatype
    datatype = _TYPES.get(name)
    if datatype is not None:
        fitting = _FITTING[datatype](value)
        if fitting is not None:
            return fitting, datatype
    if type(value) is int and not -_INT64 <= value < _INT64:
        value = float(value)
    return value, _BY_VALUE[type(value)]


def _float(value: Value) -> Value:
    return float(value) if type(value) is float or type(value) is int else None


def _whole(low: int, high: int) -> Callable[[Value], Value]:
    def fitting(value: Value) -> Value:
        if type(value) is float and value.is_integer():
            value = int(value)
        return value if type(value) is int and low <= value < high else None

    return fitting


_FITTING: Mapping[DataType, Callable[[Value], Value]] = {
    DataType.FLOAT: _float,
    DataType.DOUBLE: _float,
    DataType.BOOLEAN: lambda value: bool(value) if value in (0, 1) else None,
    DataType.STRING: lambda value: value if type(value) is str else None,
    DataType.INT64: _whole(-_INT64, _INT64),
    DataType.UINT64: _whole(0, _INT64),
    DataType.INT32: _whole(-_INT32, _INT32),
}


def _bd_seq(metrics: Iterable[Metric]) -> int | None:
    value = next((metric.value for metric in metrics if metric.name == BDSEQ), None)
    return value if type(value) is int else None


def _bd_seq_metric(number: int) -> Metric:
    return Metric(BDSEQ, number, DataType.INT64)
