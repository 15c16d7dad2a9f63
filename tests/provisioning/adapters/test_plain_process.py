"""A real process, though not a real agent: a script where the agent's program would be."""

import os
import signal
import sys
from pathlib import Path

import pytest

from provisioning.adapters.files import DiskFiles
from provisioning.adapters.plain_process import PlainProcess
from provisioning.core.layout import Layout
from provisioning.errors import OperatorError
from tests.provisioning.simulators import wait_for

# Not a shell's: that cannot trap a signal which was ignored when it was started, as SIGHUP is under nohup.
SCRIPT = f"""#!{sys.executable}
import signal, sys

def write(line):
    with open(sys.argv[6] + ".log", "a") as file:
        file.write(line + "\\n")

def end(*_):
    write("term")
    sys.exit(0)

signal.signal(signal.SIGHUP, lambda *_: write("hup"))
signal.signal(signal.SIGTERM, end)
write(" ".join(sys.argv[2:5]))
while True:
    signal.pause()
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout.linux(tmp_path)
    for folder in (layout.own, layout.settings, layout.releases / "1" / "bin"):
        folder.mkdir(parents=True)
    program = layout.releases / "1" / "bin" / "python"
    program.write_text(SCRIPT)
    program.chmod(0o755)
    DiskFiles().point(layout.current, layout.releases / "1")
    return layout


def log(layout: Layout) -> list[str]:
    path = layout.config.with_name("agent.toml.log")
    return path.read_text().splitlines() if path.exists() else []


def test_an_agent_is_started_told_and_stopped(layout: Layout) -> None:
    services = PlainProcess(layout, DiskFiles())
    services.start()
    wait_for(lambda: log(layout) == ["-m agent run"])
    assert services.is_running()
    services.reload()
    wait_for(lambda: log(layout)[1:] == ["hup"])
    services.remove()
    assert log(layout)[2:] == ["term"]
    assert not services.is_running()


def test_starting_twice_starts_one(layout: Layout) -> None:
    services = PlainProcess(layout, DiskFiles())
    services.start()
    pid = (layout.own / "agent.pid").read_text()
    PlainProcess(layout, DiskFiles()).start()
    assert (layout.own / "agent.pid").read_text() == pid
    services.restart()
    assert (layout.own / "agent.pid").read_text() != pid
    services.remove()


def test_a_number_that_was_given_to_another_process_is_left_alone(layout: Layout) -> None:
    (layout.own / "agent.pid").write_text(f"{os.getpid()} 1\n")
    services = PlainProcess(layout, DiskFiles())
    assert not services.is_running()
    services.remove()
    services.reload()


def test_an_agent_that_has_died_does_not_run(layout: Layout) -> None:
    services = PlainProcess(layout, DiskFiles())
    services.start()
    os.kill(int((layout.own / "agent.pid").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: not services.is_running())


def test_a_release_without_its_program_is_told(layout: Layout) -> None:
    (layout.current / "bin" / "python").unlink()
    with pytest.raises(OperatorError, match="cannot be started"):
        PlainProcess(layout, DiskFiles()).start()
