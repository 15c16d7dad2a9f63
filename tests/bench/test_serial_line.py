"""The pseudo-terminal, through pyserial as a stranger would use it."""

import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from bench.errors import SettingsMistake
from bench.lg_tv import LgTv
from bench.live import LiveRoom
from bench.serial_line import SerialLine
from bench.stations import Answer


class Flood:
    """Answers every byte with more than a terminal's buffer holds."""

    def feed(self, data: bytes) -> list[Answer]:
        return [Answer(b"x" * 4096)] * 8 * len(data)


@pytest.fixture
def line(in_class: LiveRoom, tmp_path: Path) -> Iterator[SerialLine]:
    line = SerialLine(tmp_path / "p1-tv", LgTv(in_class.look().room.settings.tv, in_class, random.Random(1)))
    line.open()
    yield line
    line.close()


def ask(path: Path, request: bytes, timeout_s: float = 5.0) -> bytes:
    with serial.Serial(str(path), 9600, timeout=timeout_s) as port:
        port.write(request)
        return bytes(port.read_until(b"x"))


def test_the_set_answers_under_a_stable_name(line: SerialLine) -> None:
    assert line.path.is_symlink()
    assert ask(line.path, b"ka 01 ff\r") == b"a 01 OK01x"


def test_the_line_survives_whoever_opens_and_closes_it(line: SerialLine) -> None:
    for _ in range(3):
        assert ask(line.path, b"ka 01 ff\r") == b"a 01 OK01x"


def test_the_line_is_raw_even_where_nobody_sets_it_up(line: SerialLine) -> None:
    descriptor = os.open(line.path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(descriptor, b"ka 01 ff\r")
        assert os.read(descriptor, 64) == b"a 01 OK01x"
    finally:
        os.close(descriptor)


def test_a_dead_set_is_silence_not_an_error(line: SerialLine, in_class: LiveRoom) -> None:
    in_class.change(lambda room, now: room.with_fault("tv-dead", now))
    assert ask(line.path, b"ka 01 ff\r", timeout_s=0.3) == b""


def test_a_slow_set_answers_after_a_while(line: SerialLine, in_class: LiveRoom) -> None:
    in_class.change(lambda room, now: room.with_fault("tv-slow", now))
    assert ask(line.path, b"ka 01 ff\r", timeout_s=0.05) == b""
    assert ask(line.path, b"ka 01 ff\r") == b"a 01 OK01x"


def test_closing_takes_the_name_away(in_class: LiveRoom, tmp_path: Path) -> None:
    line = SerialLine(tmp_path / "p1-tv", Flood())
    line.open()
    line.close()
    assert not line.path.is_symlink()


def test_a_link_left_behind_by_a_crash_is_replaced(in_class: LiveRoom, tmp_path: Path) -> None:
    (tmp_path / "p1-tv").symlink_to("/dev/pts/nothing")
    line = SerialLine(tmp_path / "p1-tv", LgTv(in_class.look().room.settings.tv, in_class, random.Random(1)))
    line.open()
    assert ask(line.path, b"ka 01 ff\r") == b"a 01 OK01x"
    line.close()


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "p1-tv").write_text("mine")
    with pytest.raises(SettingsMistake, match=r"p1-tv: is in the way of the serial line; remove it"):
        SerialLine(tmp_path / "p1-tv", Flood()).open()
    assert (tmp_path / "p1-tv").read_text() == "mine"


def test_a_line_that_nobody_reads_does_not_block(tmp_path: Path) -> None:
    line = SerialLine(tmp_path / "p1-tv", Flood())
    line.open()
    descriptor = os.open(line.path, os.O_RDWR | os.O_NOCTTY)
    os.write(descriptor, b"go")
    closing = threading.Thread(target=line.close)
    closing.start()
    closing.join(5)
    os.close(descriptor)
    assert not closing.is_alive()
