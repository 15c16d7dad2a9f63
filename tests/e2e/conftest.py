"""Our own programs, started as a person would start them, and the means to wait for what they do."""

import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page

from tests.hub.web.looking import PATIENCE_MS, chromium
from tools.visit import Visit

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90.0
ON_LOOPBACK = {"DLTV_AGENT_HOST__INTERNET": "[]", "DLTV_AGENT_HOST__NTP": "", "DLTV_HUB_ACCOUNTS__DEMO": "true"}
"""No test asks the Internet whether it is there; hubs let everybody in, as `make run` does."""


def wait_for(what: str, probe: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """The first true answer of `probe`; fails with `what` when none comes in time.

    `patience_s` is meant for a machine that has a core for each program that computes; the wait is as many times as long as
    there are programs to a core.
    """
    began = time.monotonic()
    while not (answer := probe()):
        if (waited := time.monotonic() - began) > patience_s * crowd():
            pytest.fail(f"waited {waited:.0f} s in vain for: {what}")
        time.sleep(0.05)
    return answer


def crowd() -> float:
    """Programs that computed in the last minute, to a core; one at least."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Program:
    """A process of ours, its output in a file, ended by its id at the end of the test at the latest."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self._command, self._log, self._env = command, log, {**os.environ, **ON_LOOPBACK, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Program":
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log)
        return self

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def children(self) -> list[psutil.Process]:
        """Those that it has now, and theirs."""
        assert self._process is not None
        return psutil.Process(self._process.pid).children(recursive=True)

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def kill(self) -> None:
        """SIGKILL: as a power cut would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as an operator would end it. Returns the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        if self.running:
            self._process.send_signal(how)
        return self._process.wait(timeout=PATIENCE_S)


class Hub:
    """A hub that shows itself: its JSON API, as another program would use it, and the way in for a browser."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._visit = Visit(self.url)

    def get(self, path: str) -> Any:
        """The answer as JSON, or None while there is none."""
        try:
            return self._visit.get(path)
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError):
            return None

    def let_in(self, page: Page, then: str = "/") -> None:
        """By one click, as a technician."""
        page.goto(f"{self.url}/sign-in?{urllib.parse.urlencode({'next': then})}")
        page.locator("button[value=technician]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def text(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    @property
    def ready(self) -> bool:
        return self.get("/readyz") is not None


@pytest.fixture
def page() -> Iterator[Page]:
    """Of a browser of its own, as patient as all here."""
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page


Start = Callable[..., Program]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start one of our commands: start("hub", "serve", …). All are gone when the test is over."""
    started: list[Program] = []

    def starter(package: str, *arguments: str, env: dict[str, str] | None = None) -> Program:
        log = tmp_path / f"{package}-{len(started)}.log"
        program = Program([sys.executable, "-m", package, *arguments], log, env).start()
        started.append(program)
        return program

    yield starter
    for program in reversed(started):
        program.kill()


@pytest.fixture
def hub_at() -> Callable[[int], Hub]:
    return Hub


@pytest.fixture
def until() -> Callable[..., Any]:
    return wait_for
