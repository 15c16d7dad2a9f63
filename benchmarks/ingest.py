"""How long does a report take from the event to the committed row, and from there back to detection? On one core.

Nodes of a district with their devices speak in turns: by a recording's lines, which come decoded, or as on the wire, in
protobuf with aliases and journals. Each stage is timed by itself, in CPU time; making what is said is not timed.
"""

import argparse
import gc
import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client import CollectorRegistry

from benchmarks.ceilings import against
from benchmarks.hub_peers import bare_insert
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.ingestion.arrivals import Arrival, Linked
from hub.ingestion.counters import Counters
from hub.ingestion.facts import ReportMade
from hub.ingestion.messages import Message
from hub.ingestion.reasons import Reason
from hub.ingestion.service import IngestionService
from hub.ingestion.settings import IngestionSettings
from hub.store.engine import open_engine, upgrade
from hub.store.intake import IntakeStore
from hub.store.judgements import Judgements
from hub.store.unit_of_work import Store
from wire import controls
from wire.counters import following
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, Payload, encode
from wire.topics import MessageType, Topic

GROUP = "bench"
_HEARTBEATS = 2 / 3
T0 = 1_780_286_400_000
HEARTBEAT_MS = 300_000
_EPOCH = "6f1c1f3e-7c0c-4d0e-9a40-{:012d}"
_RECEIVER = (
    ("signal/lock", DataType.BOOLEAN),
    ("signal/cnr_db", DataType.FLOAT),
    ("signal/strength_dbm", DataType.FLOAT),
    ("power/on", DataType.BOOLEAN),
    ("device/reachable", DataType.BOOLEAN),
)
_TV = (("power/on", DataType.BOOLEAN), ("input/signal", DataType.BOOLEAN), ("device/reachable", DataType.BOOLEAN))
_HOST = tuple((name, DataType.FLOAT) for name in ("host/cpu_pct", "host/cpu_temp_c", "host/mem_used_pct", "net/rtt_ms"))
_Told = Arrival | Message | ReportMade
_DEVICES = {"": _HOST, "p1-receiver": _RECEIVER, "p1-tv": _TV, "p2-receiver": _RECEIVER, "p2-tv": _TV}


@dataclass(slots=True)
class School:
    """A node that says something; `wired` as on the wire, or else as a recording has it."""

    number: int
    wired: bool
    dice: random.Random
    seq: int = 0
    offset: int = 0
    aliases: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def key(self) -> NodeKey:
        return NodeKey(GROUP, f"{36030001 + self.number}")

    def births(self, t: int) -> Iterator[Arrival | Message]:
        for device, known in _DEVICES.items():
            metrics = [self._metric(device, name, kind, t) for name, kind in known]
            if self.wired:
                metrics.append(self._numbered(device, None))
            if not device:
                metrics += self._bookkeeping()
            yield self._born(MessageType.DBIRTH if device else MessageType.NBIRTH, device, metrics, t)

    def report(self, t: int) -> Arrival | ReportMade:
        """By exception: two in three are heartbeats of a whole device, the others tell one metric that has changed."""
        device = self.dice.choice(list(_DEVICES))
        known = _DEVICES[device] if self.dice.random() < _HEARTBEATS else (self.dice.choice(_DEVICES[device]),)
        metrics = [self._metric(device, name, kind, t) for name, kind in known]
        kind = MessageType.DDATA if device else MessageType.NDATA
        if not self.wired:
            return self._recorded(device, metrics, t)
        self.offset += 1
        return self._wired(kind, device, [*metrics, self._numbered(device, self.offset)], t)

    def _recorded(self, device: str, metrics: list[Metric], t: int) -> ReportMade:
        """DATA as a replay hands it over: checked already."""
        samples = {each.name or "": Sample(each.value, each.datatype or DataType.DOUBLE) for each in metrics}
        return ReportMade(Report(DeviceKey(self.key, device), "", 0, t, samples), historical=False, at=t)

    def _metric(self, device: str, name: str, kind: DataType, t: int) -> Metric:
        value: bool | int | float = self.dice.random() < 0.5
        if kind is not DataType.BOOLEAN:
            value = self.dice.randrange(100) if kind is DataType.INT64 else round(self.dice.uniform(5, 15), 1)
        return self._named(device, Metric(name, value, kind, t))

    def _numbered(self, device: str, offset: int | None) -> Metric:
        return self._named(device, Metric(controls.JOURNAL_OFFSET, offset, DataType.UINT64))

    def _named(self, device: str, metric: Metric) -> Metric:
        if not self.wired:
            return metric
        alias = self.aliases.setdefault((device, metric.name or ""), len(self.aliases) + 1)
        return Metric(metric.name, metric.value, metric.datatype, metric.timestamp, alias)

    def _bookkeeping(self) -> list[Metric]:
        journal = [
            Metric(controls.JOURNAL_EPOCH, _EPOCH.format(self.number), DataType.STRING),
            Metric(controls.JOURNAL_OLDEST, 1, DataType.UINT64),
            Metric(controls.JOURNAL_NEWEST, 0, DataType.UINT64),
        ]
        return [Metric(BDSEQ, 0, DataType.INT64), *(journal if self.wired else ())]

    def _born(self, kind: MessageType, device: str, metrics: list[Metric], t: int) -> Arrival | Message:
        if self.wired:
            return self._wired(kind, device, metrics, t, births=True)
        seq, self.seq = self.seq, following(self.seq)
        return Message(self.key, kind, device or None, Payload(tuple(metrics), t, seq), t, plain=True)

    def _wired(self, kind: MessageType, device: str, metrics: list[Metric], t: int, *, births: bool = False) -> Arrival:
        seq, self.seq = self.seq, following(self.seq)
        if not births:
            metrics = [Metric(None, each.value, each.datatype, each.timestamp, each.alias) for each in metrics]
        payload = encode(metrics, timestamp=t, seq=seq, datatypes=births)
        return Arrival(str(Topic(GROUP, kind, self.key.name, device or None)), payload, t)


@dataclass(slots=True)
class Figures:
    """Seconds of CPU by stage, and how many reports they were for."""

    reports: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, stage: str, work: Callable[[], int]) -> int:
        begun = time.process_time()
        done = work()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - begun
        return done


class Bench:
    """A hub's ingestion and what detection reads, on a new database."""

    def __init__(self, path: Path) -> None:
        engine = open_engine(f"sqlite:///{path / 'hub.db'}")
        upgrade(engine)
        self._store = Store(engine)
        self._intake = IntakeStore(self._store)
        self._counters = Counters(CollectorRegistry())
        settings = IngestionSettings.model_validate({})
        self._service = IngestionService(self._intake.begin, self._intake.load(), settings, self._counters)
        self._service.feed([Linked((GROUP,), T0)], T0)

    def run(self, events: Sequence[_Told], now: int, figures: Figures) -> None:
        figures.reports += len(events)
        figures.timed("understand", lambda: self._feed(events, now))
        figures.timed("commit", lambda: len(self._service.commit(now)))
        read = figures.timed("read back", self._read_back)
        if read != len(events):
            raise SystemExit(f"{len(events)} were told and {read} are judged: {self._refused()}")

    def _feed(self, events: Iterable[_Told], now: int) -> int:
        self._service.feed(events, now)
        return 0

    def _read_back(self) -> int:
        read = 0
        with self._store.begin() as work:
            judgements = Judgements(work.connection)
            judged: dict[NodeKey, dict[str, int]] = {}
            for node in judgements.waiting():
                for journal in judgements.unjudged(node, {}):
                    reports = list(journal)
                    read += len(reports)
                    judged.setdefault(node, {})[reports[-1].epoch] = reports[-1].offset
            judgements.save({}, judged)
        return read

    def _refused(self) -> dict[str, float]:
        return {str(reason): count for reason in Reason if (count := self._counters.rejected(reason))}


def measure(schools: int, batches: int, batch: int, *, wired: bool, path: Path) -> Figures:
    """Births are not in the figures."""
    dice = random.Random(7)
    district = [School(number, wired, dice) for number in range(schools)]
    bench, figures, t = Bench(path), Figures(), T0
    bench.run([said for school in district for said in school.births(t)], t, Figures())
    for _ in range(batches):
        events = []
        for _ in range(batch):
            t += HEARTBEAT_MS // (schools * len(_DEVICES))
            events.append(dice.choice(district).report(t))
        bench.run(events, t, figures)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=100)
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--batch", type=int, default=20_000, help="reports in one transaction")
    parser.add_argument("--gc", type=int, default=50_000, help="objects made before the youngest are looked through")
    args = parser.parse_args()
    gc.set_threshold(args.gc, 20, 50)
    print("| said | " + " | ".join(("understand", "commit", "read back")) + " | together | a second |")
    print("|---|---|---|---|---|---|")
    for wired in (False, True):
        with TemporaryDirectory() as folder:
            figures = measure(args.schools, args.batches, args.batch, wired=wired, path=Path(folder))
        each = {stage: seconds / figures.reports * 1e6 for stage, seconds in figures.seconds.items()}
        cells = [*(f"{micro:.1f} µs" for micro in each.values()), f"{sum(each.values()):.1f} µs"]
        said = "on the wire" if wired else "by a recording"
        print(f"| {said} | {' | '.join(cells)} | {1e6 / sum(each.values()):,.0f} |")
    print(
        against("a bare insert of rows of 12 values, on one core", 1e6 / sum(each.values()), bare_insert(), "reports/s")
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
