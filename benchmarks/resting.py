"""What does an agent take of its computer where nothing happens? `dltv-agent run`, ten televisions, a broker, some minutes.

Processor time is the kernel's own count of each thread's, from when the beginning is over. The Internet that it asks is a port
on the loopback, and with --network it also searches a network there, in which nobody is.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.polling import equipment

SETTLED_S = 15.0
NOBODY = "127.99.7.0/24"
CPU_S_AN_HOUR, PSS_MB = 1.0, 40.0
"""The agent's budget."""


@dataclass(frozen=True, slots=True)
class Rest:
    cpu_s_an_hour: float
    pss_mb: float

    @property
    def within_budget(self) -> bool:
        return self.cpu_s_an_hour <= CPU_S_AN_HOUR and self.pss_mb <= PSS_MB


def measure(devices: int, seconds: float, *, network: bool, settled_s: float = SETTLED_S) -> Rest:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        ports = running.enter_context(equipment(devices, 0))
        broker = running.enter_context(_broker(folder))
        settings = folder / "agent.toml"
        settings.write_text(_settings(ports, folder, network=network))
        internet = running.enter_context(_open_port())
        agent = running.enter_context(_agent(settings, broker, internet))
        time.sleep(settled_s)
        before = _cpu_s(agent)
        time.sleep(seconds)
        return Rest((_cpu_s(agent) - before) * 3600 / seconds, _pss_mb(agent))


def _settings(ports: list[int], folder: Path, *, network: bool) -> str:
    lines = ['group = "cpm3"', 'node = "36030001"', 'host_id = ""', "[host]", 'ntp = ""']
    lines += ["[journal]", f'directory = "{folder}/journal"']
    lines += ["[discovery]", f"network = {str(network).lower()}", f'subnets = ["{NOBODY}"]']
    for number, port in enumerate(ports):
        lines += ["[[device]]", f'key = "p{number}-tv"', 'profile = "lg/rs232"', "every_s = 60"]
        lines += [f'address = "tcp://127.0.0.1:{port}"']
    return "\n".join(lines) + "\n"


@contextmanager
def _open_port() -> Iterator[int]:
    """Takes connections and closes them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _accept(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    file = folder / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    command = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with _process([command, "-c", str(file)], dict(os.environ)):
        yield f"mqtt://127.0.0.1:{port}"


@contextmanager
def _agent(settings: Path, broker: str, internet: int) -> Iterator[int]:
    env = {**os.environ, "DLTV_AGENT_HOST__INTERNET": f'["127.0.0.1:{internet}"]'}
    command = [sys.executable, "-m", "agent", "run", "--config", str(settings), "--broker", broker]
    with _process(command, env) as process:
        yield process


@contextmanager
def _process(command: list[str], env: dict[str, str]) -> Iterator[int]:
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield process.pid
        process.terminate()


def _cpu_s(process: int) -> float:
    """All its threads together."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def _pss_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.resting", description=__doc__)
    parser.add_argument("--devices", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=180.0)
    options = parser.parse_args()
    print(f"{options.devices} devices, each asked once a minute, {options.seconds:g} s")
    print("network  CPU s an hour  PSS MB")
    fine = True
    for network in (False, True):
        found = measure(options.devices, options.seconds, network=network)
        fine &= found.within_budget
        print(f"{'searched' if network else 'left':8} {found.cpu_s_an_hour:13.2f}  {found.pss_mb:6.1f}", flush=True)
    print("within the budget" if fine else f"NOT within the budget of {CPU_S_AN_HOUR:g} s and {PSS_MB:g} MB")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
