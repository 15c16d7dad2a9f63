"""What the nodes would have sent: a recording knows no sequence numbers, no bdSeq, and often begins in the middle of a session.

A node that speaks without a session is given one. History that is told while a node is away came with its next birth. Data goes
past the sessions: it is of one, by the order of the lines, and a line says all that a message would have to be decoded for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report
from hub.ingestion.facts import ReportMade
from hub.ingestion.messages import Message
from hub.replay.lines import DATA, Line, Said
from hub.replay.values import BOOKKEEPING, typed
from wire.counters import following
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, Payload
from wire.topics import MessageType

Told = Message | ReportMade

_new = tuple.__new__
"""Makes a named tuple of a tuple, without a look at its fields: millions are made."""
_KINDS = {kind.value: kind for kind in MessageType}
PROPERTIES = "Properties/"


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

    def speak(self, line: Line) -> list[Told]:
        """What its node sent then: nothing, where it waits for a birth; several messages where one has to be made up."""
        voice = self._voices.get(line.node)
        if voice is None:
            voice = self._voices[line.node] = _Voice(NodeKey(self._group, line.node))
        tell = _TELL.get(line.said.kind, _said)
        if voice.live or tell is not _said:
            return tell(voice, line)
        if voice.died_at is not None and (line.said.historical or line.at <= voice.died_at):
            voice.held.append(line)
            return []
        return [*_begin(voice, line, ()), *_said(voice, line)]

    @property
    def unheard(self) -> int:
        """Lines of nodes that went away and were not born again: a hub has not had them."""
        return sum(len(voice.held) for voice in self._voices.values())


def _said(voice: _Voice, line: Line) -> list[Told]:
    at, _, _, (t, kind, _, device, _, historical, samples), _ = line
    if kind in DATA:
        return [_new(ReportMade, (_new(Report, (voice.device(device), "", 0, t, samples)), historical, at))]
    voice.seq = following(voice.seq)
    if kind == "DDEATH":
        return [Message(voice.key, MessageType.DDEATH, device, Payload(seq=voice.seq), at, plain=True)]
    return [_message(voice, line, _metrics(line.said), voice.seq)]


def _birth(voice: _Voice, line: Line) -> list[Told]:
    metrics = _metrics(line.said)
    voice.properties = tuple(each for each in metrics if (each.name or "").startswith(PROPERTIES))
    return _begin(voice, line, metrics)


def _begin(voice: _Voice, line: Line, metrics: Iterable[Metric]) -> list[Told]:
    """Begin a session, with what waited for it."""
    metrics = tuple(metrics) or voice.properties
    number = _bd_seq(metrics)
    voice.bd_seq = following(voice.bd_seq) if number is None else number
    voice.live, voice.seq = True, 0
    declared = metrics if number is not None else (_bd_seq_metric(voice.bd_seq), *metrics)
    birth = Message(voice.key, MessageType.NBIRTH, None, Payload(declared, line.said.t, 0), line.at, plain=True)
    held, voice.held = voice.held, []
    return [birth, *(message for each in held for message in _said(voice, each._replace(at=line.at)))]


def _death(voice: _Voice, line: Line) -> list[Told]:
    """Of the session that it has. One that names another session is left to the hub to see through."""
    metrics = _metrics(line.said)
    number = _bd_seq(metrics)
    if number is None:
        metrics = (_bd_seq_metric(voice.bd_seq), *metrics)
    if number in (None, voice.bd_seq):
        voice.live, voice.died_at = False, line.at
    # What a hub notes of a death is when it heard of it; here that is when it was.
    return [_message(voice, line._replace(at=line.said.t), metrics, None)]


_TELL: Mapping[str, Callable[[_Voice, Line], list[Told]]] = {"NBIRTH": _birth, "NDEATH": _death}


def _message(voice: _Voice, line: Line, metrics: tuple[Metric, ...], seq: int | None) -> Message:
    at, said = line.at, line.said
    return Message(voice.key, _KINDS[said.kind], said.device or None, Payload(metrics, said.t, seq), at, plain=True)


def _metrics(said: Said) -> tuple[Metric, ...]:
    """Those of a birth or death, which are understood as those of live traffic are."""
    return tuple(
        [Metric(name, *typed(name, value)) for name, value in said.metrics if not name.startswith(BOOKKEEPING)]
    )


def _bd_seq(metrics: Iterable[Metric]) -> int | None:
    value = next((metric.value for metric in metrics if metric.name == BDSEQ), None)
    return value if type(value) is int else None


def _bd_seq_metric(number: int) -> Metric:
    return Metric(BDSEQ, number, DataType.INT64)
