"""Are all devices polled on time while some of them hang? One agent's polling, many televisions on TCP, some mute, some mad.

A poll is due at the beginning and then after each interval. Late is the time from there until all that was due is answered.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from agent.adapters.links import open_link
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.services.devices import Device, build_device
from agent.services.polling import Polling
from benchmarks.ceilings import against
from firmware_profiles.loader import load_catalog

PROFILE = "lg/rs232"
ON_TIME_S = 0.5
"""A poll that is later than this is counted as late."""


@dataclass(frozen=True, slots=True)
class Plan:
    begun: float
    every_s: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Used:
    """What polling took of the computer."""

    cpu_s: float
    pss_mb: float
    threads: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Lateness in seconds of all polls that were due of sound devices. `lost`: how many of their polls got no answer."""

    due: int
    lost: int
    median_s: float
    p99_s: float
    worst_s: float
    used: Used

    @property
    def on_time(self) -> bool:
        return self.worst_s < ON_TIME_S and not self.lost


class Record:
    """on_poll: when each device was polled."""

    def __init__(self) -> None:
        self.at: defaultdict[str, list[float]] = defaultdict(list)
        self.lost: defaultdict[str, int] = defaultdict(int)

    def __call__(self, poll: Poll) -> None:
        key = poll.device or ""
        self.at[key].append(time.monotonic())
        self.lost[key] += poll.problem is not None


@contextmanager
def equipment(sound: int, hanging: int) -> Iterator[list[int]]:
    mute = hanging - hanging // 2
    command = [sys.executable, "-m", "benchmarks.equipment", str(sound), str(mute), str(hanging - mute)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield json.loads(running.stdout.readline())
        # Leaving closes its standard input, which ends it.


def measure(devices: int, hanging: int, every_s: float, seconds: float) -> Figures:
    with equipment(devices - hanging, hanging) as ports:
        record, process = Record(), psutil.Process()
        polling = Polling([_device(number, port, every_s) for number, port in enumerate(ports)], record, SystemClock())
        before = _cpu_s(process)
        begun = time.monotonic()
        polling.start()
        time.sleep(seconds)
        used = Used(_cpu_s(process) - before, process.memory_full_info().pss / 1e6, process.num_threads())
        polling.stop()
    return _figures(record, [f"d{number}" for number in range(devices - hanging)], Plan(begun, every_s, seconds), used)


def _device(number: int, port: int, every_s: float) -> Device:
    settings = DeviceSettings(key=f"d{number}", profile=PROFILE, address=f"tcp://127.0.0.1:{port}", every_s=every_s)
    return build_device(settings, load_catalog(), open_link)


def _late(polls: list[float], due: float, plan: Plan) -> float:
    """The first poll that ended after it was due counts; where there is none, all the time that was left."""
    return next((at - due for at in polls if at >= due), plan.begun + plan.seconds - due)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _figures(record: Record, sound: list[str], plan: Plan, used: Used) -> Figures:
    dues = [plan.begun + number * plan.every_s for number in range(int(plan.seconds / plan.every_s))]
    late = sorted(_late(record.at[key], due, plan) for key in sound for due in dues)
    return Figures(
        due=len(late),
        lost=sum(record.lost[key] for key in sound),
        median_s=statistics.median(late),
        p99_s=late[int(len(late) * 0.99)],
        worst_s=late[-1],
        used=used,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.polling", description=__doc__)
    parser.add_argument("--devices", type=int, default=64)
    parser.add_argument("--hanging", type=int, default=8)
    parser.add_argument("--every", type=float, default=2.0, metavar="S", help="interval of the fastest poll")
    parser.add_argument("--seconds", type=float, default=40.0)
    options = parser.parse_args()
    print(f"{options.devices} devices, one poll in {options.every:g} s each, {options.seconds:g} s")
    print("hanging   due  lost  late: median     99 %    worst  CPU s  PSS MB  threads")
    on_time, measured = True, []
    for hanging in (0, options.hanging):
        found = measure(options.devices, hanging, options.every, options.seconds)
        on_time &= found.on_time
        measured.append(found)
        print(
            f"{hanging:7}  {found.due:4}  {found.lost:4}  {found.median_s * 1000:9.0f} ms {found.p99_s * 1000:5.0f} ms "
            f"{found.worst_s * 1000:5.0f} ms  {found.used.cpu_s:5.2f}  {found.used.pss_mb:6.1f}  {found.used.threads:7}"
        )
    alone, beside = measured
    print(against("the worst lateness where none hangs", beside.worst_s * 1000, alone.worst_s * 1000, "ms"))
    print("all others were polled on time" if on_time else f"NOT on time: late by more than {ON_TIME_S:g} s, or lost")
    return 0 if on_time else 1


if __name__ == "__main__":
    sys.exit(main())
