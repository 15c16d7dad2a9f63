"""A hub that commits reports as ingestion does, and folds them; its process may be killed in the midst of a transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.hourly import HOUR_MS
from hub.core.reports import Report, Sample
from hub.ingestion.fleet import Batch, DeviceState, JournalState, NodeState
from hub.store.engine import open_engine
from hub.store.folding import Folding
from hub.store.intake import IntakeStore
from hub.store.unit_of_work import Store, UnitOfWork
from tests.stores import brief_database
from wire.metrics import DataType, Value

NODE = NodeKey("cpm3", "36030001")
START = 400_000 * HOUR_MS
LATER = START + 20 * HOUR_MS
TYPES = {"signal/cnr_db": DataType.DOUBLE, "power/on": DataType.BOOLEAN, "input/source": DataType.STRING}


class Killed(Exception):
    """The process ends here."""


class DyingStore(Store):
    """A store whose process is killed in the midst of a transaction, when it is wanted."""

    dies = False

    @contextmanager
    def begin(self, *, beside: bool = False) -> Iterator[UnitOfWork]:
        with super().begin(beside=beside) as work:
            yield work
            if self.dies:
                raise Killed


@dataclass
class Hub:
    """Commits reports as ingestion does, and folds them."""

    store: DyingStore
    journals: dict[str, JournalState] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.intake = IntakeStore(self.store)
        self.intake.load()

    def commit(self, reports: Sequence[Report]) -> None:
        for uuid in dict.fromkeys(each.epoch for each in reports):
            known = self.journals.get(uuid, JournalState(first_seen=0))
            offsets = [each.offset for each in reports if each.epoch == uuid]
            newest = max(known.newest, *offsets)
            self.journals[uuid] = JournalState(0, newest, known.committed.add(offsets), known.lost)
        batch = Batch(
            {NODE: NodeState(True, 7, LATER, {})},
            {each.device: DeviceState("tv") for each in reports},
            {(NODE, uuid): state for uuid, state in self.journals.items()},
            tuple(reports),
        )
        with self.intake.begin() as work:
            work.keep(batch, now=0)
        self.reports += reports

    def fold(self, now: int, batch: int = 7) -> None:
        folding = Folding(self.store, batch=batch)
        while folding.step(now):
            pass


def values(**told: Value) -> dict[str, Sample]:
    names = {"cnr": "signal/cnr_db", "on": "power/on", "source": "input/source"}
    return {names[name]: Sample(value, TYPES[names[name]]) for name, value in told.items()}


def one(offset: int, t: int, *, key: str = "p1-tv", uuid: str = "e1", **told: Value) -> Report:
    return Report(DeviceKey(NODE, key), uuid, offset, t, values(**told))


@contextmanager
def a_hub() -> Iterator[Hub]:
    with brief_database() as url:
        store = DyingStore(open_engine(url))
        yield Hub(store)
        store.close()
