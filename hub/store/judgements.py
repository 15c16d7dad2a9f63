"""What detection reads and keeps: the reports that are to be judged, in the order of the journals, and a node's folded state.

`epoch.judged` and the state change in one transaction, so that each report is folded exactly once.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.detection.facts import DeviceFacts, NodeHeard
from hub.store.bodies import metric_names, unpack
from hub.store.tables import committed, device, epoch, judgement, lost, node, report
from wire.errors import WireError
from wire.metrics import DataType

log = logging.getLogger(__name__)

_PAGE = 500
_AnyRow = Row[*tuple[Any, ...]]


class Judgements:
    """The port of that name of hub.detection.service, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: Mapping[int, tuple[str, DataType]] = {}

    def nodes(self) -> list[NodeHeard]:
        return [_heard(row) for row in self._connection.execute(_NODES)]

    def heard(self, key: NodeKey) -> NodeHeard | None:
        row = self._connection.execute(_NODES.where(*_is(key))).first()
        return None if row is None else _heard(row)

    def behind(self) -> list[NodeKey]:
        """Nodes with an epoch whose next offset after the judged ones is there, or is known to be lost."""
        waiting = select(committed.c.epoch_id).where(committed.c.last > epoch.c.judged)
        rows = self._connection.execute(
            select(node.c.group, node.c.name, epoch.c.id, epoch.c.judged)
            .join(epoch, epoch.c.node_id == node.c.id)
            .where(epoch.c.id.in_(waiting.correlate(epoch)))
            .order_by(node.c.id)
        )
        nodes = {NodeKey(row.group, row.name): None for row in rows if self._frontier(row.id, row.judged) > row.judged}
        return list(nodes)

    def devices(self, key: NodeKey) -> Iterable[DeviceFacts]:
        rows = self._connection.execute(
            select(device, node.c.properties.label("of_node"))
            .join(node, node.c.id == device.c.node_id)
            .where(*_is(key))
        )
        return [_facts(row) for row in rows]

    def state(self, key: NodeKey) -> Mapping[str, Any] | None:
        statement = select(judgement.c.state).join(node, node.c.id == judgement.c.node_id).where(*_is(key))
        return self._connection.execute(statement).scalar_one_or_none()

    def unjudged(self, key: NodeKey) -> Iterator[Report]:
        """Journals one after the other, as they were first seen: a node begins a new one only when the old one is lost."""
        rows = self._connection.execute(
            select(epoch.c.id, epoch.c.uuid, epoch.c.judged)
            .join(node, node.c.id == epoch.c.node_id)
            .where(*_is(key))
            .order_by(epoch.c.id)
        ).all()
        for row in rows:
            yield from self._reports(key, row, self._frontier(row.id, row.judged))

    def save(self, key: NodeKey, state: Mapping[str, Any], judged: Mapping[str, int]) -> None:
        node_id = select(node.c.id).where(*_is(key)).scalar_subquery()
        changed = self._connection.execute(
            update(judgement).where(judgement.c.node_id == node_id).values(state=dict(state))
        ).rowcount
        if not changed:
            self._connection.execute(insert(judgement).values(node_id=node_id, state=dict(state)))
        for uuid, offset in judged.items():
            self._connection.execute(
                update(epoch).where(epoch.c.node_id == node_id, epoch.c.uuid == uuid).values(judged=offset)
            )

    def _frontier(self, epoch_id: int, judged: int) -> int:
        """The highest offset up to which, from `judged` on, every one is committed or lost."""
        ranges = [
            (row.first, row.last)
            for table in (committed, lost)
            for row in self._connection.execute(
                select(table.c.first, table.c.last).where(table.c.epoch_id == epoch_id, table.c.last > judged)
            )
        ]
        frontier = judged
        for first, last in sorted(ranges):
            if first > frontier + 1:
                break
            frontier = max(frontier, last)
        return frontier

    def _reports(self, key: NodeKey, journal: _AnyRow, frontier: int) -> Iterator[Report]:
        after = journal.judged
        while after < frontier:
            page = self._connection.execute(
                select(report.c.offset, report.c.t.label("at"), report.c.body, device.c.key)
                .join(device, device.c.id == report.c.device_id)
                .where(report.c.epoch_id == journal.id, report.c.offset > after, report.c.offset <= frontier)
                .order_by(report.c.offset)
                .limit(_PAGE)
            ).all()
            for row in page:
                yield self._report(key, journal.uuid, row)
            after = page[-1].offset if page else frontier

    def _report(self, key: NodeKey, uuid: str, row: _AnyRow) -> Report:
        return Report(DeviceKey(key, row.key), uuid, row.offset, row.at, self._samples(key, uuid, row))

    def _samples(self, key: NodeKey, uuid: str, row: _AnyRow) -> Mapping[str, Sample]:
        """A body that cannot be read tells nothing; it must not keep all that comes after it from being judged."""
        if not self._names:
            self._names = metric_names(self._connection)
        try:
            return unpack(row.body, self._names)
        except (WireError, KeyError) as error:
            log.error("report %s of %s in journal %s cannot be read: %r", row.offset, key, uuid, error)
            return {}


_newest_epoch = select(func.max(epoch.c.id)).where(epoch.c.node_id == node.c.id).correlate(node).scalar_subquery()
_NODES = select(
    node.c.group,
    node.c.name,
    node.c.online,
    node.c.status_since,
    node.c.heard_at,
    (epoch.c.judged >= epoch.c.newest).label("caught_up"),
).outerjoin(epoch, epoch.c.id == _newest_epoch)


def _is(key: NodeKey) -> tuple[Any, ...]:
    return node.c.group == key.group, node.c.name == key.name


def _heard(row: _AnyRow) -> NodeHeard:
    return NodeHeard(NodeKey(row.group, row.name), row.online, row.status_since, row.heard_at, bool(row.caught_up))


def _facts(row: _AnyRow) -> DeviceFacts:
    told = row.of_node if row.key == HOST else row.properties
    profile, dish = row.profile or told.get("profile"), row.properties.get("dish")
    return DeviceFacts(row.key, row.kind, row.room, _text(profile), _text(dish))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
