"""How many reports of 12 metrics does a hub take, with everything on, on the cores that it shares with its broker?

A real Mosquitto and a real `dltv-hub serve` (decoding, sessions, dedup, store, state, detection, acknowledgements, pages) take
what benchmarks/hub_load.py says for 200 schools with a computer and seven receivers each: first at the pace that is wanted, then
at half of it, where it is looked how soon a report can be read from the database after it was published. What else the machine
could do is measured in the same run (benchmarks/hub_peers.py).
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import Engine, text

from benchmarks import hub_peers
from benchmarks.databases import Database, database
from benchmarks.hub_load import FIRST_CODE, GROUP, RECEIVERS
from benchmarks.hub_process import HubProcess, Wanted
from benchmarks.machine import Paces
from benchmarks.processes import broker, cpu_of, cpu_of_all, of_process
from hub.store.engine import open_engine

RATE = 8_000
P99_S = 1.0
_SCHOOLS = 200
_LOOK_S = 0.05
_CALM_S = 60.0
_HALF_S = 15.0
_SETTLE_S = 5
_SAID = text('SELECT r."offset", r.t FROM report r WHERE r.epoch_id = :epoch AND r."offset" > :after ORDER BY 1')
_UNJUDGED = text("SELECT sum(newest - judged) FROM epoch")
_JOURNAL = text("SELECT id FROM epoch WHERE uuid LIKE '6f1c1f3e-0001%' ORDER BY id LIMIT 1")


@dataclass(slots=True)
class Run:
    """What a stretch of time came to.

    memory_mb  of the hub, and of its process that judges
    behind    what was said and not stored at its end
    unjudged  what was stored and not judged after a quarter of the time, and at its end
    cpu       seconds of the processor, by who used them
    delays    from publish to queryable, seconds
    """

    sent: int = 0
    stored: int = 0
    seconds: float = 0.0
    behind: int = 0
    unjudged: list[int] = field(default_factory=list)
    rejected: float = 0.0
    memory_mb: list[tuple[float, float]] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)


class Stage:
    """A broker, a hub and its database, each a process of its own."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder, self._database = folder, database

    @contextmanager
    def running(self) -> Iterator[None]:
        # So that what is said is judged within the run.
        more = f"[detection]\nsettle_s = {_SETTLE_S}"
        with ExitStack() as ends:
            self.broker, self.port = ends.enter_context(broker(self._folder))
            self.hub = HubProcess(self._folder, Wanted(self.port, (GROUP,), self._database.url, "", register(), more))
            ends.enter_context(self.hub.running())
            self.engine: Engine = open_engine(self._database.url)
            ends.callback(self.engine.dispose)
            yield

    def stored(self) -> int:
        return int(self.hub.figures()["dltv_reports_total"])

    def refused(self) -> float:
        return self.hub.figures().get("dltv_messages_rejected_total", 0.0)

    def cpu(self) -> dict[str, float]:
        """Seconds so far."""
        own, whole = cpu_of(self.hub.pid), self.hub.cpu_s
        used = {"hub": own, "judging": whole - own, "broker": cpu_of_all(self.broker)}
        if self._database.server is not None:
            used["postgres"] = cpu_of_all(self._database.server)
        return used

    def memory_mb(self) -> tuple[float, float]:
        """What is shared counted once: of the hub itself, and of the processes that it has started."""
        whole, hub = of_process(self.hub.pid), psutil.Process(self.hub.pid)
        own = hub.memory_full_info().pss / 1e6
        return own, max(0.0, whole.pss_mb - own)

    def unjudged(self) -> int:
        """Reports that stand in the database and are not in what detection has saved."""
        with self.engine.connect() as connection:
            return int(connection.execute(_UNJUDGED).scalar() or 0)


def register() -> dict[str, object]:
    """Schools around a town; each receiver hangs on its school's dish."""
    codes = [str(FIRST_CODE + number) for number in range(_SCHOOLS)]
    schools = [
        {"code": code, "name": f"School {at}", "lat": 14.5 + at % 20 / 50, "lon": 102 + at // 20 / 50, "pupils": 90}
        for at, code in enumerate(codes)
    ]
    devices = [
        {"school": code, "device": f"p{at}-receiver", "kind": "receiver", "room": f"p{at}", "dish": "roof"}
        for code in codes
        for at in range(1, RECEIVERS + 1)
    ]
    return {"district": {"code": GROUP, "name": "Bench"}, "schools": schools, "devices": devices}


def run(stage: Stage, rate: float, seconds: float, *, look: bool) -> Run:
    """Schools say so much for so long, then it is waited until all of it is stored, or for a while."""
    found, begun_with = Run(), stage.refused()
    options = {"port": stage.port, "rate": rate, "seconds": seconds, "schools": _SCHOOLS, "journal": int(look)}
    command = [sys.executable, "-m", "benchmarks.hub_load", *(f"--{name}={value}" for name, value in options.items())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
        assert load.stdout is not None
        if load.stdout.readline() != "born\n":
            raise SystemExit("the schools could not be born")
        before, used, begun = stage.stored(), stage.cpu(), time.monotonic()
        while load.poll() is None:
            look_at(stage, found, look=look)
        said = json.loads(load.stdout.read())
        found.seconds, found.stored = time.monotonic() - begun, stage.stored() - before
    found.sent, found.behind = said["sent"], said["sent"] - found.stored
    found.cpu = {name: seconds - used[name] for name, seconds in stage.cpu().items()} | {"load": said["cpu"]}
    wait_for(lambda: stage.stored() - before >= found.sent, _CALM_S)
    found.rejected = stage.refused() - begun_with
    return found


def look_at(stage: Stage, found: Run, *, look: bool) -> None:
    found.memory_mb.append(stage.memory_mb())
    found.unjudged.append(stage.unjudged())
    if not look:
        time.sleep(1.0)
        return
    with stage.engine.connect() as connection:
        epoch = connection.execute(_JOURNAL).scalar()
        newest = connection.execute(text('SELECT max("offset") FROM report WHERE epoch_id = :e'), {"e": epoch}).scalar()
    until = time.monotonic() + 1.0
    while epoch is not None and time.monotonic() < until:
        with stage.engine.connect() as connection:
            told = connection.execute(_SAID, {"epoch": epoch, "after": newest or 0}).all()
        now = time.time()
        found.delays += [now - said_at / 1000 for _, said_at in told]
        newest = told[-1][0] if told else newest
        time.sleep(_LOOK_S)


def tell(what: str, run: Run) -> None:
    each = ", ".join(f"{name} {seconds / max(1, run.stored) * 1e6:.0f}" for name, seconds in run.cpu.items())
    print(
        f"{what}: {run.sent / run.seconds:,.0f}/s said, {run.stored / run.seconds:,.0f}/s stored over {run.seconds:.0f} s, "
        f"{run.behind:,} behind at the end, {run.rejected:,.0f} refused; µs of the processor a report: {each}",
        flush=True,
    )
    if run.memory_mb:
        early = len(run.memory_mb) // 4
        print(
            f"  from the first quarter to the end: hub {run.memory_mb[early][0]:.0f} → {run.memory_mb[-1][0]:.0f} MB, "
            f"judging {run.memory_mb[early][1]:.0f} → {run.memory_mb[-1][1]:.0f} MB, "
            f"stored and not judged {run.unjudged[early]:,} → {run.unjudged[-1]:,}"
        )
    if run.delays:
        middle = statistics.median(run.delays)
        print(
            f"  publish to queryable: middle {middle:.2f} s, 99 % {tail(run):.2f} s of {len(run.delays)} (wanted: {P99_S:g} s)"
        )


def tail(run: Run) -> float:
    """Seconds within which 99 % could be read; nothing that was seen is no proof."""
    return statistics.quantiles(run.delays, n=100)[98] if len(run.delays) > 1 else float("inf")


def measure(store: str, rate: float, seconds: float) -> tuple[Run, Run]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        stage = Stage(Path(folder), ends.enter_context(database(store, Path(folder))))
        with stage.running():
            paces = Paces()
            paces.look()
            full = run(stage, rate, seconds, look=False)
            paces.look()
            tell(f"{store}, {rate:,.0f}/s wanted", full)
            half = run(stage, rate / 2, min(seconds, _HALF_S), look=True)
            paces.look()
            tell(f"{store}, half of it", half)
    print(f"  {paces}", flush=True)
    return full, half


def wait_for(holds: "hub_peers.Condition", at_most_s: float = 60.0) -> bool:
    until = time.monotonic() + at_most_s
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.1)
    return held


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.hub", description=__doc__)
    parser.add_argument("--seconds", type=float, default=25.0, help="of the run at full pace; 300 for the record")
    parser.add_argument("--rate", type=float, default=RATE, help="reports a second")
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    good, best = True, 0.0
    for store in ("sqlite", "postgresql") if options.store == "both" else (options.store,):
        full, half = measure(store, options.rate, options.seconds)
        pace = full.stored / full.seconds
        print(f"  {pace / options.rate:.0%} of what is wanted", flush=True)
        good &= pace > 0.99 * options.rate and tail(half) < P99_S
        best = max(best, pace)
    if options.peers:
        hub_peers.tell(best)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
