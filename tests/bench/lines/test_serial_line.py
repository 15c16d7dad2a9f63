"""The pseudo-terminal, through pyserial as a stranger would use it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from bench.errors import SettingsMistake
from bench.lines.serial_line import SerialLine
from bench.lines.trouble import Trouble


class Flood:
    """Answers every byte with more than a terminal's buffer holds."""

    ended = False

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"x" * 32_768 * len(data)


@pytest.fixture
def line(tmp_path: Path, echo: Any, trouble: Trouble) -> Iterator[SerialLine]:
    line = SerialLine(tmp_path / "p1-tv", echo, trouble)
    line.open()
    yield line
    line.close()


def ask(path: Path, request: bytes, timeout_s: float = 60.0) -> bytes:
    with serial.Serial(str(path), 9600, timeout=timeout_s) as port:
        port.write(request)
        return bytes(port.read_until(b"x"))


def test_the_set_answers_under_a_stable_name(line: SerialLine) -> None:
    assert line.path.is_symlink()
    assert ask(line.path, b"hellox") == b"hellox"


def test_the_line_survives_whoever_opens_and_closes_it(line: SerialLine) -> None:
    for _ in range(3):
        assert ask(line.path, b"hellox") == b"hellox"


def test_the_line_is_raw_even_where_nobody_sets_it_up(line: SerialLine) -> None:
    descriptor = os.open(line.path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(descriptor, b"a\rb")
        assert os.read(descriptor, 64) == b"a\rb"
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("code", ["dead", "silent"])
def test_a_dead_set_is_silence_not_an_error(line: SerialLine, broken: Any, code: str) -> None:
    broken.break_(code)
    assert ask(line.path, b"hellox", timeout_s=0.3) == b""


def test_a_slow_set_answers_after_a_while(line: SerialLine, broken: Any) -> None:
    broken.break_("slow")
    asked = time.monotonic()
    assert ask(line.path, b"hellox") == b"hellox"
    assert time.monotonic() - asked > 0.25


def test_a_pulled_adapter_is_gone_and_comes_back_as_another_under_its_name(line: SerialLine) -> None:
    with serial.Serial(str(line.path), 9600, timeout=60) as port:
        line.close()
        assert not line.path.is_symlink()
        with pytest.raises(serial.SerialException):
            port.read(1)
    line.open()
    assert ask(line.path, b"hellox") == b"hellox"


def test_opening_twice_is_harmless(line: SerialLine) -> None:
    before = line.path.readlink()
    line.open()
    assert line.path.readlink() == before


def test_closing_takes_the_name_away(line: SerialLine) -> None:
    line.close()
    line.close()
    assert not line.path.is_symlink()


def test_a_link_left_behind_by_a_crash_is_replaced(tmp_path: Path, echo: Any, trouble: Trouble) -> None:
    (tmp_path / "p1-tv").symlink_to("/dev/pts/nothing")
    line = SerialLine(tmp_path / "p1-tv", echo, trouble)
    line.open()
    assert ask(line.path, b"hellox") == b"hellox"
    line.close()


def test_a_file_in_the_way_is_left_alone(tmp_path: Path, trouble: Trouble) -> None:
    (tmp_path / "p1-tv").write_text("mine")
    with pytest.raises(SettingsMistake, match=r"p1-tv: is in the way of the serial line; remove it"):
        SerialLine(tmp_path / "p1-tv", Flood, trouble).open()
    assert (tmp_path / "p1-tv").read_text() == "mine"


def test_a_line_that_nobody_reads_does_not_block(tmp_path: Path, trouble: Trouble) -> None:
    line = SerialLine(tmp_path / "p1-tv", Flood, trouble)
    line.open()
    descriptor = os.open(line.path, os.O_RDWR | os.O_NOCTTY)
    for _ in range(3):
        os.write(descriptor, b"go")
    assert os.read(descriptor, 1) == b"x"
    os.close(descriptor)
    line.close()
    assert not line.path.is_symlink()
