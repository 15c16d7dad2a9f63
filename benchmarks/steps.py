"""What does each step of a live hub take of the processor for a report of 12 metrics: understand, commit, judge?

What benchmarks/hub_load.py says for 200 schools goes through ingestion, the database, detection and tickets as `dltv-hub serve`
puts them together, in one process, without a broker and without a clock. Each step is timed by itself, in CPU time.
"""

import argparse
import cProfile
import gc
import pstats
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

from prometheus_client import CollectorRegistry
from sqlalchemy import text

from benchmarks.databases import database
from benchmarks.hub import register
from benchmarks.hub_load import GROUP, NOW, RECEIVERS, School
from benchmarks.processes import cpu_of_all
from hub.config import HubSettings
from hub.ingestion.arrivals import Arrival, Linked
from hub.ingestion.counters import Counters
from hub.ingestion.service import IngestionService
from hub.judging import LIVE, Judging, make_detection
from hub.store.engine import open_engine, upgrade
from hub.store.intake import IntakeStore
from hub.store.inventory import Inventory, register_schools
from hub.store.registration import register_devices
from hub.store.unit_of_work import Store
from hub.tickets.service import Tickets

T0 = 1_780_887_600_000
"""A Monday with class, at ten."""
_SCHOOLS = 200
_RATE = 8_000
_SETTLE_S = 5
_GARBAGE = (50_000, 20, 50)
_UNJUDGED = text("SELECT sum(newest - judged) FROM epoch")


@dataclass(slots=True)
class Figures:
    """Seconds of CPU by step, for each batch of so many reports. server: the process whose own work is told beside each step"""

    batch: int = 1
    server: int | None = None
    seconds: dict[str, list[float]] = field(default_factory=dict)
    profile: cProfile.Profile | None = None
    profiled: str = ""

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        profile = self.profile if step == self.profiled else None
        used = 0.0 if self.server is None else cpu_of_all(self.server)
        begun = time.process_time()
        if profile is not None:
            profile.enable()
        yield
        if profile is not None:
            profile.disable()
        self.seconds.setdefault(step, []).append(time.process_time() - begun)
        if self.server is not None:
            self.seconds.setdefault(f"{step} (server)", []).append(cpu_of_all(self.server) - used)

    @property
    def means(self) -> dict[str, float]:
        """µs a report."""
        return {step: fmean(each) / self.batch * 1e6 for step, each in self.seconds.items()}

    @property
    def middles(self) -> dict[str, float]:
        """The same of the batch in the middle, which what else the machine does touches least."""
        return {step: median(each) / self.batch * 1e6 for step, each in self.seconds.items()}


class Hub:
    """The steps of hub/runtime.py, one after the other."""

    def __init__(self, url: str) -> None:
        engine = open_engine(url)
        upgrade(engine)
        self._store = Store(engine)
        settings = HubSettings.model_validate({"groups": [GROUP], "detection": {"settle_s": _SETTLE_S}})
        inventory = Inventory.model_validate(register())
        intake = IntakeStore(self._store)
        fleet = intake.load()
        register_schools(self._store, inventory)
        register_devices(self._store, inventory)
        fleet.register = inventory.register
        counters = Counters(CollectorRegistry())
        self._ingestion = IngestionService(intake.begin, fleet, settings.ingestion, counters)
        self._judging = Judging(self._store, make_detection(settings, inventory, LIVE), Tickets(settings.tickets))
        self._ingestion.feed([Linked((GROUP,), T0)], T0)

    def step(self, events: list[Arrival], now: int, figures: Figures) -> None:
        with figures.timed("understand"):
            self._ingestion.feed(events, now)
        with figures.timed("commit"):
            nodes = self._ingestion.commit(now)
            self._ingestion.commands(now)
        with figures.timed("judge"):
            self._judging.judge(nodes, now)

    def finish(self, now: int) -> None:
        """Judge what is left, and save it. Raises SystemExit where that is not all."""
        self._judging.tick(now, listening=True)
        while self._judging.behind:
            self._judging.tick(now, listening=True)
        self._judging.tick(now + LIVE.save_ms, listening=True)
        with self._store.reading() as connection:
            left = connection.execute(_UNJUDGED).scalar()
        if left:
            raise SystemExit(f"{left} reports were not judged")


def arrival(packet: bytes, at: int) -> Arrival:
    """What a broker makes of a packet of PUBLISH by QoS 0."""
    body = 3 if packet[1] & 0x80 else 2
    (length,) = struct.unpack(">H", packet[body : body + 2])
    begin = body + 2
    return Arrival(packet[begin : begin + length].decode(), packet[begin + length :], at)


def measure(url: str, batches: int, batch: int, figures: Figures) -> None:
    """Births are not in the figures, nor what follows them until the first reports are judged."""
    hub, schools, t = Hub(url), [School(number) for number in range(_SCHOOLS)], T0
    hub.step([arrival(packet, t) for school in schools for packet in school.births(t)], t, Figures())
    turns = [(school, at) for at in range(RECEIVERS + 1) for school in schools]
    number = 0
    for each in range(-(_SETTLE_S + 1) * _RATE // batch, batches):
        t += batch * 1000 // _RATE
        stamp, events = _varint(t), []
        for _ in range(batch):
            school, at = turns[number % len(turns)]
            said = b"".join(school.report(at, number // len(turns)))
            events.append(arrival(said.replace(NOW, stamp), t))
            number += 1
        hub.step(events, t, figures if each >= 0 else Figures())
    hub.finish(t + (_SETTLE_S + 1) * 1000)


def _varint(number: int) -> bytes:
    return bytes([(number >> (7 * at)) & 0x7F | (0x80 if at < 5 else 0) for at in range(6)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.steps", description=__doc__)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--batch", type=int, default=2_000, help="reports in one transaction")
    parser.add_argument("--postgresql", action="store_true", help="the server's own processor time is told beside")
    parser.add_argument("--profile", default="", help="of this step say which functions take its time")
    options = parser.parse_args()
    gc.set_threshold(*_GARBAGE)
    profile = cProfile.Profile() if options.profile else None
    figures = Figures(options.batch, profile=profile, profiled=options.profile)
    store = "postgresql" if options.postgresql else "sqlite"
    with TemporaryDirectory() as folder, database(store, Path(folder)) as kept:
        figures.server = kept.server
        measure(kept.url, options.batches, options.batch, figures)
    print(f"{options.batches * options.batch:,} reports of 12 metrics; µs of the processor a report")
    for what, found in (("mean", figures.means), ("batch in the middle", figures.middles)):
        told = ", ".join(f"{step} {micro:.1f}" for step, micro in found.items())
        print(f"  {what}: {told}, together {sum(found.values()):.1f}")
    if figures.profile is not None:
        pstats.Stats(figures.profile, stream=sys.stdout).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
