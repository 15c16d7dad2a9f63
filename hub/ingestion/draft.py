"""Facts applied to the fleet: what one transaction is going to change. Nothing of it holds before it is committed.

Births and deaths are reports as well, in the journal that the hub makes for each node (OURS).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.reports import ONLINE, OURS, Report, Sample
from hub.ingestion.facts import DeviceBorn, DeviceDied, Fact, JournalClaim, NodeBorn, NodeDied, NodeUnseen, ReportMade
from hub.ingestion.fleet import Batch, DeviceState, Fleet, NodeState
from hub.ingestion.fleet import JournalState as Journal
from hub.ingestion.journal_draft import JournalDraft
from wire.metrics import DataType, Value
from wire.vocabulary import KINDS, REACHABLE

Holds = Callable[[Report], bool]
"""Whether the database has a report of the same device, time and values."""
_MAX_PROPERTY = 200
_MAX_METRICS = 1000
_new = tuple.__new__
_YES, _NO = Sample(True, DataType.BOOLEAN), Sample(False, DataType.BOOLEAN)


class Draft:
    """A batch in the making."""

    def __init__(self, fleet: Fleet, holds: Holds) -> None:
        self._fleet, self._holds = fleet, holds
        self._nodes: dict[NodeKey, NodeState] = {}
        self._heard: dict[NodeKey, int] = {}
        self._devices: dict[NodeKey, dict[str, DeviceState]] = {}
        self._latest: dict[DeviceKey, dict[str, tuple[Value, int]]] = {}
        self._journals: dict[NodeKey, dict[str, JournalDraft]] = {}
        self._numbering: dict[NodeKey, JournalDraft] = {}
        self._unnumbered: set[tuple[DeviceKey, int, tuple[tuple[str, Sample], ...]]] = set()
        self._reports: list[Report] = []
        self._lost = 0
        self.duplicates = 0

    def apply(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            _APPLY[type(fact)](self, fact)

    def batch(self) -> Batch:
        """All changes so far."""
        heard = {key: t for key, t in self._heard.items() if key not in self._nodes}
        nodes = {key: each._replace(heard_at=self._heard.get(key, each.heard_at)) for key, each in self._nodes.items()}
        # Nearly all births say but what is known: then only the newest values are written.
        devices = {key: each for key, each in self._put_devices() if each != self._known(key)}
        latest = {}
        for key, told in self._latest.items():
            if key in devices:
                devices[key] = devices[key]._replace(latest=told)
            elif self._fleet.watched:
                latest[key] = told
        journals = {(node, uuid): each.state() for node, here in self._journals.items() for uuid, each in here.items()}
        return Batch(nodes, devices, journals, tuple(self._reports), self._lost, latest, heard)

    def node_born(self, fact: NodeBorn) -> None:
        before = self._node(fact.node)
        since = before.status_since if before is not None and before.online else fact.at
        self._nodes[fact.node] = NodeState(True, since, before.heard_at if before else None, fact.properties)
        self._all_stale(fact.node, fact.at)
        host = DeviceKey(fact.node, HOST)
        self._born(host, fact.properties, "computer")
        self._tell(host, fact.t, fact.at, {**fact.samples, ONLINE: _YES}, fact.samples)
        if fact.journal is not None:
            self._claim(fact.node, fact.journal, fact.at)

    def device_born(self, fact: DeviceBorn) -> None:
        key = DeviceKey(fact.node, fact.device)
        self._born(key, fact.properties, None)
        self._tell(key, fact.t, fact.at, {REACHABLE: _YES, **fact.samples}, fact.samples)

    def report_made(self, fact: ReportMade) -> None:
        report, historical, at = fact
        device, epoch, offset, t, samples = report
        node = device.node
        if offset:
            is_new = self._journal(node, epoch, at).take(offset)
        else:
            is_new = not (historical and self._was_told(report))
            if is_new:
                report = _new(Report, (device, OURS, self._ours(node, at).take_next(), t, samples))
        if not is_new:
            self.duplicates += 1
            return
        self._reports.append(report)
        newest = self._latest.get(device)
        if newest is None:
            newest = self._newest(device)
        if self._fleet.watched:
            _note(newest, t, samples, historical=historical)
        heard = self._heard.get(node)
        if heard is None:
            self._hear(node, t, at)
        elif t > heard:
            self._heard[node] = t

    def node_died(self, fact: NodeDied) -> None:
        """tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline"""
        node = self._node(fact.node)
        if node is not None and node.online:
            self._nodes[fact.node] = node._replace(online=False, status_since=fact.at)
            self._all_stale(fact.node, fact.at)
            self._report(DeviceKey(fact.node, HOST), fact.at, fact.at, {ONLINE: _NO})

    def node_unseen(self, fact: NodeUnseen) -> None:
        """Said of the node alone: with a hub's start it is true of all at once, and they have a hundred thousand devices."""
        node = self._node(fact.node)
        if node is not None and node.online and node.unseen_since is None:
            self._nodes[fact.node] = node._replace(unseen_since=fact.at)

    def device_died(self, fact: DeviceDied) -> None:
        """tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline"""
        key = DeviceKey(fact.node, fact.device)
        if self._device(key) is not None:
            self._stale(key, fact.t)
            self._report(key, fact.t, fact.at, {REACHABLE: _NO})

    def _node(self, key: NodeKey) -> NodeState | None:
        return self._nodes.get(key) or self._fleet.nodes.get(key)

    def _device(self, key: DeviceKey) -> DeviceState | None:
        return self._devices.get(key.node, {}).get(key.device) or self._known(key)

    def _known(self, key: DeviceKey) -> DeviceState | None:
        return self._fleet.devices.get(key.node, {}).get(key.device)

    def _put_devices(self) -> Iterator[tuple[DeviceKey, DeviceState]]:
        return ((DeviceKey(node, key), each) for node, here in self._devices.items() for key, each in here.items())

    def _put(self, key: DeviceKey, device: DeviceState) -> None:
        self._devices.setdefault(key.node, {})[key.device] = device

    def _journal(self, node: NodeKey, uuid: str, at: int) -> JournalDraft:
        here = self._journals.get(node)
        if here is None:
            here = self._journals[node] = {}
        draft = here.get(uuid)
        if draft is None:
            journal = self._fleet.journals.get(node, {}).get(uuid) or Journal(first_seen=at)
            draft = here[uuid] = JournalDraft.of(journal)
        return draft

    def _ours(self, node: NodeKey, at: int) -> JournalDraft:
        """The journal that the hub makes for it."""
        journal = self._numbering.get(node)
        if journal is None:
            journal = self._numbering[node] = self._journal(node, OURS, at)
        return journal

    def _hear(self, key: NodeKey, t: int, at: int) -> None:
        heard = self._heard.get(key)
        if heard is None:
            node = self._nodes.get(key) or self._fleet.nodes.get(key)
            if node is None:
                node = self._nodes[key] = NodeState(False, at, None, {})
            heard = node.heard_at
        if heard is None or t > heard:
            self._heard[key] = t

    def _all_stale(self, node: NodeKey, since: int) -> None:
        for device in {**self._fleet.devices.get(node, {}), **self._devices.get(node, {})}:
            self._stale(DeviceKey(node, device), since)

    def _stale(self, key: DeviceKey, since: int) -> None:
        device = self._device(key)
        if device is not None and not device.stale:
            self._put(key, device._replace(stale=True, stale_since=since))

    def _born(self, key: DeviceKey, properties: Mapping[str, Value], kind: str | None) -> None:
        """What the register says of a device stands over what the device says."""
        told = {**properties, **self._fleet.register.get(key, {})}
        kind = kind or _short(told.get("kind"))
        before = self._device(key) or DeviceState("other")
        born = before._replace(
            kind=kind if kind in KINDS else "other",
            profile=_short(told.get("profile")),
            room=_short(told.get("room")),
            properties=told,
            stale=False,
            stale_since=None,
        )
        self._put(key, born)

    def _tell(self, key: DeviceKey, t: int, at: int, samples: Mapping[str, Sample], own: Mapping[str, Sample]) -> None:
        """A birth: a report, and the newest values of what the device said itself."""
        self._report(key, t, at, samples)
        newest = self._newest(key)
        if self._fleet.watched:
            newest.update({name: (each.value, t if each.t is None else each.t) for name, each in own.items()})
        self._hear(key.node, t, at)

    def _report(self, key: DeviceKey, t: int, at: int, samples: Mapping[str, Sample]) -> None:
        """A report of ours."""
        offset = self._ours(key.node, at).take_next()
        self._reports.append(Report(key, OURS, offset, t, samples))

    def _newest(self, key: DeviceKey) -> dict[str, tuple[Value, int]]:
        """The newest values of a device, to be written into."""
        newest = self._latest.get(key)
        if newest is None:
            device = self._device(key)
            if device is None:
                device = DeviceState("other")
                self._put(key, device)
            newest = self._latest[key] = dict(device.latest)
        return newest

    def _was_told(self, report: Report) -> bool:
        """Whether this history of a node without a journal was delivered before."""
        mark = (report.device, report.t, tuple(report.samples.items()))
        if mark in self._unnumbered or (self._may_be_there(report) and self._holds(report)):
            return True
        self._unnumbered.add(mark)
        return False

    def _may_be_there(self, report: Report) -> bool:
        """Not where its time is newer than any that the node has named."""
        node = self._node(report.device.node)
        heard = self._heard.get(report.device.node, node.heard_at if node else None)
        return heard is not None and report.t <= heard

    def _claim(self, node: NodeKey, claim: JournalClaim, at: int) -> None:
        """What an earlier journal held and we do not have will never come."""
        self._lost += self._journal(node, claim.epoch, at).claimed(claim)
        for loss in claim.lost:
            if loss.epoch != claim.epoch:
                self._lost += self._journal(node, loss.epoch, at).lose(loss)
        for uuid in self._others(node, claim.epoch):
            self._lost += self._journal(node, uuid, at).give_up()

    def _others(self, node: NodeKey, uuid: str) -> Iterator[str]:
        known = {*self._fleet.journals.get(node, ()), *self._journals.get(node, ())}
        return (each for each in known if each not in (uuid, OURS))


_APPLY: dict[type[Any], Callable[[Draft, Any], None]] = {
    NodeBorn: Draft.node_born,
    DeviceBorn: Draft.device_born,
    ReportMade: Draft.report_made,
    NodeDied: Draft.node_died,
    NodeUnseen: Draft.node_unseen,
    DeviceDied: Draft.device_died,
}


def _short(value: Value) -> str | None:
    return value if isinstance(value, str) and value and len(value) <= _MAX_PROPERTY else None


def _note(newest: dict[str, tuple[Value, int]], t: int, samples: Mapping[str, Sample], *, historical: bool) -> None:
    """What is live is newer than what was known, whatever the node's clock says; history only where its time is."""
    if not historical and newest.keys() >= samples.keys():
        for name, (value, _, own) in samples.items():
            newest[name] = value, t if own is None else own
        return
    for name, (value, _, own) in samples.items():
        at = t if own is None else own
        known = newest.get(name)
        if known is None:
            if len(newest) < _MAX_METRICS:
                newest[name] = value, at
        elif not historical or at >= known[1]:
            newest[name] = value, at
