"""Copies of cards, noticed in what the ingestion hears: the office is told in the list of troubles and in the audit."""

from collections.abc import Iterable, Mapping

from hub.enrolment.copies import Birth, Copies, tell_copies
from hub.ingestion.facts import Fact, NodeBorn, NodeDied
from hub.store.enrolment import EnrolmentRows
from hub.store.unit_of_work import Store
from provisioning.core.contract import Hardware
from wire.metrics import Value

_LONGEST = 200


class CopyWatch:
    """Used by the one thread that ingests."""

    def __init__(self, store: Store) -> None:
        self._store, self._copies = store, Copies()

    def heard(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, NodeBorn):
                self._copies.born(Birth(fact.node, fact.at, fact.bd_seq, _hardware(fact.properties)))
            elif isinstance(fact, NodeDied) and fact.told:
                self._copies.died(fact.node)

    def tick(self, now: int) -> None:
        """What cannot be written now is written at the next tick."""
        if self._copies.waiting:
            with self._store.begin() as work:
                tell_copies(EnrolmentRows(work.connection), self._copies.waiting, now)
            self._copies.waiting.clear()


def _hardware(properties: Mapping[str, Value]) -> Hardware:
    """As its birth tells it."""
    serial, model, system = (_text(properties.get(name)) for name in ("serial_number", "hardware", "os"))
    return Hardware(serial, model, system, "")


def _text(value: Value) -> str:
    return "".join(filter(str.isprintable, value))[:_LONGEST].strip() if isinstance(value, str) else ""
