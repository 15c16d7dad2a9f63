"""A message that has its place in the session becomes facts: names and types are resolved, values made fit to be kept."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from hub.core.equipment import HOST, DeviceKey
from hub.core.reports import Report, Sample
from hub.ingestion.claims import LEAP_AT_MOST, claim_in, is_offset
from hub.ingestion.facts import DeviceBorn, DeviceDied, Fact, NodeBorn, NodeDied, ReportMade
from hub.ingestion.messages import Message, Refusal
from hub.ingestion.reasons import Reason
from hub.ingestion.samples import MAX_METRICS, Refuse, Timed, credible, usable
from hub.ingestion.tracker import Session
from hub.ingestion.usual import BOOKKEEPING, as_usual
from wire.aliases import AliasTable
from wire.controls import JOURNAL_OFFSET
from wire.errors import UnknownAlias, WireError, WrongType
from wire.metrics import Metric, Value
from wire.payloads import BDSEQ
from wire.topics import MessageType

_IS_HISTORICAL = attrgetter("is_historical")
_PROPERTIES = "Properties/"
_DATA = (MessageType.NDATA, MessageType.DDATA)


def understand(message: Message, session: Session, refuse: Refuse) -> list[Fact]:
    """What the message says. Raises Refusal for the whole of it; `refuse` counts what is wrong with parts."""
    usual = as_usual(message, session) if message.type in _DATA else None
    if usual is not None:
        return [usual]
    for error in message.payload.refused:
        refuse(Reason(error.reason))
    return _STAGES[message.type](message, session, refuse)


def _node_birth(message: Message, session: Session, refuse: Refuse) -> list[Fact]:
    session.aliases = AliasTable()
    session.devices.clear()
    session.aliases.announce(None, message.payload.metrics)
    claim = claim_in(message.payload, refuse)
    session.epoch, session.newest = (claim.epoch, claim.newest) if claim else (None, 0)
    session.announced(None)
    bd_seq = message.payload.value(BDSEQ)
    if isinstance(bd_seq, bool) or not isinstance(bd_seq, int):
        refuse(Reason.NO_BDSEQ)
        bd_seq = None
    t, properties, samples = _born(message, refuse)
    return [NodeBorn(message.node, message.at, t, properties, samples, claim, bd_seq)]


def _device_birth(message: Message, session: Session, refuse: Refuse) -> list[Fact]:
    device = message.device or ""
    session.aliases.announce(device, message.payload.metrics)
    session.devices.add(device)
    session.announced(device)
    t, properties, samples = _born(message, refuse)
    return [DeviceBorn(message.node, device, message.at, t, properties, samples)]


def _node_death(message: Message, session: Session, _refuse: Refuse) -> list[Fact]:
    session.devices.clear()
    return [NodeDied(message.node, message.at, told=True)]


def _device_death(message: Message, session: Session, refuse: Refuse) -> list[Fact]:
    device = message.device or ""
    if device not in session.devices and not message.plain:
        session.rebirth.want()
        raise Refusal(Reason.BEFORE_BIRTH)
    session.devices.discard(device)
    t = credible(message.payload.timestamp, None, message.at, refuse)
    return [DeviceDied(message.node, device, message.at, t)]


def _data(message: Message, session: Session, refuse: Refuse) -> list[Fact]:
    payload, at = message.payload, message.at
    historical = any(map(_IS_HISTORICAL, payload.metrics))
    known = message.device is None or message.device in session.devices or historical
    if not known:
        session.rebirth.want()
        raise Refusal(Reason.BEFORE_BIRTH)
    metrics = _resolved(message, session, refuse)
    epoch, offset = ("", 0) if session.epoch is None else (session.epoch, _offset(metrics, message, session))
    device = DeviceKey(message.node, message.device or HOST)
    timed = _kept(metrics, message, refuse)
    if not timed:
        return [ReportMade(Report(device, epoch, offset, _empty_at(metrics, message, refuse), {}), historical, at)]
    rounds = [timed] if offset else _rounds(timed)
    return [ReportMade(_report(device, epoch, offset, each), historical, at) for each in rounds]


_STAGES: dict[MessageType, Callable[[Message, Session, Refuse], list[Fact]]] = {
    MessageType.NBIRTH: _node_birth,
    MessageType.DBIRTH: _device_birth,
    MessageType.NDEATH: _node_death,
    MessageType.DDEATH: _device_death,
    MessageType.NDATA: _data,
    MessageType.DDATA: _data,
}


def _born(message: Message, refuse: Refuse) -> tuple[int, dict[str, Value], dict[str, Sample]]:
    """The time of a birth, its properties, without their prefix, and its values.

    Null stays null: it is known that it is not known.
    """
    properties: dict[str, Value] = {}
    samples: dict[str, Sample] = {}
    t = credible(message.payload.timestamp, None, message.at, refuse)
    for timed in _kept(message.payload.metrics, message, refuse):
        if timed.name.startswith(_PROPERTIES):
            properties[timed.name.removeprefix(_PROPERTIES)] = timed.value
        else:
            samples[timed.name] = Sample(timed.value, timed.datatype, None if timed.t == t else timed.t)
    return t, properties, samples


def _resolved(message: Message, session: Session, refuse: Refuse) -> list[Metric]:
    """The metrics with names and types.

    Where a birth may still tell what one is, a journaled report is refused whole, and comes again by replay. What births did not
    tell although they were asked is left out: the rest of the report is as good as any.
    """
    metrics = []
    if any(isinstance(error, WrongType) for error in message.payload.refused):
        session.lacks(message.device, None)
    for metric in message.payload.metrics:
        what = metric.alias if metric.name is None else metric.name
        try:
            metrics.append(_resolve(session.aliases, message.device, metric))
        except UnknownAlias:
            if session.lacks(message.device, what) and session.epoch is not None:
                raise Refusal(Reason.UNKNOWN_ALIAS) from None
            refuse(Reason.UNKNOWN_ALIAS)
        except WireError as error:
            session.lacks(message.device, what)
            refuse(Reason(error.reason))
    return metrics


def _resolve(aliases: AliasTable, device: str | None, metric: Metric) -> Metric:
    try:
        return aliases.resolve(device, metric)
    except UnknownAlias:
        # History may tell of equipment that is there no more: what says itself what it is needs no birth.
        if metric.is_historical and metric.name is not None and metric.datatype is not None:
            return metric
        raise


def _offset(metrics: Iterable[Metric], message: Message, session: Session) -> int:
    """The report's place in its journal. One that is far beyond all others is believed only of a birth."""
    value = next((metric.value for metric in metrics if metric.name == JOURNAL_OFFSET), None)
    if not is_offset(value):
        raise Refusal(Reason.OFFSET)
    offset = int(str(value))
    if offset > session.newest + LEAP_AT_MOST:
        session.lacks(message.device, JOURNAL_OFFSET)
        raise Refusal(Reason.OFFSET)
    session.newest = max(session.newest, offset)
    return offset


def _empty_at(metrics: Iterable[Metric], message: Message, refuse: Refuse) -> int:
    """The time of a report of which nothing is kept."""
    stamp = next((metric.timestamp for metric in metrics if metric.name == JOURNAL_OFFSET), None)
    return credible(stamp, message.payload.timestamp, message.at, refuse)


def _kept(metrics: Iterable[Metric], message: Message, refuse: Refuse) -> list[Timed]:
    kept: list[Timed] = []
    for metric in metrics:
        name = metric.name or ""
        if name.startswith(BOOKKEEPING) or name == BDSEQ:
            continue
        timed = usable(metric, message.payload.timestamp, message.at, refuse)
        if timed is None:
            continue
        if len(kept) >= MAX_METRICS:
            refuse(Reason.TOO_MANY)
        else:
            kept.append(timed)
    return kept


def _rounds(timed: list[Timed]) -> list[list[Timed]]:
    """A node without a journal may put several values of one metric into a message: each round has one of each."""
    if len({each.name for each in timed}) == len(timed):
        return [timed]
    rounds: list[dict[str, Timed]] = []
    for each in timed:
        at = next((one for one in rounds if each.name not in one), None)
        if at is None:
            rounds.append({each.name: each})
        else:
            at[each.name] = each
    return [list(one.values()) for one in rounds]


def _report(device: DeviceKey, epoch: str, offset: int, timed: list[Timed]) -> Report:
    t = max([each.t for each in timed])
    samples = {name: Sample(value, datatype, None if own == t else own) for name, value, datatype, own in timed}
    return Report(device, epoch, offset, t, samples)
