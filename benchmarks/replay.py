"""How fast does the hub replay recordings on one core, and does its memory grow with their length?

Two recordings of the same simulated district, the second several times as long. The figures are those of the whole command:
reading, ingestion, detection, tickets, database, result.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ceilings import against, read_lines
from benchmarks.machine import Paces

TARGET = 20_000
"""Reports a second, on one core."""
GROWTH = 1.25
"""A recording so many times as long may take so much more memory: for schools that have come to know more of themselves."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`cpu_s` is what the command used of its one core; `s` the time by the clock."""

    days: int
    reports: int
    s: float
    cpu_s: float
    peak_mb: float
    tickets: int

    @property
    def pace(self) -> float:
        return self.reports / self.cpu_s


def record(schools: int, days: int, scenario: str, into: Path) -> None:
    command = ["simulate", "--schools", str(schools), "--days", str(days), "--scenario", scenario, "--out", str(into)]
    subprocess.run([sys.executable, "-m", "hub", *command], check=True, stderr=subprocess.DEVNULL)


def replay(days: int, place: Path) -> Figures:
    """In a process of its own, which may use one core."""
    files = ["--inventory", place / "inventory.json", "--recording", place / "recording.ndjson.gz"]
    command = [sys.executable, "-m", "hub", "replay", *map(str, files), "--out", str(place / "result.json")]
    core = min(os.sched_getaffinity(0))
    process = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, {core}), stderr=subprocess.DEVNULL)  # noqa: PLW1509  no threads here
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return _figures(days, json.loads((place / "result.json").read_bytes()), used)


def _figures(days: int, result: dict[str, object], used: resource.struct_rusage) -> Figures:
    counts, tickets = result["counts"], result["tickets"]
    assert isinstance(counts, dict)
    assert isinstance(tickets, list)
    return Figures(
        days=days,
        reports=counts["messages"],
        s=counts["seconds"],
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / 1024,
        tickets=len(tickets),
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.replay", description=__doc__)
    parser.add_argument("--schools", type=int, default=40)
    parser.add_argument("--days", type=int, default=4, help="of the shorter recording")
    parser.add_argument("--times", type=int, default=4, help="so many times as long is the longer one")
    parser.add_argument("--scenario", default="storms", help="of the simulator")
    options = parser.parse_args()
    print(f"{options.schools} schools, one core")
    print("days     reports   by the clock     CPU   reports/s of CPU   peak MB   tickets")
    measured, paces = [], Paces()
    for days in (options.days, options.days * options.times):
        with tempfile.TemporaryDirectory() as place:
            record(options.schools, days, options.scenario, Path(place))
            paces.look()
            found = replay(days, Path(place))
            paces.look()
            bare = read_lines(Path(place) / "recording.ndjson.gz")
        measured.append(found)
        print(
            f"{found.days:4}  {found.reports:10,}  {found.s:11.1f} s  {found.cpu_s:5.1f} s  {found.pace:17,.0f}"
            f"  {found.peak_mb:8.0f}  {found.tickets:8}"
        )
    short, long = measured
    print(against("reading the recording alone, on one core", long.pace, bare, "reports/s"))
    print(f"  {paces}")
    fast, flat = long.pace >= TARGET, long.peak_mb <= GROWTH * short.peak_mb
    print(f"{'fast enough' if fast else f'NOT fast enough: {TARGET:,}/s are wanted'}; ", end="")
    print("memory does not grow with the length" if flat else "memory GROWS with the length")
    return 0 if fast and flat else 1


if __name__ == "__main__":
    sys.exit(main())
