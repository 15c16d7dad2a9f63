"""A launcher comes and goes with the bench, and never over a file that is somebody else's."""

import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.errors import SettingsMistake
from bench.lines.program import Program
from bench.lines.trouble import Trouble
from bench.stations import Call, Printed, ProgramPlug


def echo(call: Call) -> Printed:
    return Printed(out=" ".join(call.arguments) + call.typed, err="aside", code=3)


@pytest.fixture
def program(lone: Any, tmp_path: Path) -> Program:
    return Program(tmp_path, ProgramPlug("tool", echo), Trouble(lone("cec-client").unit))


def test_it_hands_over_arguments_and_input_and_gives_back_all_three(program: Program) -> None:
    program.open()
    program.open()
    answer = subprocess.run(
        [program.path, "-a", "b c"], input="typed", capture_output=True, text=True, timeout=60, check=False
    )
    assert (answer.stdout, answer.stderr, answer.returncode) == ("-a b ctyped", "aside", 3)
    program.close()
    program.close()
    assert list(program.path.parent.iterdir()) == []


def test_it_opens_again_after_it_was_closed(program: Program) -> None:
    for _ in range(2):
        program.open()
        assert subprocess.run([program.path], input="", capture_output=True, timeout=60, check=False).returncode == 3
        program.close()


def test_another_file_of_that_name_is_in_the_way(program: Program) -> None:
    program.path.write_text("mine")
    with pytest.raises(SettingsMistake, match="in the way"):
        program.open()
    assert program.path.read_text() == "mine"


def test_two_devices_cannot_have_one_program(program: Program, lone: Any) -> None:
    program.open()
    with pytest.raises(SettingsMistake, match="another device's"):
        Program(program.path.parent, ProgramPlug("tool", echo), Trouble(lone("cec-client").unit)).open()
    assert subprocess.run([program.path], input="", capture_output=True, timeout=60, check=False).returncode == 3
    program.close()


def test_what_a_bench_that_died_left_behind_is_taken_over(program: Program) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(program.path.parent / ".tool.sock"))
    left.close()
    program.path.write_text("#! an old launcher")
    program.open()
    assert subprocess.run([program.path], input="", capture_output=True, timeout=60, check=False).returncode == 3
    program.close()


def test_a_directory_too_deep_for_a_socket_is_said(lone: Any, tmp_path: Path) -> None:
    deep = Program(tmp_path / ("d" * 120), ProgramPlug("tool", echo), Trouble(lone("cec-client").unit))
    with pytest.raises(SettingsMistake, match="too long"):
        deep.open()
