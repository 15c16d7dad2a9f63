"""What the nodes have reported since some day, told once more: the port of hub.detection.service on a hub's own database.

It only reads there, a few rows at a time, so that it may run beside live traffic. What detection folds stays in its memory.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.detection.facts import DeviceFacts, SchoolFacts
from hub.detection.service import Ahead
from hub.store.bodies import metric_names, unpack
from hub.store.errors import UnreadableBody
from hub.store.judgements import Judgements
from hub.store.kept_reports import newest_told, next_told
from hub.store.tables import device, epoch, node
from hub.store.unit_of_work import Store

_PAGE = 500
_NEAR = 10
_JOURNALS = (
    select(node.c.group, node.c.name, epoch.c.id, epoch.c.uuid).join_from(epoch, node).order_by(node.c.id, epoch.c.id)
)


@dataclass(slots=True)
class _Journal:
    """A journal, read from `after` on. `read` are reports that were read and not judged yet."""

    id: int
    uuid: str
    newest: int
    after: int = 0
    read: deque[Report] = field(default_factory=deque)


class Past:
    """Tells what was reported from `since` up to `until`, which the caller moves on (ms)."""

    def __init__(self, store: Store, since: int) -> None:
        self._store = store
        self.until = since
        self._journals: dict[NodeKey, list[_Journal]] = {}
        with store.reading() as connection:
            self._names = metric_names(connection)
            for row in connection.execute(_JOURNALS).all():
                journal = _Journal(row.id, row.uuid, newest_told(connection, row.id))
                if journal.newest:
                    journal.after = _last_before(connection, journal, since)
                    self._journals.setdefault(NodeKey(row.group, row.name), []).append(journal)
            self._keys = {row.id: row.key for row in connection.execute(select(device.c.id, device.c.key))}

    @property
    def nodes(self) -> Iterable[NodeKey]:
        return self._journals

    def schools(self) -> list[SchoolFacts]:
        with self._store.reading() as connection:
            return Judgements(connection).schools()

    def devices(self) -> list[tuple[DeviceKey, DeviceFacts]]:
        with self._store.reading() as connection:
            return Judgements(connection).devices()

    def devices_of(self, key: NodeKey) -> list[tuple[DeviceKey, DeviceFacts]]:
        with self._store.reading() as connection:
            return Judgements(connection).devices_of(key)

    def states(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """None: it is judged as if it had not been before."""
        return []

    def waiting(self) -> list[NodeKey]:
        return [key for key, journals in self._journals.items() if any(map(self._has_more, journals))]

    def unjudged(self, key: NodeKey, ahead: Ahead) -> Sequence[Iterator[Report]]:
        judged = ahead.get(key, {})
        return [self._tell(key, journal, judged.get(journal.uuid, 0)) for journal in self._journals.get(key, ())]

    def save(
        self, _states: Mapping[tuple[str, str], Mapping[str, Any]], judged: Mapping[NodeKey, Mapping[str, int]]
    ) -> None:
        for key, offsets in judged.items():
            for journal in self._journals[key]:
                done = offsets.get(journal.uuid, 0)
                while journal.read and journal.read[0].offset <= done:
                    journal.read.popleft()

    def _has_more(self, journal: _Journal) -> bool:
        return bool(journal.read) or journal.after < journal.newest

    def _tell(self, key: NodeKey, journal: _Journal, after: int) -> Iterator[Report]:
        """In the order of the journal, up to the first that is too new: what comes after it has its turn even later."""
        told = 0
        while True:
            if told == len(journal.read) and not self._read_on(key, journal):
                return
            one = journal.read[told]
            if one.t > self.until and not self._is_astray(journal, told):
                return
            told += 1
            if one.offset > after:
                yield one

    def _is_astray(self, journal: _Journal, number: int) -> bool:
        """A clock was wrong for a moment: what was told next is older, and must not wait."""
        return any(each.t <= self.until for each in islice(journal.read, number + 1, number + 1 + _NEAR))

    def _read_on(self, key: NodeKey, journal: _Journal) -> bool:
        if journal.after >= journal.newest:
            return False
        with self._store.reading() as connection:
            told = next_told(connection, journal.id, journal.after, _PAGE, journal.newest)
        journal.after = told[-1].offset if told else journal.newest
        for _, offset, device_id, t, body in told:
            owner = DeviceKey(key, self._keys[device_id])
            journal.read.append(Report(owner, journal.uuid, offset, t, self._samples(body)))
        return bool(told)

    def _samples(self, body: bytes) -> Mapping[str, Sample]:
        try:
            return unpack(body, self._names)
        except UnreadableBody:
            return {}


def newest_report(store: Store) -> int | None:
    """The newest event time that any node has named."""
    with store.reading() as connection:
        return connection.execute(select(func.max(node.c.heard_at))).scalar()


def _last_before(connection: Connection, journal: _Journal, since: int) -> int:
    """About the last offset of before `since`: times rise with offsets, but for what was told late."""
    low, high = 0, journal.newest
    while low < high:
        middle = (low + high) // 2
        told = next_told(connection, journal.id, middle, 1)
        if not told or told[0].t >= since:
            high = middle
        else:
            low = max(middle + 1, told[0].offset)
    return low
