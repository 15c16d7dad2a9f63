"""One school computer says all that its line carries: how long do the others wait until what they say can be read?

A real Mosquitto and a real `dltv-hub serve`, everything on, as a hub is delivered: over TLS, each school with a certificate, and
the hub keeps the broker's rules and sends away whom it hears too much of (hub/mqtt/sending_away.py). Twenty schools say some
hundred reports a second; of a few of them it is looked how soon each report can be read from the database after it was published.
First nobody else speaks, which is what the flood is compared with; then, while they speak, one more school begins to say many
times what the hub takes, and comes back each second when it is cut off. Then another says as many bytes in few messages, about as
long as the broker lets through: each reading stands in them hundreds of times. All that the others say has to be there, in time.

With `--open` the same without rules and TLS as well: what is above the flood's share of the hub's room is dropped and counted
(hub/mqtt/inbox.py), and what the hub cannot even read fills the broker's queue for it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks.databases import database
from benchmarks.flood_load import Fate
from benchmarks.guarded import enrol, guarded_broker
from benchmarks.hub import register
from benchmarks.hub_load import FIRST_CODE, GROUP
from benchmarks.hub_process import HubProcess, Wanted
from benchmarks.peers import free_port
from benchmarks.processes import broker, cpu_of_all
from hub.core.equipment import NodeKey
from hub.store.engine import open_engine

WANTED_S = 5.0
_QUIET, _LOOKED_AT, _LOUD, _LONG = 20, 5, 199, 198
_TIMES = 600
"""Of each reading in a long message, which comes to 160 kB."""
_QUEUED = 20_000
"""As hub/mqtt/mosquitto_conf.py has it."""
_LOOK_S, _CALM_S, _BEFORE_S = 0.05, 60.0, 3.0
_NEW = text(
    'SELECT r."offset", r.t FROM report r JOIN epoch e ON e.id = r.epoch_id WHERE e.uuid = :journal AND r."offset" > :after'
)
_COUNT = text(
    'SELECT coalesce(sum(c."last" - c."first" + 1), 0) FROM committed c JOIN epoch e ON e.id = c.epoch_id'
    " WHERE e.uuid >= :first AND e.uuid <= :last"
)


@dataclass(frozen=True, slots=True)
class Loud:
    """A school that floods: its number, messages a second, and how often each reading stands in one."""

    first: int
    rate: float
    times: int = 1


@dataclass(slots=True)
class Phase:
    """lags: seconds from publish to queryable of the schools that are looked at; stored: of all quiet ones"""

    lags: list[float] = field(default_factory=list)
    sent: int = 0
    stored: int = 0
    loud: Fate | None = None
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

    def __init__(self, ground: "Ground", journal: int) -> None:
        self._told: dict[str, object] = {"port": ground.port, "journal": journal}
        if ground.keys is not None:
            self._told["keys"] = ground.keys

    @contextmanager
    def speaking(self, program: str, **told: object) -> Iterator["subprocess.Popen[str]"]:
        """Once it is ready."""
        words = [sys.executable, "-m", program, *(f"--{name}={value}" for name, value in (self._told | told).items())]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
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
    """store: its URL; broker: its process; keys: the folder with the certificates of the schools, where they need any"""

    hub: HubProcess
    store: str
    broker: int
    port: int
    keys: Path | None = None

    def cpu(self) -> dict[str, float]:
        return {"hub": self.hub.cpu_s, "broker": cpu_of_all(self.broker)}

    def dropped(self) -> float:
        return self.hub.figures().get("dltv_messages_rejected_total", 0.0)


@contextmanager
def open_ground(store: str, folder: Path) -> Iterator[Ground]:
    """Everybody is let in, and nobody sent away."""
    with database(store, folder) as kept, broker(folder, _QUEUED) as (pid, port):
        hub = HubProcess(folder, Wanted(port, (GROUP,), kept.url, inventory=register()))
        with hub.running():
            yield Ground(hub, kept.url, pid, port)


@contextmanager
def guarded_ground(store: str, folder: Path) -> Iterator[Ground]:
    """As it is delivered."""
    port, files, keys = free_port(), folder / "broker", folder / "keys"
    with database(store, folder) as kept:
        hub = HubProcess(folder, Wanted(port, (GROUP,), kept.url, inventory=register(), guarded=files))
        hub.write()
        enrol(hub.config, [NodeKey(GROUP, str(FIRST_CODE + number)) for number in (*range(_QUIET), _LOUD, _LONG)], keys)
        with guarded_broker(hub.config, files, port) as pid, hub.running():
            yield Ground(hub, kept.url, pid, port, keys)


def play(ground: Ground, options: argparse.Namespace, journal: int, loud: Loud | None = None) -> Phase:
    """`journal`: another one each time."""
    found, loads, engine = Phase(), Loads(ground, journal), open_engine(ground.store)
    watch, before, flood = Watch(engine, journal), ground.dropped(), None
    with ExitStack() as ends:
        ends.callback(engine.dispose)
        if loud is not None:
            said = asdict(loud) | {"seconds": options.seconds - _BEFORE_S}
            flood = ends.enter_context(loads.speaking("benchmarks.flood_load", **said))
        calm = {"first": 0, "schools": _QUIET, "rate": options.rate, "seconds": options.seconds}
        quiet = ends.enter_context(loads.speaking("benchmarks.hub_load", **calm))
        used, begins = ground.cpu(), time.monotonic() + _BEFORE_S
        while quiet.poll() is None:
            watch.look()
            if flood is not None and found.loud is None and time.monotonic() > begins:
                found.loud = Fate()
                _begin(flood)
        found.cpu = {name: seconds - used[name] for name, seconds in ground.cpu().items()}
        found.sent = int(_told(quiet)["sent"])
        if flood is not None:
            found.loud = Fate(**_told(flood))
        until = time.monotonic() + _CALM_S
        while watch.stored(0, _QUIET - 1) < found.sent and time.monotonic() < until:
            watch.look()
        found.stored, found.dropped = watch.stored(0, _QUIET - 1), ground.dropped() - before
    found.lags = watch.lags
    return found


def _begin(flood: "subprocess.Popen[str]") -> None:
    assert flood.stdin is not None
    flood.stdin.write("now\n")
    flood.stdin.flush()


def _told(load: "subprocess.Popen[str]") -> dict[str, Any]:
    assert load.stdout is not None
    told: dict[str, Any] = json.loads(load.stdout.read())
    return told


def tell(what: str, phase: Phase) -> None:
    cpu = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in phase.cpu.items())
    print(f"{what}: the others said {phase.sent:,} and {phase.stored:,} are stored; processor: {cpu}")
    middle = statistics.median(phase.lags) if phase.lags else float("inf")
    print(
        f"  publish to queryable, of {len(phase.lags):,}: middle {middle:.2f} s, 99 % {phase.tail:.2f} s, "
        f"worst {phase.worst:.2f} s (wanted: {WANTED_S:g} s)"
    )
    if phase.loud is not None:
        cut = "it was never cut off"
        if phase.loud.cut_s is not None:
            cut = f"cut off after {phase.loud.cut_s:.1f} s, {phase.loud.refused} times not let in again"
        print(
            f"  the loud one said {phase.loud.sent:,}; {cut}; {phase.dropped:,.0f} messages or values were refused by the hub"
        )
    sys.stdout.flush()


def measure(what: str, ground: AbstractContextManager[Ground], options: argparse.Namespace) -> bool:
    with ground as stage:
        calm = play(stage, options, 1)
        tell(f"{what}, {_QUIET} schools, {options.rate:g} reports/s", calm)
        flooded = play(stage, options, 2, Loud(_LOUD, options.flood))
        tell(f"{what}, and one more that says {options.flood:,.0f} a second", flooded)
        long = play(stage, options, 3, Loud(_LONG, options.flood / _TIMES, _TIMES))
        tell(
            f"{what}, and one more that says {options.flood / _TIMES:,.0f} a second, each {_TIMES} times as long", long
        )
    print(
        f"  with the floods 99 % take {flooded.tail / calm.tail:.1f} and {long.tail / calm.tail:.1f} times as long as without"
    )
    return all(each.worst < WANTED_S and each.stored == each.sent for each in (flooded, long))


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.flood", description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0, help="reports a second of the quiet schools together")
    parser.add_argument("--flood", type=float, default=6_000.0, help="reports a second of the loud one: 10 Mbit/s")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--open", action="store_true", help="beside it the same at a broker without rules")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        holds = measure(f"{options.store}, with rules", guarded_ground(options.store, Path(name)), options)
    if options.open:
        with tempfile.TemporaryDirectory() as name:
            measure(f"{options.store}, open", open_ground(options.store, Path(name)), options)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
