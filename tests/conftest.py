"""Services that tests of several packages need. One that is missing on the machine fails the test; nothing is skipped."""

import gc
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.abuse import times

# How fast examples are made and tried says something of the machine, and nothing of what is tested.
settings.register_profile(
    "dltv", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=times(settings().max_examples)
)
settings.load_profile("dltv")

_TESTS = Path(__file__).parent
_WAIT = {"e2e", "chaos"}
"""Folders whose tests wait for brokers, containers and clocks more than they compute."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests, and all that they load, stay until the end: nobody looks for garbage among them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: one waits nearly always."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait stand among those that compute, so that workers share both; none of the long ones stands last."""
    files: dict[Path, list[pytest.Item]] = {}
    for each in items:
        files.setdefault(each.path, []).append(each)
    waiting = [file for file in files if file.relative_to(_TESTS).parts[0] in _WAIT]
    order = [file for file in files if file not in waiting]
    step = len(order) * 3 / 4 / max(1, len(waiting))
    for place, file in reversed(list(enumerate(waiting))):
        order.insert(int(place * step), file)
    items[:] = [each for file in order for each in files[file]]


MOSQUITTO = "/usr/sbin/mosquitto"
PATIENCE_S = 60.0
# Each process of tests begins somewhere else, so that two that run at once do not look for the same.
_PORTS = cycle(range(20_000 + os.getpid() * 97 % 9_000, 32_000))


def find_free_port() -> int:
    """A port that nothing uses, for TCP and UDP, below those that the kernel gives to outgoing connections.

    One of the kernel's own choice (port 0) can be gone again before the program that is told it comes to listen there.
    """
    while True:
        port = next(_PORTS)
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port


class Mosquitto:
    """A broker of our own on a free port of the loopback, which stays the same when it is started again."""

    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        self.port = find_free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(f"listener {self.port} {self.host}\nallow_anonymous true\npersistence false\n")
        self._log = folder / "mosquitto.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://{self.host}:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when it accepts connections."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._config)], stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                pytest.fail(f"mosquitto does not start: {self._log.read_text('utf-8', 'replace')}")
            time.sleep(0.01)

    def stop(self) -> None:
        """SIGTERM: connections are closed properly."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: as a power cut would end it."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_S)
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return find_free_port
