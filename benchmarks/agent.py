"""What does an agent take of its computer on a quiet day? Ten televisions asked each minute, TLS to a real Mosquitto.

Two agents run: one as it is delivered, whose processor time, memory and start are measured; and one whose day goes by fifteen
times as fast (questions, heartbeats, keepalive and acknowledgements fifteen times as often), whose bytes on the wire and on the
disk, and fsyncs, are counted over whole beats. On its day nothing leaves its dead band. A hub acknowledges what they report.
Beside them run agents of others (benchmarks/peers.py).
"""

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from agent.config import JournalSettings, UplinkSettings
from benchmarks.agent_surroundings import broker_of, open_port
from benchmarks.ceilings import against
from benchmarks.certificates import Issuer
from benchmarks.hosts import NAME, Host, a_host
from benchmarks.on_the_wire import Wire, a_wire
from benchmarks.peers import Peer, peers
from benchmarks.polling import equipment
from benchmarks.processes import Taken, counting_fsyncs, of_process, process

DAY_S, BEAT_S, HASTE, SETTLED_S, STARTS = 86_400, 600, 15, 20.0, 3
"""BEAT_S: from one heartbeat to the next, as the profiles that are delivered have it."""
CALM, HASTY = "36030001", "36030002"
BUDGET = {"PSS MB": 40.0, "CPU s/h": 1.0, "wire MB/d": 0.5, "disk MB/d": 2.0, "start s": 2.0}
HEADING = ("PSS MB", "CPU s/h", "wire MB/d", "disk MB/d", "fsyncs/d", "start s")
_DIGITS = (1, 2, 2, 2, 0, 2)
_ALONE = "DLTV_BENCH_ALONE"
_EVERY = re.compile(r"^every_s = \d+$", re.MULTILINE)
_TIMES = re.compile(r"(^every_s = |^heartbeat_s = |(?<=[a-z_]\" = )(?=3600|14400))(\d+)", re.MULTILINE)
_BANDS = re.compile(r"^dead_bands = .*$", re.MULTILINE)


Looked = tuple[str, int, int, int | None]
"""A program's name, process and port, and who else speaks with that port."""


@dataclass(frozen=True, slots=True)
class Places:
    """What the agents have to do with."""

    folder: Path
    issuer: Issuer
    ports: list[int]
    internet: int
    wire: Wire | None


@dataclass(frozen=True, slots=True)
class Look:
    """At a program: what it took since it began, and what passed its port, in bytes."""

    taken: Taken
    passed: int

    @classmethod
    def at(cls, pid: int, wire: Wire | None, port: int, other: int | None = None) -> "Look":
        """other: the port of somebody else who speaks with that port, and is not to be counted."""
        passed = 0 if wire is None else wire.bytes_of(port) - (0 if other is None else wire.bytes_of(other))
        return cls(of_process(pid), passed)


@dataclass(frozen=True, slots=True)
class Figures:
    """By the names of the heading; None: not counted."""

    name: str
    by_name: dict[str, float | None]

    def __str__(self) -> str:
        told = [self.by_name.get(name) for name in HEADING]
        words = ("–" if each is None else f"{each:,.{digits}f}" for each, digits in zip(told, _DIGITS, strict=True))
        return f"{self.name:26}" + "".join(f"{each:>11}" for each in words)

    @property
    def over(self) -> list[str]:
        found = {name: self.by_name.get(name) for name in BUDGET}
        return [f"{name} {value:.2f}" for name, value in found.items() if value is not None and value > BUDGET[name]]


@dataclass(frozen=True, slots=True)
class Span:
    before: Look
    after: Look
    seconds: float


def figures(name: str, span: Span, *, counted: bool) -> Figures:
    """For an hour, and for a day. counted: whether somebody listened to the wire."""
    before, after, seconds = span.before, span.after, span.seconds
    spent, days = after.taken.cpu_s - before.taken.cpu_s, DAY_S / seconds / 1e6
    return Figures(
        name,
        {
            "PSS MB": after.taken.pss_mb,
            "CPU s/h": spent * 3600 / seconds,
            "wire MB/d": (after.passed - before.passed) * days if counted else None,
            "disk MB/d": (after.taken.written - before.taken.written) * days,
        },
    )


def measure(devices: int, seconds: float, *, alone: bool) -> list[Figures]:
    """Ours is the first."""
    with ExitStack() as running:
        # Not in memory: what is written has to come to a disk.
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd())))
        issuer, wire = Issuer(folder), running.enter_context(a_wire())
        brokers = [running.enter_context(broker_of(folder, issuer, name)) for name in (CALM, HASTY)]
        hosts = [running.enter_context(a_host(port, issuer, {CALM: 60.0, HASTY: 60.0 / HASTE})) for port in brokers]
        internet = running.enter_context(open_port())
        places = Places(folder, issuer, running.enter_context(equipment(devices, 0)), internet, wire)
        start_s = statistics.median(_start_s(places, number, brokers[0], hosts[0]) for number in range(STARTS))
        others = [] if alone else [running.enter_context(each) for each in peers(folder)]
        calm = running.enter_context(_agent(places, CALM, brokers[0]))
        hasty = running.enter_context(_agent(places, HASTY, brokers[1], HASTE))
        greeting = _greeting(wire, brokers[1], hosts[1])
        looks: list[Looked] = [(each.name, each.pid, each.port, None) for each in others if each.pid is not None]
        looks += [("dltv-agent", calm, brokers[0], hosts[0].port), ("its quiet day", hasty, brokers[1], hosts[1].port)]
        _wait_for_the_end_of_a_beat(hasty)
        with counting_fsyncs(hasty) as fsyncs:
            before = [Look.at(pid, wire, port, other) for _, pid, port, other in looks]
            time.sleep(seconds)
            after = [Look.at(pid, wire, port, other) for _, pid, port, other in looks]
    spans = zip(looks, before, after, strict=True)
    told = [figures(look[0], Span(begun, ended, seconds), counted=wire is not None) for look, begun, ended in spans]
    *theirs, calm_day, day = told
    per_day = None if fsyncs.count is None else fsyncs.count * DAY_S / seconds / HASTE
    once = {"fsyncs/d": per_day, "start s": start_s}
    return [_ours(calm_day, day, once, greeting), *theirs, *_absent(others)]


def compared(ours: Figures, other: Figures) -> Iterator[str]:
    """Line by line, what both were measured for."""
    for name in ("PSS MB", "CPU s/h", "wire MB/d"):
        mine, theirs = ours.by_name.get(name), other.by_name.get(name)
        if mine is not None and theirs:
            what, _, unit = name.partition(" ")
            yield (
                against(f"{what} of {other.name}", mine, theirs, unit.removesuffix("/h").replace("/d", " a day")) + "\n"
            )


def _ours(calm: Figures, day: Figures, once: dict[str, float | None], greeting: int) -> Figures:
    passed, written = day.by_name["wire MB/d"], day.by_name["disk MB/d"]
    by_day = {
        "wire MB/d": None if passed is None else passed / HASTE + greeting / 1e6,
        "disk MB/d": None if written is None else written / HASTE,
    }
    return replace(calm, by_name={**calm.by_name, **by_day, **once})


def _absent(others: Sequence[Peer]) -> list[Figures]:
    return [Figures(each.name, {}) for each in others if each.pid is None]


def _greeting(wire: Wire | None, port: int, host: Host) -> int:
    """Handshake, births and first reports, in bytes: a day has them once."""
    time.sleep(SETTLED_S)
    return 0 if wire is None else wire.bytes_of(port) - wire.bytes_of(host.port)


def _wait_for_the_end_of_a_beat(pid: int) -> None:
    """So that a time of whole beats holds as many of them, and not one more or less."""
    until, written = time.monotonic() + 2 * BEAT_S / HASTE, of_process(pid).written
    while of_process(pid).written == written and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(BEAT_S / HASTE / 4)


def _whole_beats_s(seconds: float) -> float:
    return max(1, round(seconds * HASTE / BEAT_S)) * BEAT_S / HASTE


def _start_s(places: Places, number: int, broker: int, host: Host) -> float:
    """From the start of the process, with an empty journal, to its first report at the hub."""
    node = f"3603001{number}"
    host.expect(node)
    begun = time.monotonic()
    with _agent(places, node, broker):
        return host.first_report(node, within_s=60.0) - begun


@contextmanager
def _agent(places: Places, node: str, broker: int, haste: int = 1) -> Iterator[int]:
    settings = places.folder / f"{node}.toml"
    settings.write_text(_settings(places, node, broker, haste))
    env = {**os.environ, "DLTV_AGENT_HOST__INTERNET": f'["127.0.0.1:{places.internet}"]'}
    with process([sys.executable, "-m", "agent", "run", "--config", settings], env) as pid:
        yield pid


def _settings(places: Places, node: str, broker: int, haste: int) -> str:
    pair = places.issuer.issue(node)
    keepalive_s = UplinkSettings().keepalive_s / haste
    # What a poll itself takes is as long on a hurried day.
    patience_s = JournalSettings().patience_s / haste + (0.5 if haste > 1 else 0.0)
    lines = ['group = "cpm3"', f'node = "{node}"', f'host_id = "{NAME}"', "[host]", 'ntp = ""']
    lines += ["[uplink]", f'broker = "mqtts://127.0.0.1:{broker}"', f'ca = "{places.issuer.ca}"']
    lines += [
        f'certificate = "{pair.certificate}"',
        f'key = "{pair.key}"',
        f"keepalive_s = {max(5, round(keepalive_s))}",
    ]
    lines += [
        "[journal]",
        f'directory = "{places.folder}/journal"',
        f"patience_s = {patience_s:g}",
    ]
    lines += ["[discovery]", "network = false"]
    lines += ["[profiles]", f'directory = "{_profiles(places.folder, haste)}"']
    for number, port in enumerate(places.ports):
        lines += ["[[device]]", f'key = "p{number}-tv"', 'profile = "lg/rs232"']
        lines += [f'address = "tcp://127.0.0.1:{port}"']
    return "\n".join(lines) + "\n"


def _profiles(folder: Path, haste: int) -> Path:
    """Those of the two, with each question each minute, and so many times as fast; of a hurried day nothing is ever news."""
    made = folder / f"profiles-{haste}"
    for profile in ("lg/rs232", "host/linux"):
        text = files("firmware_profiles").joinpath(f"{profile}.toml").read_text("utf-8")
        text = _EVERY.sub("every_s = 60", text) if profile.startswith("lg/") else text
        text = _TIMES.sub(lambda found: f"{found[1]}{max(1, int(found[2]) // haste)}", text)
        file = made / f"{profile}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_BANDS.sub(_wide, text) if haste > 1 else text, "utf-8")
    (made / "version").write_text("2026-11-21")
    return made


def _wide(found: re.Match[str]) -> str:
    return re.sub(r"= [\d.]+", "= 1e9", found[0])


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.agent", description=__doc__)
    parser.add_argument("--devices", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=120.0, help="of measuring, after the beginning")
    parser.add_argument("--alone", action="store_true", help="without the agents of others")
    options = parser.parse_args()
    if _ALONE not in os.environ and os.geteuid() == 0 and shutil.which("unshare") is not None:
        _go_apart()
    seconds = _whole_beats_s(options.seconds)
    print(f"{options.devices} devices, each asked once a minute, {seconds:g} s")
    print(" " * 26 + "".join(f"{each:>11}" for each in HEADING), flush=True)
    ours, *others = measure(options.devices, seconds, alone=options.alone)
    for each in (ours, *others):
        print(each)
    for each in others:
        print("".join(compared(ours, each)), end="")
    print("within the budget" if not ours.over else f"NOT within the budget: {', '.join(ours.over)}")
    return 1 if ours.over else 0


def _go_apart() -> None:
    """Into a network of its own, whose loopback nobody else uses. Does not return."""
    words = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    os.execvpe(words[0], [*words, sys.executable, "-m", "benchmarks.agent", *sys.argv[1:]], {**os.environ, _ALONE: "1"})  # noqa: S606  this program again


if __name__ == "__main__":
    sys.exit(main())
