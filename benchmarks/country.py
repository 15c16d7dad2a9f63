"""A whole country on a morning: thousands of school computers at a real Mosquitto, and a hub that is restarted amid it.

Each node has a TCP connection, a session and a journal of its own (country_nodes.py), and six rooms with a receiver and a
television. Between 08:20 and 08:35 everything is switched on; the quarter of an hour is told in a fraction of it. Half-way
through the hub is stopped and started again, and as it comes back the lines of a fifth of the nodes break at once. At the end
it is looked whether the store has every report of every journal exactly once.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from sqlalchemy import insert

from benchmarks.ceilings import against
from benchmarks.country_ledger import Ledger, Samples
from benchmarks.country_school import MORNING_S, district_of, name_of
from benchmarks.country_stage import Stage
from benchmarks.databases import database
from benchmarks.hub import wait_for
from benchmarks.machine import Paces
from hub.store.opening import open_store
from hub.store.tables import school

NODES = 13_400
LAG_S = 5.0
BACK_WITHIN_S = 120.0
_HOST_ID = "hub"
_IN_A_PROCESS = 3_400
_CONNECTED_A_SECOND = 400
_PATIENCE_S = 600.0
_LOOK_S = 0.5
_TELL_S = 30.0
_CUT_WITHIN_S = 5.0
_SPARE_FILES = 500


@dataclass(slots=True)
class Crowds:
    """The processes of the nodes, and what each of them told last."""

    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    told: list[dict[str, float]] = field(default_factory=list)
    samples: Samples = field(default_factory=Samples)

    def start(self, port: int, nodes: int, ends: ExitStack) -> None:
        count = -(-nodes // _IN_A_PROCESS)
        firsts = [nodes * at // count for at in range(count + 1)]
        for first, after in pairwise(firsts):
            words = ["--port", port, "--host-id", _HOST_ID, "--first", first, "--nodes", after - first]
            words += ["--all", nodes, "--within", max(2.0, nodes / _CONNECTED_A_SECOND)]
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.country_nodes", *map(str, words)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            ends.callback(_end, process)
            self.processes.append(process)
            self.told.append({})
            threading.Thread(target=self._listen, args=(len(self.told) - 1,), daemon=True).start()

    def order(self, words: str) -> None:
        for at, process in enumerate(self.processes):
            assert process.stdin is not None
            process.stdin.write(words.replace("#", str(at)) + "\n")
            process.stdin.flush()

    def count(self, name: str) -> int:
        return int(sum(each.get(name, 0) for each in self.told))

    def worst(self, name: str) -> float:
        return max(each.get(name, 0.0) for each in self.told)

    def each(self, name: str) -> bool:
        return all(each.get(name) for each in self.told)

    def _listen(self, at: int) -> None:
        output = self.processes[at].stdout
        assert output is not None
        for line in output:
            told = json.loads(line)
            self.samples.add(told.pop("samples", ()))
            self.told[at] = {**self.told[at], **told}


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(30)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def register(url: str, nodes: int) -> None:
    """The schools, as they were imported once."""
    store = open_store(url)
    rows = [{"group": district_of(at), "code": name_of(at), "name": f"School {at}"} for at in range(nodes)]
    with store.begin() as work:
        work.connection.execute(insert(school), rows)
    store.close()


class Morning:
    """Runs it, and tells what it sees."""

    def __init__(self, stage: Stage, crowds: Crowds, ledger: Ledger, nodes: int, factor: float) -> None:
        self._stage, self._crowds, self._ledger = stage, crowds, ledger
        self._nodes, self._factor = nodes, factor
        self._begun = self._told = time.monotonic()
        self.worst_lag_s, self.good, self.pace = 0.0, True, 0.0

    def run(self) -> None:
        self._wait("all nodes are born", lambda: self._crowds.count("born") == self._nodes)
        births = self._crowds.count("births")
        tell(f"{self._nodes:,} nodes connected and born in {self._gone():.0f} s, {births:,} NBIRTHs")
        self._wait("all births are stored", lambda: self._ledger.born() == self._nodes)
        tell(f"  all of them are stored after {self._gone():.0f} s")
        self._crowds.order(f"dawn {self._factor:g}")
        dawn, seconds = time.monotonic(), MORNING_S / self._factor
        self._watch_until(lambda: time.monotonic() - dawn > 0.4 * seconds)
        tell(f"  the morning so far: {self._crowds.count('made'):,} reports, worst lag {self.worst_lag_s:.1f} s")
        self._restart(births)
        self._wait("the morning is over", lambda: self._crowds.each("done"))
        self._calm("after the morning")
        self._settle(dawn)

    def _restart(self, births: int) -> None:
        begun, self.worst_lag_s = time.monotonic(), 0.0
        self._stage.restart(self._look)
        ready = time.monotonic() - begun
        cut, broken = round(self._nodes / 5), self._crowds.count("broken")
        self._crowds.order("cut 0.2")
        tell(f"hub restarted: ready after {ready:.1f} s; the lines of {cut:,} nodes break")
        told_by = time.monotonic() + _CUT_WITHIN_S
        self._watch_until(lambda: self._crowds.count("broken") >= broken + cut or time.monotonic() > told_by)
        self._wait(
            f"lag below {LAG_S:g} s for good",
            lambda: self._crowds.count("born") == self._nodes and self._ledger.lag_s() < LAG_S,
        )
        back = time.monotonic() - begun
        more = self._crowds.count("births") - births
        asked, wanted = self._crowds.count("rebirths_asked"), self._nodes + cut
        self.good &= back <= BACK_WITHIN_S and more <= 1.1 * wanted
        tell(
            f"  lag below {LAG_S:g} s again {back:.0f} s after the restart began (wanted: {BACK_WITHIN_S:g}), worst "
            f"{self.worst_lag_s:.1f} s; {more:,} NBIRTHs for {wanted:,} sessions that began anew, {asked:,} rebirth requests"
        )
        broken, away = self._crowds.count("broken"), self._crowds.count("sent_away")
        tell(f"  {away:,} nodes left because the hub said goodbye; {broken:,} lines broke, of which {cut:,} were cut")

    def _settle(self, dawn: float) -> None:
        made = self._crowds.count("made")
        took = time.monotonic() - dawn
        self.pace = made / took
        tell(f"{made:,} reports in {took:.0f} s ({made / took:,.0f}/s; in life {made / MORNING_S:,.0f}/s)")
        tell(f"  behind its plan the load was at most {self._crowds.worst('late_s'):.1f} s")
        again, replays = self._crowds.count("again"), self._crowds.count("replays_asked")
        tell(f"  forwarded or told again {again:,} times; the hub asked for replay {replays:,} times")

    def _calm(self, when: str) -> None:
        self._wait(f"everything is stored {when}", lambda: self._ledger.stored() >= self._crowds.count("made"))

    def _watch_until(self, holds: "Callable[[], bool]") -> None:
        while not holds():
            self._look()

    def _look(self) -> None:
        if any(process.poll() is not None for process in self._crowds.processes):
            raise SystemExit("a process of nodes has ended")
        self._stage.look()
        lag = self._ledger.lag_s()
        self.worst_lag_s = max(self.worst_lag_s, lag)
        if time.monotonic() - self._told > _TELL_S:
            self._told = time.monotonic()
            self._progress(lag)
        time.sleep(_LOOK_S)

    def _progress(self, lag: float) -> None:
        """How far it is, for whoever waits, or breaks it off and wants to know why it took so long."""
        count = self._crowds.count
        tell(
            f"    {self._gone():4.0f} s: {count('made'):,} reports made, {self._ledger.stored():,} stored, lag {lag:.0f} s; "
            f"{count('births'):,} NBIRTHs, {count('broken'):,} lines broken; "
            f"asked for {count('rebirths_asked'):,} births, {count('replays_asked'):,} replays"
        )

    def _wait(self, what: str, holds: "Callable[[], bool]") -> None:
        until = time.monotonic() + _PATIENCE_S
        while not holds():
            self._look()
            if time.monotonic() > until:
                raise SystemExit(f"waited {_PATIENCE_S:g} s in vain until {what}: {self._crowds.told}")

    def _gone(self) -> float:
        return time.monotonic() - self._begun


def verify(crowds: Crowds, ledger: Ledger, folder: Path) -> bool:
    """Every report of every journal is in the store, once, of its device and time."""
    crowds.order(f"sums {folder}/sums-#.csv")
    if not wait_for(lambda: crowds.each("summed"), _PATIENCE_S):
        raise SystemExit("the nodes do not tell what is in their journals")
    wanted = dict(_sums(folder))
    found = ledger.sums()
    wrong = sum(found.get(key) != sums for key, sums in wanted.items()) + len(found.keys() - wanted.keys())
    tell(f"{sum(each[0] for each in wanted.values()):,} reports of {len(wanted):,} devices compared: {wrong} differ")
    return not wrong


def _sums(folder: Path) -> Iterator[tuple[tuple[str, str], tuple[int, int, int]]]:
    for file in folder.glob("sums-*.csv"):
        for line in file.read_text().splitlines():
            uuid, key, *sums = line.split(",")
            yield (uuid, key), (int(sums[0]), int(sums[1]), int(sums[2]))


def tell(what: str) -> None:
    print(what, flush=True)


def allow_files(nodes: int) -> None:
    """One for each connection, in the broker; each process of nodes has a part of them."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = nodes + _SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise SystemExit(f"a process may open {hard} files here; {wanted} are needed: ulimit -Hn, or fewer --nodes")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def country(nodes: int, factor: float, store: str) -> bool:
    with tempfile.TemporaryDirectory() as name, ExitStack() as ends:
        folder = Path(name)
        groups = sorted({district_of(at) for at in range(nodes)})
        stage = Stage(folder, ends.enter_context(database(store, folder)), _HOST_ID, groups)
        register(stage.database.url, nodes)
        ends.enter_context(stage.running())
        crowds = Crowds()
        ledger = Ledger(stage.database.url, crowds.samples)
        ends.callback(ledger.close)
        crowds.start(stage.port, nodes, ends)
        tell(f"{store}: {nodes:,} nodes in {len(groups)} districts, time {factor:g} times as fast")
        morning, paces = Morning(stage, crowds, ledger, nodes, factor), Paces()
        paces.look()
        morning.run()
        paces.look()
        tell(f"  {paces}")
        tell(stage.told() + f", the nodes {crowds.count('cpu'):,} s")
        made = crowds.count("made")
        each = made / stage.hub_cpu_s
        tell(
            against(
                "one core at what the hub took for each, births and restart included", morning.pace, each, "reports/s"
            )
        )
        return verify(crowds, ledger, folder) and morning.good


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.country", description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_340, help=f"{NODES} for the country")
    parser.add_argument("--factor", type=float, help="by which the morning is faster than in life")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    allow_files(options.nodes)
    # So that about as much comes in a second as comes in a country's morning; of the whole country twice as much.
    factor = options.factor or (15.0 if options.nodes < NODES // 4 else 2.0)
    return 0 if country(options.nodes, factor, options.store) else 1


if __name__ == "__main__":
    sys.exit(main())
