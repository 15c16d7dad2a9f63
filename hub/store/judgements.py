"""What detection reads and keeps: the reports that are to be judged, in the order of the journals, and what they folded to.

`epoch.judged` and the states change in one transaction, so that each report is folded exactly once. What is read may be older
than that transaction: reports are added all the time, but nobody else judges.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Row, Select, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.detection.facts import DeviceFacts, SchoolFacts
from hub.detection.service import Ahead
from hub.ingestion.ranges import Range
from hub.store.bodies import MetricNames, metric_names, unpack
from hub.store.errors import UnreadableBody
from hub.store.journal_pages import JournalPages, Part
from hub.store.tables import (
    committed,
    detection_state,
    device,
    epoch,
    lost,
    node,
    registered,
    school,
)

log = logging.getLogger(__name__)

_NOTHING: Mapping[str, int] = {}
_AnyRow = Row[*tuple[Any, ...]]
_new = tuple.__new__
"""Makes a named tuple of a tuple, without a look at its fields."""


@dataclass(frozen=True, slots=True)
class _Journal:
    """A journal with something to judge: from `judged` on, nothing is missing up to `frontier`."""

    id: int
    uuid: str
    judged: int
    frontier: int


class Judgements:
    """The port of that name of hub.detection.service, on a connection that sees one state of the database."""

    def __init__(self, connection: Connection, group: str | None = None) -> None:
        """`group`: the only one that is judged; without it all are."""
        self._connection, self._group = connection, group

    def schools(self) -> list[SchoolFacts]:
        register = select(school.c.group, school.c.code, school.c.lat, school.c.lon)
        rows = self._connection.execute(self._here(register, school.c.group))
        return [SchoolFacts(*row) for row in rows]

    def devices(self) -> list[tuple[DeviceKey, DeviceFacts]]:
        """All equipment: what the register names, whether it has reported or not, and what has reported."""
        return self._facts(self._here(select(registered), registered.c.group), self._here(_BORN, node.c.group))

    def devices_of(self, key: NodeKey) -> list[tuple[DeviceKey, DeviceFacts]]:
        return self._facts(
            select(registered).where(registered.c.group == key.group, registered.c.node == key.name),
            _BORN.where(node.c.group == key.group, node.c.name == key.name),
        )

    def states(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        kept = self._here(select(detection_state), detection_state.c.group)
        return [(row.group, row.name, row.state) for row in self._connection.execute(kept)]

    def waiting(self) -> list[NodeKey]:
        """Nodes with an epoch whose next offset after the judged ones is there, or is known to be lost."""
        return list(self._journals)

    def unjudged(self, key: NodeKey, ahead: Ahead) -> Sequence[Iterator[Report]]:
        """Of each journal, in the order in which they were first seen, what can be judged now."""
        return [self._reports(key, journal, ahead) for journal in self._journals.get(key, ())]

    def save(
        self, states: Mapping[tuple[str, str], Mapping[str, Any]], judged: Mapping[NodeKey, Mapping[str, int]]
    ) -> None:
        if states:
            dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
            statement = dialect.insert(detection_state)
            statement = statement.on_conflict_do_update(
                index_elements=[detection_state.c.group, detection_state.c.name],
                set_={"state": statement.excluded.state},
            )
            rows = [{"group": group, "name": name, "state": state} for (group, name), state in states.items()]
            self._connection.execute(statement, rows)
        moved = [
            {"g": key.group, "n": key.name, "u": uuid, "j": offset}
            for key, epochs in judged.items()
            for uuid, offset in epochs.items()
        ]
        if moved:
            self._connection.execute(_MOVE, moved)

    @cached_property
    def _journals(self) -> Mapping[NodeKey, Sequence[_Journal]]:
        """By node, in the order of the nodes, the journals with something to judge."""
        ranges: defaultdict[int, list[Range]] = defaultdict(list)
        for statement in _AHEAD:
            for epoch_id, first, last in self._connection.execute(self._here(statement, node.c.group)):
                ranges[epoch_id].append((first, last))
        found: dict[NodeKey, list[_Journal]] = {}
        for row in self._connection.execute(self._here(_BEHIND, node.c.group)):
            frontier = _frontier(row.judged, ranges[row.id])
            if frontier > row.judged:
                journal = _Journal(row.id, row.uuid, row.judged, frontier)
                found.setdefault(NodeKey(row.group, row.name), []).append(journal)
        return found

    @cached_property
    def _names(self) -> MetricNames:
        return metric_names(self._connection)

    def _here(self, rows: Select[Any], group: Column[Any]) -> Select[Any]:
        return rows if self._group is None else rows.where(group == self._group)

    @cached_property
    def _by_id(self) -> Mapping[int, tuple[NodeKey, _Journal]]:
        return {each.id: (key, each) for key, here in self._journals.items() for each in here}

    @cached_property
    def _pages(self) -> JournalPages:
        return JournalPages(self._connection, list(self._by_id))

    def _part(self, epoch_id: int, ahead: Ahead) -> Part:
        key, journal = self._by_id[epoch_id]
        return Part(epoch_id, max(journal.judged, ahead.get(key, _NOTHING).get(journal.uuid, 0)), journal.frontier)

    def _reports(self, key: NodeKey, journal: _Journal, ahead: Ahead) -> Iterator[Report]:
        keys, uuid = dict[str, DeviceKey](), journal.uuid
        for page in self._pages.of(journal.id, lambda epoch_id: self._part(epoch_id, ahead)):
            for _, offset, t, body, name in page:
                owner = keys.get(name) or keys.setdefault(name, DeviceKey(key, name))
                yield _new(Report, (owner, uuid, offset, t, self._samples(owner, uuid, offset, body)))

    def _samples(self, owner: DeviceKey, uuid: str, offset: int, body: bytes) -> Mapping[str, Sample]:
        """A body that cannot be read tells nothing; it must not keep all that comes after it from being judged."""
        try:
            return unpack(body, self._names)
        except UnreadableBody as error:
            log.error("report %s of %s in journal %s: %s", offset, owner, uuid, error)
            return {}

    def _facts(self, named: Select[Any], born: Select[Any]) -> list[tuple[DeviceKey, DeviceFacts]]:
        """The register comes first, births fill what it leaves open."""
        facts = {}
        for row in self._connection.execute(named):
            key = DeviceKey(NodeKey(row.group, row.node), row.device)
            facts[key] = DeviceFacts(row.device, row.kind or "other", row.room, row.profile, row.dish)
        for row in self._connection.execute(born):
            key = DeviceKey(NodeKey(row.group, row.node), row.key)
            facts[key] = _both(facts.get(key), row)
        return list(facts.items())


def dumped(states: Mapping[tuple[str, str], Mapping[str, Any]]) -> Mapping[tuple[str, str], Any]:
    """As JSON already, for `save`: nobody who writes waits for that."""
    return {key: orjson.Fragment(orjson.dumps(state)) for key, state in states.items()}


_BORN = select(
    node.c.group,
    node.c.name.label("node"),
    device.c.key,
    device.c.kind,
    device.c.room,
    device.c.profile,
    device.c.properties,
    node.c.properties.label("of_node"),
).join_from(device, node)
_BEHIND = (
    select(node.c.group, node.c.name, epoch.c.id, epoch.c.uuid, epoch.c.judged)
    .join_from(epoch, node)
    .where(epoch.c.newest > epoch.c.judged)
    .order_by(node.c.id, epoch.c.id)
)
_AHEAD = tuple(
    select(table.c.epoch_id, table.c.first, table.c.last)
    .join_from(epoch, table)
    .join(node, node.c.id == epoch.c.node_id)
    .where(epoch.c.newest > epoch.c.judged, table.c.last > epoch.c.judged)
    for table in (committed, lost)
)
_MOVE = (
    update(epoch)
    .where(
        epoch.c.node_id
        == select(node.c.id).where(node.c.group == bindparam("g"), node.c.name == bindparam("n")).scalar_subquery(),
        epoch.c.uuid == bindparam("u"),
    )
    .values(judged=bindparam("j"))
)


def _frontier(judged: int, ranges: Iterable[Range]) -> int:
    """The highest offset up to which, from `judged` on, every one is committed or lost."""
    frontier = judged
    for first, last in sorted(ranges):
        if first > frontier + 1:
            break
        frontier = max(frontier, last)
    return frontier


def _both(named: DeviceFacts | None, row: _AnyRow) -> DeviceFacts:
    told = row.of_node if row.key == HOST else row.properties
    kind, room, profile = row.kind, row.room, row.profile or told.get("profile")
    if named is not None:
        kind = row.kind if named.kind == "other" else named.kind
        room, profile = named.room or room, named.profile or profile
    dish = (named.dish if named else None) or row.properties.get("dish")
    return DeviceFacts(row.key, kind, room, _text(profile), _text(dish))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
