"""What the births of this node say: its metrics, their aliases, their present values. And how DATA refers to them.

When a birth is due is decided in agent.core.session.
"""

from collections.abc import Iterable, Mapping
from itertools import count

from agent.core.entries import Entry, Kept, Marks, fitting
from agent.core.readings import Equipment, Poll
from wire import controls, losses
from wire.metrics import DataType, Metric, Value
from wire.payloads import BDSEQ
from wire.vocabulary import BY_KIND, NODE, REACHABLE

KIND, PROFILE, ROOM = "Properties/kind", "Properties/profile", "Properties/room"
_JOURNAL = {
    controls.JOURNAL_EPOCH: DataType.STRING,
    controls.JOURNAL_OLDEST: DataType.UINT64,
    controls.JOURNAL_NEWEST: DataType.UINT64,
    controls.JOURNAL_OFFSET: DataType.UINT64,
    controls.JOURNAL_LOST: DataType.STRING,
}
Scope = str | None


class Births:
    """`scope` is a device key, or None for the node itself.

    Aliases are given once for as long as the program runs: one number per scope and name
    (tck-id-payloads-alias-uniqueness), none for controls and bdSeq.
    """

    def __init__(self, equipment: Iterable[Equipment]) -> None:
        self._datatypes: dict[Scope, dict[str, DataType]] = {None: dict(_JOURNAL)}
        self._values: dict[tuple[Scope, str], tuple[Value, int]] = {}
        self._aliases: dict[tuple[Scope, str], int] = {}
        self._numbers = count(1)
        self._departed: set[str] = set()
        for each in equipment:
            self.declare(each)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(scope for scope in self._datatypes if scope is not None)

    def has_departed(self, device: str) -> bool:
        """Whether it was given up: only old reports tell of it."""
        return device in self._departed

    def datatypes(self, scope: Scope) -> Mapping[str, DataType]:
        """Of the metrics that this scope may report."""
        return self._datatypes.get(scope, {})

    def reachable(self, device: str) -> Value:
        return self._values.get((device, REACHABLE), (None, 0))[0]

    def learn(self, poll: Poll) -> bool:
        """Take what a poll brought; whether a property changed, so that a birth has something new to say."""
        known = self._datatypes.get(poll.device)
        if known is None:
            return False
        if poll.readings.get(REACHABLE) is False:
            self._forget(poll.device, poll.t)
        for name, value in poll.readings.items():
            if name in known:
                self._values[poll.device, name] = (fitting(value, known[name]), poll.t)
        changed = False
        for name, text in (poll.properties or {}).items():
            changed |= self._property(poll.device, name, text, poll.t)
        return changed

    def declare(self, equipment: Equipment) -> None:
        """Births from now on tell of it too."""
        key = equipment.key
        self._departed.discard(key or "")
        vocabulary = NODE if key is None else BY_KIND[equipment.kind]
        known = self._datatypes.setdefault(key, {})
        known.update(_offset())
        known.update((name, vocabulary[name]) for name in equipment.metrics)
        properties = dict(equipment.properties)
        if key is not None:
            known[REACHABLE] = DataType.BOOLEAN
            properties |= {KIND: equipment.kind, PROFILE: equipment.profile}
            properties |= {ROOM: equipment.room} if equipment.room else {}
        for name, text in properties.items():
            self._property(key, name, text, None)

    def rearrange(self, gone: Iterable[str], equipment: Iterable[Equipment]) -> None:
        """These are given up; those are new, or are something else than before: what was known of them is forgotten."""
        for device in gone:
            self.give_up(device)
        for each in equipment:
            if each.key is not None:
                self.give_up(each.key)
            self.declare(each)

    def give_up(self, device: str) -> None:
        """Births from now on tell nothing of it. Its aliases stay its own."""
        self._departed.add(device)
        self._datatypes.pop(device, None)
        for scope, name in [key for key in self._values if key[0] == device]:
            del self._values[scope, name]

    def adopt(self, entry: Entry) -> bool:
        """Make room for an old report's metrics that this configuration no longer knows; whether there were any."""
        known = self._datatypes.get(entry.device)
        is_unknown = known is None
        if known is None:
            known = self._datatypes[entry.device] = {REACHABLE: DataType.BOOLEAN, **_offset()}
        strange = {metric.name: metric.datatype for metric in entry.metrics if metric.name not in known}
        known.update((name, kind) for name, kind in strange.items() if name is not None and kind is not None)
        return is_unknown or bool(strange)

    def node(self, now: int, bd_seq: int, marks: Marks) -> list[Metric]:
        """The metrics of an NBIRTH; those without a value say so."""
        journal: dict[str, Value] = {
            controls.JOURNAL_EPOCH: marks.epoch,
            controls.JOURNAL_OLDEST: marks.oldest,
            controls.JOURNAL_NEWEST: marks.newest,
            controls.JOURNAL_LOST: losses.encode(marks.lost),
        }
        told = [self._told(None, name, now, journal.get(name)) for name in self._datatypes[None]]
        session = [Metric(BDSEQ, bd_seq, DataType.INT64, timestamp=now), *controls.declarations(now)]
        return _in_time_order([*session, *told])

    def device(self, key: str, now: int) -> list[Metric]:
        """The metrics of a DBIRTH; those without a value say so."""
        return _in_time_order(self._told(key, name, now, None) for name in self._datatypes[key])

    def data(self, kept: Kept, *, historical: bool) -> list[Metric]:
        """A report's metrics by alias, its offset first."""
        entry = kept.entry
        offset = Metric(controls.JOURNAL_OFFSET, kept.offset, DataType.UINT64, timestamp=entry.t)
        return [
            Metric(None, metric.value, metric.datatype, metric.timestamp, self._alias(entry.device, name), historical)
            for metric in (offset, *entry.metrics)
            if (name := metric.name) is not None
        ]

    def _property(self, scope: Scope, name: str, text: str, t: int | None) -> bool:
        before = self._values.get((scope, name), (None, None))
        if before[0] == text:
            return False
        self._datatypes[scope][name] = DataType.STRING
        self._values[scope, name] = (text, t or 0)
        return True

    def _forget(self, device: Scope, t: int) -> None:
        """A device that is gone has no present values; what it is stays known."""
        for name in self._datatypes[device]:
            if not name.startswith("Properties/"):
                self._values[device, name] = (None, t)

    def _told(self, scope: Scope, name: str, now: int, value: Value) -> Metric:
        """A value that was known before the first poll stands for now."""
        read, t = self._values.get((scope, name), (value, 0))
        return Metric(name, read, self._datatypes[scope][name], t or now, self._alias(scope, name))

    def _alias(self, scope: Scope, name: str) -> int:
        alias = self._aliases.get((scope, name))
        if alias is None:
            alias = self._aliases[scope, name] = next(self._numbers)
        return alias


def _offset() -> dict[str, DataType]:
    return {controls.JOURNAL_OFFSET: DataType.UINT64}


def _in_time_order(metrics: Iterable[Metric]) -> list[Metric]:
    """tck-id-operational-behavior-data-publish-nbirth-order, -dbirth-order."""
    return sorted(metrics, key=lambda metric: metric.timestamp or 0)
