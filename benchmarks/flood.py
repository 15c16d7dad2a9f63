"""One school computer says all that its line carries: how long do the others wait until what they say can be read?

A real Mosquitto and a real `dltv-hub serve`, everything on. Twenty schools say some hundred reports a second; of a few of them it
is looked how soon each report can be read from the database after it was published. First nobody else speaks, which is what the
flood is compared with; then one more school says many times what the hub takes. What is above its share of the hub's room is
dropped and counted (hub/mqtt/inbox.py), and may be asked for again; of the others every report has to be there, and none late.
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

from sqlalchemy import Engine, text

from benchmarks.databases import database
from benchmarks.hub import register
from benchmarks.hub_load import GROUP
from benchmarks.hub_process import HubProcess, Wanted
from benchmarks.processes import broker, cpu_of_all
from hub.store.engine import open_engine

WANTED_S = 5.0
_QUIET, _LOOKED_AT, _LOUD = 20, 5, 199
_QUEUED = 20_000
"""As hub/mqtt/mosquitto_conf.py has it."""
_LOOK_S, _CALM_S, _LONGER_S = 0.05, 60.0, 10.0
_NEW = text(
    'SELECT r."offset", r.t FROM report r JOIN epoch e ON e.id = r.epoch_id WHERE e.uuid = :journal AND r."offset" > :after'
)
_COUNT = text(
    'SELECT coalesce(sum(c."last" - c."first" + 1), 0) FROM committed c JOIN epoch e ON e.id = c.epoch_id'
    " WHERE e.uuid >= :first AND e.uuid <= :last"
)


@dataclass(slots=True)
class Phase:
    """lags: seconds from publish to queryable of the schools that are looked at; stored: of all quiet ones"""

    lags: list[float] = field(default_factory=list)
    sent: int = 0
    stored: int = 0
    loud: int = 0
    loud_stored: int = 0
    dropped: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def tail(self) -> float:
        return statistics.quantiles(self.lags, n=100)[98] if len(self.lags) > 1 else float("inf")

    @property
    def worst(self) -> float:
        return max(self.lags, default=float("inf"))


class Loads:
    """Schools that speak: a process each for the quiet ones together and the loud one."""

    def __init__(self, port: int, journal: int) -> None:
        self._port, self._journal = port, journal

    @contextmanager
    def speaking(self, numbers: range, rate: float, seconds: float) -> Iterator["subprocess.Popen[str]"]:
        told = {"port": self._port, "first": numbers.start, "schools": len(numbers), "rate": rate}
        told |= {"seconds": seconds, "journal": self._journal}
        words = [sys.executable, "-m", "benchmarks.hub_load", *(f"--{name}={value}" for name, value in told.items())]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as load:
            try:
                assert load.stdout is not None
                if load.stdout.readline() != "born\n":
                    raise SystemExit("the schools could not be born")
                yield load
            finally:
                load.terminate()


def journal_of(school: int, journal: int) -> str:
    """As benchmarks/hub_load.py names them."""
    return f"6f1c1f3e-{journal:04}-4d0e-9a40-{school:012}"


class Watch:
    """Looks again and again which reports of some schools can be read that could not be before."""

    def __init__(self, engine: Engine, journal: int) -> None:
        self._engine, self._journal = engine, journal
        self._after = {journal_of(number, journal): 0 for number in range(_LOOKED_AT)}
        self.lags: list[float] = []

    def look(self) -> None:
        for journal, after in self._after.items():
            with self._engine.connect() as connection:
                told = connection.execute(_NEW, {"journal": journal, "after": after}).all()
            now = time.time()
            self.lags += [now - t / 1000 for _, t in told]
            self._after[journal] = max((offset for offset, _ in told), default=after)
        time.sleep(_LOOK_S)

    def stored(self, first: int, last: int) -> int:
        """By so many schools, in this phase's journals."""
        names = {"first": journal_of(first, self._journal), "last": journal_of(last, self._journal)}
        with self._engine.connect() as connection:
            return int(connection.execute(_COUNT, names).scalar() or 0)


@dataclass(frozen=True, slots=True)
class Ground:
    """store: its URL; broker: its process"""

    hub: HubProcess
    store: str
    broker: int
    port: int

    def cpu(self) -> dict[str, float]:
        return {"hub": self.hub.cpu_s, "broker": cpu_of_all(self.broker)}

    def dropped(self) -> float:
        return self.hub.figures().get("dltv_messages_rejected_total", 0.0)


def play(ground: Ground, options: argparse.Namespace, journal: int, loud: float) -> Phase:
    """`journal`: another one each time."""
    found, loads, engine = Phase(), Loads(ground.port, journal), open_engine(ground.store)
    watch, before = Watch(engine, journal), ground.dropped()
    with ExitStack() as ends:
        ends.callback(engine.dispose)
        # The flood is there before the others are born, and until they have ended.
        speaking = loads.speaking(range(_LOUD, _LOUD + 1), loud, options.seconds + _LONGER_S)
        flood = ends.enter_context(speaking) if loud else None
        quiet = ends.enter_context(loads.speaking(range(_QUIET), options.rate, options.seconds))
        used = ground.cpu()
        while quiet.poll() is None:
            watch.look()
        found.cpu = {name: seconds - used[name] for name, seconds in ground.cpu().items()}
        found.sent, found.loud = _sent(quiet), 0 if flood is None else _sent(flood)
        until = time.monotonic() + _CALM_S
        while watch.stored(0, _QUIET - 1) < found.sent and time.monotonic() < until:
            watch.look()
        found.stored, found.loud_stored = watch.stored(0, _QUIET - 1), watch.stored(_LOUD, _LOUD)
        found.dropped = ground.dropped() - before
    found.lags = watch.lags
    return found


def _sent(load: "subprocess.Popen[str]") -> int:
    assert load.stdout is not None
    return int(json.loads(load.stdout.read())["sent"])


def tell(what: str, phase: Phase) -> None:
    cpu = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in phase.cpu.items())
    print(f"{what}: the others said {phase.sent:,} and {phase.stored:,} are stored; processor: {cpu}")
    middle = statistics.median(phase.lags) if phase.lags else float("inf")
    print(
        f"  publish to queryable, of {len(phase.lags):,}: middle {middle:.2f} s, 99 % {phase.tail:.2f} s, "
        f"worst {phase.worst:.2f} s (wanted: {WANTED_S:g} s)"
    )
    if phase.loud:
        print(
            f"  the loud one said {phase.loud:,}: {phase.loud_stored:,} are stored, {phase.dropped:,.0f} were dropped"
        )
    sys.stdout.flush()


def measure(store: str, options: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as name, ExitStack() as ends:
        folder = Path(name)
        kept = ends.enter_context(database(store, folder))
        pid, port = ends.enter_context(broker(folder, _QUEUED))
        hub = HubProcess(folder, Wanted(port, (GROUP,), kept.url, inventory=register()))
        ends.enter_context(hub.running())
        ground = Ground(hub, kept.url, pid, port)
        calm = play(ground, options, 1, 0.0)
        tell(f"{store}, {_QUIET} schools, {options.rate:g} reports/s", calm)
        flooded = play(ground, options, 2, options.flood)
        tell(f"{store}, and one more that says {options.flood:,.0f} a second", flooded)
    print(f"  with the flood 99 % take {flooded.tail / calm.tail:.1f} times as long as without it")
    return flooded.worst < WANTED_S and flooded.stored == flooded.sent


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.flood", description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0, help="reports a second of the quiet schools together")
    parser.add_argument("--flood", type=float, default=6_000.0, help="reports a second of the loud one: 10 Mbit/s")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    return 0 if measure(options.store, options) else 1


if __name__ == "__main__":
    sys.exit(main())
