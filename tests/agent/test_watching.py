"""`dltv-agent run` on a computer at which a set is plugged in later: it is asked once, and reports as a device of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.core.births import KIND, PROFILE, ROOM

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
pytestmark = pytest.mark.e2e
BENCH = """
[morning]
receiver_on_after_s = 0
tv_on_after_s = 0
projector_on_after_s = 0
[[device]]
key = "t1"
room = "p1"
speaks = "lg-rs232"
line = "l1"
"""


class Program:
    """A command of ours as a process, its output in a file."""

    def __init__(self, log: Path, *command: str) -> None:
        self._log = log
        env = {**os.environ, "PYTHONPATH": str(ROOT), "DLTV_AGENT_HOST__INTERNET": "[]", "DLTV_AGENT_HOST__NTP": ""}
        with log.open("wb") as out:
            self.process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env, stdout=out, stderr=out)

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8")

    def until(self, probe: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not probe():
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def begin(*command: str) -> Program:
        programs.append(Program(tmp_path / f"{command[0]}.log", *command))
        return programs[-1]

    yield begin
    for each in programs:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait(10)


@pytest.fixture
def plug(start: Callable[..., Program], tmp_path: Path) -> Callable[[str], None]:
    """Plugs the bench's set in: its line appears under this name."""
    settings, folder = tmp_path / "bench.toml", tmp_path / "bench"
    settings.write_text(BENCH)
    bench = start("bench", "run", str(settings), "--dir", str(folder))
    bench.until((folder / "control.sock").exists)
    return lambda name: (tmp_path / name).symlink_to((folder / "l1").resolve())


@pytest.fixture
def run(start: Callable[..., Program], mosquitto: Any, tmp_path: Path) -> Callable[..., Program]:
    """The agent, looking four times a second at the lines usb-*."""

    def begin(more: str = "") -> Program:
        file = tmp_path / "agent.toml"
        file.write_text(f'[discovery]\nevery_s = 0.25\nserial = ["{tmp_path}/usb-*"]\n{more}')
        who = ("--group", "cpm3", "--node", "36010001", "--journal", str(tmp_path / "journal"))
        return start("agent", "run", "--config", str(file), "--broker", mosquitto.url, "--host-id", "", *who)

    return begin


def test_a_set_that_is_plugged_in_later_is_born_and_reports(
    run: Any, plug: Any, tmp_path: Path, small_host: Any
) -> None:
    agent = run()
    small_host.until("a birth", lambda: small_host.of_kind("NBIRTH"))
    plug("usb-1")
    birth = small_host.until("a birth of the set", lambda: small_host.of_kind("DBIRTH new-tv-1"), PATIENCE_S)[0]
    assert (birth.metrics[KIND].value, birth.metrics[PROFILE].value) == ("tv", "lg/rs232")
    assert birth.metrics["Properties/model"].value
    assert ROOM not in birth.metrics
    assert len(small_host.of_kind("NBIRTH")) == 2
    data = small_host.until("its data", lambda: small_host.of_kind("DDATA new-tv-1"))[0]
    assert data.metrics["power/on"].value is True
    lines = [line for line in agent.output.splitlines() if "dltv-agent discover --apply" in line]
    assert len(lines) == 1
    assert f"{tmp_path}/usb-1: found lg/rs232" in lines[0]
    assert (small_host.errors, small_host.gaps) == ([], 0)
    assert agent.stop() == 0
    assert "Traceback" not in agent.output


def test_a_line_where_nothing_is_recognised_is_told_once_and_a_configured_one_left_alone(
    run: Any, plug: Any, tmp_path: Path, small_host: Any
) -> None:
    plug("usb-1")
    (tmp_path / "usb-2").touch()
    device = f'[[device]]\nkey = "p1-tv"\nprofile = "lg/rs232"\naddress = "serial:{tmp_path}/usb-1"\n'
    agent = run(device)
    agent.until(lambda: "usb-2: nothing known answers there" in agent.output)
    small_host.until("data", lambda: small_host.of_kind("DDATA p1-tv"))
    (tmp_path / "usb-3").touch()
    agent.until(lambda: "usb-3: nothing known answers there" in agent.output)
    assert agent.output.count("usb-2: nothing") == 1
    assert not any("new-tv" in brief for brief in small_host.briefs)
    assert agent.stop() == 0
