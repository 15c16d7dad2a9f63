"""A hub's ingestion on a database of its own, and nodes that speak to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, func, select

from hub.core.equipment import NodeKey
from hub.core.reports import ONLINE, OURS
from hub.ingestion.arrivals import Arrival, Event, Linked, NodeCommand
from hub.ingestion.counters import Counters
from hub.ingestion.reasons import Reason
from hub.ingestion.service import IngestionService
from hub.ingestion.settings import IngestionSettings
from hub.store import tables
from hub.store.bodies import metric_names, unpack
from hub.store.engine import open_engine, upgrade
from hub.store.intake import IntakeStore
from hub.store.unit_of_work import Store
from tests.stores import ON_POSTGRESQL, brief_database, database
from wire import controls
from wire.counters import following
from wire.metrics import DataType, Metric, Value
from wire.payloads import BDSEQ, death, encode
from wire.topics import MessageType, Topic
from wire.vocabulary import REACHABLE

SAID_BY_US = {ONLINE, REACHABLE}
"""One of them stands in every birth and death."""
T0 = 1_790_000_000_000
EPOCH = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a001"
GROUP = "dltv"


@dataclass
class Node:
    """An edge node as it speaks on the wire: what it says comes back as arrivals."""

    name: str = "36030001"
    epoch: str | None = EPOCH
    oldest: int = 1
    newest: int = 0
    lost: str = ""
    bd_seq: int = 0
    seq: int = 0
    aliases: dict[tuple[str | None, str], int] = field(default_factory=dict)

    @property
    def key(self) -> NodeKey:
        return NodeKey(GROUP, self.name)

    def nbirth(self, at: int = T0, *metrics: Metric) -> Arrival:
        self.seq, self.aliases = 0, {}
        declared = [Metric(BDSEQ, self.bd_seq, DataType.INT64), *controls.declarations(at)]
        if self.epoch is not None:
            declared += [
                Metric(controls.JOURNAL_EPOCH, self.epoch, DataType.STRING),
                Metric(controls.JOURNAL_OLDEST, self.oldest, DataType.UINT64),
                Metric(controls.JOURNAL_NEWEST, self.newest, DataType.UINT64),
                Metric(controls.JOURNAL_LOST, self.lost, DataType.STRING),
            ]
        own = metrics or (Metric("host/cpu_pct", 5.0, DataType.FLOAT), Metric("host/uptime_s", 77, DataType.INT64))
        return self._say(MessageType.NBIRTH, None, [*declared, *self._announced(None, own, at)], at)

    def dbirth(self, device: str = "p1-tv", at: int = T0, *metrics: Metric) -> Arrival:
        own = metrics or (
            Metric("device/reachable", True, DataType.BOOLEAN),
            Metric("power/on", True, DataType.BOOLEAN),
            Metric("panel/hours", None, DataType.INT64),
            Metric("Properties/kind", "tv", DataType.STRING),
            Metric("Properties/room", "p1", DataType.STRING),
        )
        return self._say(MessageType.DBIRTH, device, self._announced(device, own, at), at)

    def report(self, offset: int | None = None, at: int = T0, *, device: str | None = None, **said: Value) -> Arrival:
        """DATA; `said` are values by metric name, with __ for /."""
        if self.epoch is not None:
            offset = self.newest + 1 if offset is None else offset
            self.newest = max(self.newest, offset)
        return self._data(offset, at, device, said, historical=False, seq=None)

    def history(self, offset: int | None, at: int = T0, *, device: str | None = None, **said: Value) -> Arrival:
        return self._data(offset, at, device, said, historical=True, seq=None)

    def ndeath(self, at: int = T0, bd_seq: int | None = None) -> Arrival:
        return Arrival(
            str(Topic(GROUP, MessageType.NDEATH, self.name)), death(self.bd_seq if bd_seq is None else bd_seq), at
        )

    def ddeath(self, device: str = "p1-tv", at: int = T0) -> Arrival:
        return self._say(MessageType.DDEATH, device, [], at)

    def _data(
        self,
        offset: int | None,
        at: int,
        device: str | None,
        said: dict[str, Value],
        *,
        historical: bool,
        seq: int | None,
    ) -> Arrival:
        metrics = [
            Metric(None, value, _TYPES[type(value)], at, self.aliases[device, name.replace("__", "/")], historical)
            for name, value in said.items()
        ]
        if offset is not None:
            alias = self.aliases[device, controls.JOURNAL_OFFSET]
            metrics.append(Metric(None, offset, DataType.UINT64, at, alias, historical))
        kind = MessageType.NDATA if device is None else MessageType.DDATA
        return self._say(kind, device, metrics, at, datatypes=False)

    def _announced(self, device: str | None, metrics: tuple[Metric, ...], at: int) -> list[Metric]:
        offset = (Metric(controls.JOURNAL_OFFSET, None, DataType.UINT64),) if self.epoch is not None else ()
        announced = []
        for metric in (*metrics, *offset):
            alias = len(self.aliases) + 1
            self.aliases[device, metric.name or ""] = alias
            announced.append(Metric(metric.name, metric.value, metric.datatype, metric.timestamp or at, alias))
        return announced

    def _say(
        self, kind: MessageType, device: str | None, metrics: list[Metric], at: int, *, datatypes: bool = True
    ) -> Arrival:
        payload = encode(metrics, timestamp=at, seq=self.seq, datatypes=datatypes)
        self.seq = following(self.seq)
        return Arrival(str(Topic(GROUP, kind, self.name, device)), payload, at)


_TYPES = {
    float: DataType.FLOAT,
    bool: DataType.BOOLEAN,
    int: DataType.INT64,
    str: DataType.STRING,
    type(None): DataType.FLOAT,
}


@dataclass
class Hub:
    """Ingestion on a database. `restart` makes it anew, as after a crash: from what the database holds."""

    engine: Engine
    settings: IngestionSettings = field(default_factory=IngestionSettings)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.counters = Counters(self.registry)
        self.restart()

    def restart(self, now: int = T0) -> None:
        self.intake = IntakeStore(Store(self.engine))
        self.fleet = self.intake.load()
        self.service = IngestionService(self.intake.begin, self.fleet, self.settings, self.counters)
        self.service.feed([Linked((GROUP,), now)], now)
        self.service.commit(now)

    def hears(self, *events: Event, now: int = T0) -> list[NodeCommand]:
        """Ingest these in one transaction, and say what the nodes are told then."""
        self.service.feed(events, now)
        self.service.commit(now)
        return self.service.commands(now)

    def rejected(self, reason: Reason) -> int:
        return int(self.counters.rejected(reason))

    def offsets(self, node: Node | None = None) -> list[tuple[str, int]]:
        """Epoch and offset of every report in the database that is no birth and no death."""
        told = self.reports(node.name) if node is not None else self.reports()
        return [
            (uuid, offset) for uuid, offset, _, _, values in told if not (uuid == OURS and values.keys() & SAID_BY_US)
        ]

    def reports(self, name: str | None = None) -> list[tuple[str, int, str, int, dict[str, Value]]]:
        """Epoch, offset, device, time and values of every report in the database."""
        with self.engine.connect() as connection:
            query = (
                select(
                    tables.epoch.c.uuid,
                    tables.report.c.offset,
                    tables.device.c.key,
                    tables.report.c.t,
                    tables.report.c.body,
                )
                .join_from(tables.report, tables.epoch)
                .join(tables.device, tables.device.c.id == tables.report.c.device_id)
                .join(tables.node, tables.node.c.id == tables.epoch.c.node_id)
                .order_by(tables.epoch.c.uuid, tables.report.c.offset)
            )
            rows = connection.execute(query if name is None else query.where(tables.node.c.name == name)).all()
            names = metric_names(connection)
        return [(*row[:4], {name: sample.value for name, sample in unpack(row.body, names).items()}) for row in rows]

    def row(self, table: str, **where: object) -> dict[str, object]:
        """The one row of this table where these columns have these values."""
        found = tables.metadata.tables[table]
        with self.engine.connect() as connection:
            query = select(found).where(*(found.c[name] == value for name, value in where.items()))
            return dict(connection.execute(query).mappings().one())

    def count(self, table: str) -> int:
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one()


def spoken(commands: list[NodeCommand], name: str) -> list[object]:
    """The values of this control metric in the commands."""
    return [metric.value for command in commands for metric in command.metrics if metric.name == name]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def hub(engine: Engine) -> Hub:
    return Hub(engine)


@pytest.fixture
def node() -> Node:
    return Node()


@cache
def _tables() -> bytes:
    """Without a row: to make them anew takes longer than most that is done with them."""
    engine = open_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.connect() as connection:
        made: bytes = connection.connection.driver_connection.serialize()  # type: ignore[union-attr]
    engine.dispose()
    return made


@pytest.fixture
def new_hub() -> Iterator[Callable[..., Hub]]:
    """Hubs for tests that need many: new_hub(**ingestion settings); in memory, or on_disk, where a kill leaves them."""
    with ExitStack() as made:

        def make(*, on_disk: bool = False, **settings: float) -> Hub:
            made.close()
            lasting = on_disk or ON_POSTGRESQL
            engine = open_engine(made.enter_context(brief_database()) if lasting else "sqlite://")
            made.callback(engine.dispose)
            if not lasting:
                with engine.connect() as connection:
                    connection.connection.driver_connection.deserialize(_tables())  # type: ignore[union-attr]
            return Hub(engine, IngestionSettings.model_validate(settings))

        yield make


@pytest.fixture
def new_node() -> type[Node]:
    return Node


@pytest.fixture
def told() -> Callable[[list[NodeCommand], str], list[object]]:
    return spoken
