"""A child process, with small programs in the place of ours."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.programs import Program

pytestmark = pytest.mark.e2e
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up')\nwhile True: time.sleep(1)"
CHILD = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)"
OBEDIENT = "print('up')\nimport time\nwhile True: time.sleep(1)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def started(tmp_path: Path, said: list[str]) -> Iterator[Callable[[str], Program]]:
    programs: list[Program] = []

    def start(source: str) -> Program:
        program = Program("hub", [sys.executable, "-c", source], {"WORD": "given"}, tmp_path, said.append)
        programs.append(program)
        program.start()
        return program

    yield start
    for program in programs:
        program.stop(0.0)


def until(probe: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_its_lines_carry_its_name(started: Callable[[str], Program], said: list[str]) -> None:
    program = started("import sys\nprint('one')\nprint('two', file=sys.stderr)")
    until(lambda: program.exit_code is not None)
    program.drain()
    assert said == ["hub   | one", "hub   | two"]
    assert program.last_line == "two"
    assert program.exit_code == 0


def test_it_gets_its_environment_and_directory(
    started: Callable[[str], Program], said: list[str], tmp_path: Path
) -> None:
    program = started("import os\nprint(os.environ['WORD'], os.getcwd())")
    until(lambda: program.exit_code is not None)
    program.drain()
    assert said == [f"hub   | given {tmp_path.resolve()}"]


def test_it_has_a_process_group_of_its_own(started: Callable[[str], Program], said: list[str]) -> None:
    program = started("import os\nprint(os.getpgrp() == os.getpid())")
    until(lambda: program.exit_code is not None)
    program.drain()
    assert said == ["hub   | True"]


def test_asked_to_end_it_ends(started: Callable[[str], Program], said: list[str]) -> None:
    program = started(OBEDIENT)
    until(lambda: said)
    assert program.stop(20.0)
    assert program.exit_code == 128 + signal.SIGTERM


def test_what_does_not_end_in_time_is_killed(started: Callable[[str], Program], said: list[str]) -> None:
    program = started(STUBBORN)
    until(lambda: said)
    assert not program.stop(0.2)
    assert program.exit_code == 128 + signal.SIGKILL


def test_in_a_hurry_nobody_is_waited_for(started: Callable[[str], Program], said: list[str]) -> None:
    program = started(STUBBORN)
    until(lambda: said)
    began = time.monotonic()
    assert not program.stop(60.0, lambda: True)
    assert time.monotonic() - began < 30


def test_what_was_never_started_is_ended_at_once(tmp_path: Path) -> None:
    program = Program("agent", ["/nonexistent"], {}, tmp_path, print)
    assert program.exit_code is None
    assert program.stop(0.0)


def test_bytes_that_are_no_text_do_not_end_the_reading(started: Callable[[str], Program], said: list[str]) -> None:
    program = started("import sys\nsys.stdout.buffer.write(b'\\xff\\n')\nprint('after')")
    until(lambda: program.exit_code is not None)
    program.drain()
    assert said[-1] == "hub   | after"


def test_nobody_outlives_a_starter_that_is_killed(tmp_path: Path) -> None:
    source = (
        "import sys, time\nfrom pathlib import Path\nfrom tools.programs import Program\n"
        f"Program('hub', [sys.executable, '-c', {CHILD!r}], {{}}, Path('.'), lambda line: print(line, flush=True)).start()\n"
        "time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    child = int(starter.stdout.readline().removeprefix("hub   | "))
    starter.kill()
    starter.wait()
    starter.stdout.close()
    until(lambda: not Path(f"/proc/{child}").exists() or "Z (zombie)" in Path(f"/proc/{child}/status").read_text())
