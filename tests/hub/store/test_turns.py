"""Processes that write to one file take turns, whoever ends in the midst of it."""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store.turns import Turns
from tests.conftest import PATIENCE_S

HOLD = """
import sys
from pathlib import Path
from hub.store.turns import Turns
with Turns(Path(sys.argv[1])).mine():
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def turns(tmp_path: Path) -> Iterator[Turns]:
    one = Turns(tmp_path)
    yield one
    one.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process whose turn it is until its input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"mine\n"
        yield process
        process.kill()


def waiting_for(turns: Turns) -> tuple[threading.Thread, threading.Event]:
    had = threading.Event()

    def take() -> None:
        with turns.mine():
            had.set()

    thread = threading.Thread(target=take)
    thread.start()
    return thread, had


def test_one_waits_for_the_turn_of_another(turns: Turns, other: "subprocess.Popen[bytes]") -> None:
    thread, had = waiting_for(turns)
    assert not had.wait(0.2)
    assert other.stdin is not None
    other.stdin.close()
    assert had.wait(PATIENCE_S)
    thread.join(PATIENCE_S)


def test_the_turn_of_one_that_is_killed_is_over(turns: Turns, other: "subprocess.Popen[bytes]") -> None:
    thread, had = waiting_for(turns)
    other.kill()
    assert had.wait(PATIENCE_S)
    thread.join(PATIENCE_S)


def test_one_that_wants_to_write_again_at_once_comes_after_one_that_waits(tmp_path: Path) -> None:
    """Each with descriptors of its own: to the kernel they are two processes."""
    greedy, patient = Turns(tmp_path), Turns(tmp_path)
    order: list[str] = []

    def wait() -> None:
        with patient.mine():
            order.append("patient")

    thread = threading.Thread(target=wait)
    probe = os.open(tmp_path / "hub.lock.next", os.O_RDWR)
    with greedy.mine():
        thread.start()
        while _is_free(probe):
            assert thread.is_alive()
    with greedy.mine():
        order.append("greedy")
    thread.join(PATIENCE_S)
    assert order == ["patient", "greedy"]
    os.close(probe)
    greedy.close()
    patient.close()


def _is_free(lock: int) -> bool:
    """Whether nobody holds the place of the next."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lock, fcntl.LOCK_UN)
    return True
