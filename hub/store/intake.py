"""Keeps what ingestion has understood, a batch in a transaction, and gives the fleet back at the next start.

Ids and ranges are remembered between transactions; what a failed transaction added to that memory goes with it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import OURS, Report
from hub.ingestion.fleet import Batch, DeviceState, Fleet, JournalState, NodeState
from hub.ingestion.ranges import Ranges
from hub.ingestion.service import IntakeUnavailable
from hub.store.bodies import pack
from hub.store.bulk import insert_new, set_json, set_values
from hub.store.errors import StoreUnavailable
from hub.store.kept_reports import may_be_pruned, told_between
from hub.store.offsets import OffsetRows
from hub.store.rows import Ids, Row
from hub.store.tables import committed, device, epoch, lost, metric, node, report
from hub.store.unit_of_work import Store
from wire.losses import LossReason
from wire.metrics import DataType

EpochKey = tuple[NodeKey, str]
MetricKey = tuple[str, DataType]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of the rows in the database."""

    nodes: Ids[NodeKey] = field(default_factory=lambda: Ids(node, shared=True))
    devices: Ids[DeviceKey] = field(default_factory=lambda: Ids(device))
    epochs: Ids[EpochKey] = field(default_factory=lambda: Ids(epoch))
    metrics: Ids[MetricKey] = field(default_factory=lambda: Ids(metric, shared=True))
    committed: OffsetRows = field(default_factory=lambda: OffsetRows(committed))
    lost: Mapping[LossReason, OffsetRows] = field(
        default_factory=lambda: {reason: OffsetRows(lost, reason) for reason in LossReason}
    )

    def lost_of(self, epoch_id: int) -> dict[LossReason, Ranges]:
        return {reason: found for reason, rows in self.lost.items() if (found := rows.of(epoch_id))}

    def settle(self, *, done: bool) -> None:
        """The transaction is over: what it added holds, or never was."""
        for part in (self.nodes, self.devices, self.epochs, self.metrics, self.committed):
            part.settle(done=done)
        for rows in self.lost.values():
            rows.settle(done=done)


class IntakeStore:
    """The store as ingestion sees it. One thread at a time."""

    def __init__(self, store: Store, group: str | None = None) -> None:
        """`group`: the only one that is looked after; without it all are."""
        self._store = store
        self._memory = Memory()
        self._nodes, self._devices, self._epochs = select(node), select(device), select(epoch)
        if group is not None:
            here = select(node.c.id).where(node.c.group == group)
            self._nodes = self._nodes.where(node.c.group == group)
            self._devices = self._devices.where(device.c.node_id.in_(here))
            self._epochs = self._epochs.where(epoch.c.node_id.in_(here))

    @contextmanager
    def begin(self) -> Iterator["Transaction"]:
        """Raises IntakeUnavailable."""
        done = False
        try:
            with self._store.begin(beside=True) as work:
                yield Transaction(work.connection, self._memory)
            done = True
        except StoreUnavailable as error:
            raise IntakeUnavailable(str(error)) from error
        finally:
            self._memory.settle(done=done)

    def load(self) -> Fleet:
        """The fleet as it was left."""
        fleet = Fleet()
        with self._store.reading() as connection:
            keys = self._load_nodes(connection, fleet)
            self._load_devices(connection, fleet, keys)
            self._load_journals(connection, fleet, keys)
            for row in connection.execute(select(metric)):
                self._memory.metrics.learn((row.name, DataType(row.datatype)), row.id)
        return fleet

    def _load_nodes(self, connection: Connection, fleet: Fleet) -> dict[int, NodeKey]:
        keys = {}
        for row in connection.execute(self._nodes):
            key = keys[row.id] = NodeKey(row.group, row.name)
            self._memory.nodes.learn(key, row.id)
            fleet.nodes[key] = NodeState(
                row.online, row.status_since or 0, row.heard_at, row.properties, row.unseen_since
            )
        return keys

    def _load_devices(self, connection: Connection, fleet: Fleet, keys: dict[int, NodeKey]) -> None:
        for row in connection.execute(self._devices):
            key = DeviceKey(keys[row.node_id], row.key)
            self._memory.devices.learn(key, row.id)
            fleet.devices.setdefault(key.node, {})[key.device] = DeviceState(
                kind=row.kind,
                profile=row.profile,
                room=row.room,
                properties=row.properties,
                stale=row.stale,
                stale_since=row.stale_since,
                latest={name: (value, t) for name, (value, t) in row.latest.items()},
            )

    def _load_journals(self, connection: Connection, fleet: Fleet, keys: dict[int, NodeKey]) -> None:
        epochs = self._epochs.with_only_columns(epoch.c.id)
        self._memory.committed.load(connection, epochs)
        for rows in self._memory.lost.values():
            rows.load(connection, epochs)
        for row in connection.execute(self._epochs):
            key = keys[row.node_id]
            self._memory.epochs.learn((key, row.uuid), row.id)
            fleet.journals.setdefault(key, {})[row.uuid] = JournalState(
                row.first_seen, row.newest, self._memory.committed.of(row.id), *_lost(self._memory.lost_of(row.id))
            )


class Transaction:
    """One transaction of ingestion."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection, self._memory = connection, memory

    def holds(self, one: Report) -> bool:
        """Whether a report of the same device, time and values is there, of a node without a journal.

        Of one that may have been pruned it is believed, so that what is told once more is not counted twice.
        """
        memory = self._memory
        device_id, epoch_id = memory.devices.get(one.device), memory.epochs.get((one.device.node, OURS))
        if device_id is None or epoch_id is None:
            return False
        try:
            body = pack(one.samples, self._memory.metrics.known)
        except KeyError:
            return False
        there = told_between(self._connection, device_id, one.t, one.t + 1)
        same = any(each.epoch == epoch_id and each.body == body for each in there)
        return same or may_be_pruned(self._connection, device_id, one.t)

    def keep(self, batch: Batch, now: int) -> None:
        """Write all of it."""
        memory = self._memory
        memory.nodes.write(self._connection, ((key, _node(each)) for key, each in batch.nodes.items()), _node_identity)
        memory.devices.write(
            self._connection, ((key, _device(each)) for key, each in batch.devices.items()), self._device_identity
        )
        set_values(self._connection, node.c.heard_at, [(memory.nodes[key], t) for key, t in batch.heard.items()])
        set_json(self._connection, device.c.latest, [(memory.devices[key], told) for key, told in batch.latest.items()])
        memory.epochs.write(
            self._connection,
            ((key, {"newest": each.newest}) for key, each in batch.journals.items()),
            self._epoch_identity(batch),
        )
        self._keep_offsets(batch, now)
        self._keep_reports(batch)

    def _keep_offsets(self, batch: Batch, now: int) -> None:
        journals = {self._memory.epochs[key]: each for key, each in batch.journals.items()}
        have = {epoch_id: each.committed for epoch_id, each in journals.items()}
        self._memory.committed.write(self._connection, have, {})
        changed = {
            epoch_id: each.losses for epoch_id, each in journals.items() if each.lost or self._memory.lost_of(epoch_id)
        }
        for reason, rows in self._memory.lost.items() if changed else ():
            rows.write(
                self._connection, {epoch_id: each[reason] for epoch_id, each in changed.items()}, {"noticed_at": now}
            )

    def _keep_reports(self, batch: Batch) -> None:
        if not batch.reports:
            return
        try:
            rows = self._rows(batch)
        except KeyError:
            # A metric is named for the first time.
            self._name_metrics(batch)
            rows = self._rows(batch)
        # Neighbours in the table are written one after the other.
        rows.sort()
        # Where the ranges say that a report is new, the primary key has the last word: after a commit whose outcome a broken
        # connection has hidden from us, the same reports are written once more.
        insert_new(self._connection, report, rows)

    def _rows(self, batch: Batch) -> list[tuple[int, int, int, int, bytes]]:
        epochs, devices, metrics = self._memory.epochs.known, self._memory.devices.known, self._memory.metrics.known
        return [
            (epochs[key.node, uuid], offset, devices[key], t, pack(samples, metrics))
            for key, uuid, offset, t, samples in batch.reports
        ]

    def _name_metrics(self, batch: Batch) -> None:
        keys = {(name, sample.datatype) for each in batch.reports for name, sample in each.samples.items()}
        new = sorted(key for key in keys if self._memory.metrics.get(key) is None)
        self._memory.metrics.write(
            self._connection, ((key, {}) for key in new), lambda key: {"name": key[0], "datatype": int(key[1])}
        )

    def _device_identity(self, key: DeviceKey) -> Row:
        return {"node_id": self._memory.nodes[key.node], "key": key.device}

    def _epoch_identity(self, batch: Batch) -> Callable[[EpochKey], Row]:
        def identity(key: EpochKey) -> Row:
            return {
                "node_id": self._memory.nodes[key[0]],
                "uuid": key[1],
                "ours": key[1] == OURS,
                "judged": 0,
                "first_seen": batch.journals[key].first_seen,
            }

        return identity


def _lost(by_reason: dict[LossReason, Ranges]) -> tuple[Ranges, dict[LossReason, Ranges]]:
    """All of them, and those that have another reason than the usual one."""
    whole = Ranges.of(span for each in by_reason.values() for span in each)
    return whole, {reason: each for reason, each in by_reason.items() if reason is not LossReason.DROPPED}


def _node_identity(key: NodeKey) -> Row:
    return {"group": key.group, "name": key.name, "school": key.school}


def _node(state: NodeState) -> Row:
    return {
        "online": state.online,
        "status_since": state.status_since,
        "heard_at": state.heard_at,
        "properties": dict(state.properties),
        "unseen_since": state.unseen_since,
    }


def _device(state: DeviceState) -> Row:
    return {
        "kind": state.kind,
        "profile": state.profile,
        "room": state.room,
        "properties": dict(state.properties),
        "stale": state.stale,
        "stale_since": state.stale_since,
        "latest": state.latest,
    }
