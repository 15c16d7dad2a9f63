"""Facts applied to the fleet: what one transaction is going to change. Nothing of it holds before it is committed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hub.core.equipment import HOST, DeviceKey, NodeKey, Reported
from hub.core.reports import Report
from hub.ingestion.facts import DeviceBorn, DeviceDied, Fact, JournalClaim, NodeBorn, NodeDied, NodeUnseen, ReportMade
from hub.ingestion.fleet import OURS, Batch, DeviceState, Fleet, JournalState, NodeState
from hub.ingestion.ranges import NOTHING, Ranges
from wire.metrics import Value
from wire.vocabulary import KINDS

Holds = Callable[[Report], bool]
"""Whether the database has a report of the same device, time and values."""
_MAX_PROPERTY = 200
_MAX_METRICS = 1000


class Draft:
    """A batch in the making."""

    def __init__(self, fleet: Fleet, holds: Holds) -> None:
        self._fleet, self._holds = fleet, holds
        self._nodes: dict[NodeKey, NodeState] = {}
        self._devices: dict[DeviceKey, DeviceState] = {}
        self._latest: dict[DeviceKey, dict[str, Reported]] = {}
        self._journals: dict[tuple[NodeKey, str], JournalState] = {}
        self._fresh: dict[tuple[NodeKey, str], set[int]] = {}
        self._unnumbered: set[tuple[DeviceKey, int, str]] = set()
        self._reports: list[Report] = []
        self._lost = 0
        self.duplicates = 0

    def apply(self, fact: Fact) -> None:
        _APPLY[type(fact)](self, fact)

    def batch(self) -> Batch:
        """All changes so far."""
        for (node, uuid), offsets in self._fresh.items():
            journal = self._journals[node, uuid]
            committed = journal.committed.add(offsets)
            # What was given up for lost and came all the same is not lost.
            self._journals[node, uuid] = replace(journal, committed=committed, lost=journal.lost - committed)
        devices = {
            key: replace(device, latest=self._latest[key]) if key in self._latest else device
            for key, device in self._devices.items()
        }
        return Batch(self._nodes, devices, self._journals, tuple(self._reports), self._lost)

    def node_born(self, fact: NodeBorn) -> None:
        before = self._node(fact.node)
        since = before.status_since if before is not None and before.online else fact.at
        heard_at = max((one.t for one in fact.latest.values()), default=None)
        self._nodes[fact.node] = NodeState(
            True, since, _later(before.heard_at if before else None, heard_at), fact.properties
        )
        self._all_stale(fact.node, fact.at)
        self._born(DeviceKey(fact.node, HOST), fact.properties, fact.latest, "computer")
        if fact.journal is not None:
            self._claim(fact.node, fact.journal, fact.at)

    def device_born(self, fact: DeviceBorn) -> None:
        self._born(DeviceKey(fact.node, fact.device), fact.properties, fact.latest, None)
        self._heard(fact.node, max((one.t for one in fact.latest.values()), default=None), fact.at)

    def report_made(self, fact: ReportMade) -> None:
        report = fact.report if fact.report.offset else self._numbered(fact)
        if report is None or not self._take_offset(report, fact.at):
            self.duplicates += 1
            return
        self._reports.append(report)
        self._note(report, fact.historical)
        self._heard(fact.node, report.t, fact.at)

    def node_died(self, fact: NodeDied) -> None:
        """tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline"""
        node = self._node(fact.node)
        if node is not None and node.online:
            self._nodes[fact.node] = replace(node, online=False, status_since=fact.at)
            self._all_stale(fact.node, fact.at)

    def node_unseen(self, fact: NodeUnseen) -> None:
        self._all_stale(fact.node, fact.at)

    def device_died(self, fact: DeviceDied) -> None:
        """tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline"""
        self._stale(DeviceKey(fact.node, fact.device), fact.t)

    def _node(self, key: NodeKey) -> NodeState | None:
        return self._nodes.get(key) or self._fleet.nodes.get(key)

    def _device(self, key: DeviceKey) -> DeviceState | None:
        return self._devices.get(key) or self._fleet.devices.get(key.node, {}).get(key.device)

    def _journal(self, node: NodeKey, uuid: str) -> JournalState | None:
        return self._journals.get((node, uuid)) or self._fleet.journals.get(node, {}).get(uuid)

    def _heard(self, key: NodeKey, t: int | None, at: int) -> None:
        node = self._node(key) or NodeState(False, at, None, {})
        heard_at = _later(node.heard_at, t)
        if heard_at != node.heard_at or key not in self._fleet.nodes:
            self._nodes[key] = replace(node, heard_at=heard_at)

    def _all_stale(self, node: NodeKey, since: int) -> None:
        keys = [*self._fleet.devices.get(node, ()), *(key.device for key in self._devices if key.node == node)]
        for device in keys:
            self._stale(DeviceKey(node, device), since)

    def _stale(self, key: DeviceKey, since: int) -> None:
        device = self._device(key)
        if device is not None and not device.stale:
            self._devices[key] = replace(device, stale=True, stale_since=since)

    def _born(
        self, key: DeviceKey, properties: Mapping[str, Value], latest: Mapping[str, Reported], kind: str | None
    ) -> None:
        told = kind or properties.get("kind")
        before = self._device(key) or DeviceState("other")
        self._devices[key] = replace(
            before,
            kind=told if isinstance(told, str) and told in KINDS else "other",
            profile=_short(properties.get("profile")),
            room=_short(properties.get("room")),
            properties={**properties, **self._fleet.register.get(key, {})},
            stale=False,
            stale_since=None,
        )
        self._newest(key).update(latest)

    def _newest(self, key: DeviceKey) -> dict[str, Reported]:
        """The newest values of a device, to be written into."""
        if key not in self._latest:
            device = self._device(key) or DeviceState("other")
            self._devices[key] = device
            self._latest[key] = dict(device.latest)
        return self._latest[key]

    def _note(self, report: Report, historical: bool) -> None:
        """What is live is newer than what was known, whatever the node's clock says; history only where its time is."""
        newest = self._newest(report.device)
        for name, sample in report.samples.items():
            t = report.t if sample.t is None else sample.t
            known = newest.get(name)
            if known is None:
                if len(newest) < _MAX_METRICS:
                    newest[name] = Reported(sample.value, t)
            elif not historical or t >= known.t:
                newest[name] = Reported(sample.value, t)

    def _take_offset(self, report: Report, at: int) -> bool:
        """Whether the report is new; its offset is then taken."""
        key = (report.device.node, report.epoch)
        journal = self._journal(*key) or JournalState(first_seen=at)
        if report.offset in journal.committed or report.offset in self._fresh.get(key, ()):
            return False
        self._fresh.setdefault(key, set()).add(report.offset)
        self._journals[key] = replace(journal, newest=max(journal.newest, report.offset))
        return True

    def _numbered(self, fact: ReportMade) -> Report | None:
        """A report of a node without a journal, numbered by arrival. None for history that was delivered before."""
        report = fact.report
        if fact.historical:
            mark = (report.device, report.t, repr(sorted(report.samples.items())))
            if mark in self._unnumbered or self._holds(report):
                return None
            self._unnumbered.add(mark)
        journal = self._journal(fact.node, OURS)
        return replace(report, epoch=OURS, offset=(journal.newest if journal else 0) + 1)

    def _claim(self, node: NodeKey, claim: JournalClaim, at: int) -> None:
        """What the journal holds can still come; what it held and dropped never will, nor what an earlier journal held."""
        journal = self._journal(node, claim.epoch) or JournalState(first_seen=at)
        have = journal.committed.add(self._fresh.get((node, claim.epoch), ()))
        held = Ranges.of([(claim.oldest, claim.newest)])
        dropped = Ranges.of([(1, claim.oldest - 1)]) - have - journal.lost
        self._lost += dropped.count
        self._journals[node, claim.epoch] = replace(
            journal, newest=max(journal.newest, claim.newest), lost=(journal.lost - held) | dropped
        )
        for uuid in {*self._fleet.journals.get(node, ()), *(uuid for one, uuid in self._journals if one == node)}:
            if uuid not in (claim.epoch, OURS):
                self._give_up(node, uuid)

    def _give_up(self, node: NodeKey, uuid: str) -> None:
        journal = self._journal(node, uuid)
        if journal is None:
            return
        missing = journal.missing - NOTHING.add(self._fresh.get((node, uuid), ()))
        if missing:
            self._lost += missing.count
            self._journals[node, uuid] = replace(journal, lost=journal.lost | missing)


_APPLY: dict[type[Any], Callable[[Draft, Any], None]] = {
    NodeBorn: Draft.node_born,
    DeviceBorn: Draft.device_born,
    ReportMade: Draft.report_made,
    NodeDied: Draft.node_died,
    NodeUnseen: Draft.node_unseen,
    DeviceDied: Draft.device_died,
}


def _later(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _short(value: Value) -> str | None:
    return value if isinstance(value, str) and value and len(value) <= _MAX_PROPERTY else None
