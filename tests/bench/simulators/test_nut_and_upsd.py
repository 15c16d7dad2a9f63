"""NUT's own upsd with its simulated UPS (Debian's nut-server), for our bench to be held against: what one says the other says.

Both programs are started by the test, on a free port and in a folder of their own; one that is missing fails the test.
"""

import getpass
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.app import Bench

PROGRAMS = Path("/lib/nut")
PATIENCE_S = 60.0
DESCRIPTION = 'Class "P1"'
HEALTHY = {"ups.status": "OL", "battery.charge": "100"}
QUESTIONS = (
    "NETVER",
    "HELP",
    "LIST UPS",
    "LIST",
    "LIST VAR",
    "LIST VAR other",
    "LIST CLIENT ups",
    "LIST PLANETS",
    "GET",
    "GET VAR",
    "GET VAR ups ups.status",
    'get VAR "ups" ups.status',
    "GET VAR ups nothing",
    "GET VAR other ups.status",
    "GET UPSDESC ups",
    "GET UPSDESC other",
    "GET NUMLOGINS ups",
    "GET PLANET x",
    "SET VAR ups ups.id x",
    "INSTCMD ups load.off",
    "LOGIN ups",
    "FSD ups",
    "STARTTLS",
    "MAKE TEA",
    "",
    "VER x",
    "USERNAME a",
    "USERNAME",
    "LOGOUT",
)


class Upsd:
    """upsd and a dummy-ups behind it, whose words stand in a file."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._log = folder / "nut.log"
        says = folder / "ups.dev"
        files = {
            "ups.dev": "".join(f"{name}: {value}\n" for name, value in HEALTHY.items()),
            "ups.conf": f'[ups]\ndriver = dummy-ups\nport = {says}\nmode = dummy-loop\ndesc = "Class \\"P1\\""\n',
            "upsd.conf": f"LISTEN 127.0.0.1 {self.port}\n",
            "upsd.users": "",
        }
        for name, text in files.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)
        places = dict.fromkeys(("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH"), str(folder))
        self._environment = {**os.environ, **places}
        self.driver = self._start("dummy-ups", "-a", "ups")
        self.server = self._start("upsd")

    def ask(self, line: str) -> str:
        """The first line of the answer."""
        return _asked("127.0.0.1", self.port, line)

    def until(self, line: str, answer: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (said := self._tried(line)) != answer:
            if time.monotonic() > deadline:
                pytest.fail(f"{line!r} is still answered by {said!r}: {self._log.read_text('utf-8', 'replace')}")
            time.sleep(0.05)

    def stop(self) -> None:
        for process in (self.server, self.driver):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(PROGRAMS / program), *arguments, "-F", "-u", getpass.getuser()]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def _tried(self, line: str) -> str:
        try:
            return self.ask(line)
        except OSError:
            return ""


def _asked(host: str, port: int, line: str) -> str:
    with socket.create_connection((host, port), timeout=60) as caller, caller.makefile("rb") as answer:
        caller.sendall(f"{line}\n".encode())
        return answer.readline().decode().rstrip("\n")


@pytest.fixture(scope="module")
def upsd(tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]) -> Iterator[Upsd]:
    server = Upsd(tmp_path_factory.mktemp("nut"), free_port())
    try:
        server.until("GET VAR ups ups.status", 'VAR ups ups.status "OL"')
        yield server
    finally:
        server.stop()


@pytest.fixture
def simulated(bench_of: Callable[..., Bench]) -> Callable[[str], str]:
    """Asks our own upsd, with the same UPS behind it."""
    port: Any = bench_of("nut", ups="ups", description=DESCRIPTION).ports("unit")[0]
    return lambda line: _asked(port.host, port.port, line)


@pytest.mark.e2e
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_bench_answers_as_upsd_does(upsd: Upsd, simulated: Callable[[str], str], question: str) -> None:
    assert simulated(question) == upsd.ask(question)


@pytest.mark.e2e
def test_both_lists_of_variables_have_one_form(upsd: Upsd, simulated: Callable[[str], str]) -> None:
    assert simulated("LIST VAR ups") == upsd.ask("LIST VAR ups") == "BEGIN LIST VAR ups"


@pytest.mark.e2e
def test_a_lost_driver_has_the_same_words(
    tmp_path_factory: pytest.TempPathFactory, bench_of: Callable[..., Bench], free_port: Callable[[], int]
) -> None:
    server = Upsd(tmp_path_factory.mktemp("nut"), free_port())
    try:
        server.until("GET VAR ups ups.status", 'VAR ups ups.status "OL"')
        server.driver.kill()
        server.driver.wait(PATIENCE_S)
        server.until("GET VAR ups ups.status", "ERR DRIVER-NOT-CONNECTED")
    finally:
        server.stop()
    bench = bench_of("nut", ups="ups")
    bench.live.change(lambda school, now: school.with_fault("unit-no-driver", now))
    port: Any = bench.ports("unit")[0]
    assert _asked(port.host, port.port, "GET VAR ups ups.status") == "ERR DRIVER-NOT-CONNECTED"
