import os
import stat
import time
from pathlib import Path

import pytest

from agent.adapters.command_link import MAX_OUTPUT
from agent.adapters.links import open_link
from agent.core.device_address import parse_address
from agent.errors import LinkLost
from agent.ports import Link
from firmware_profiles.links import CommandLink
from firmware_profiles.links import Link as Settings

PATIENCE_S = 60.0


def program(folder: Path, text: str) -> str:
    """A program of this text, as the address of one."""
    file = folder / "tool"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return f"command:{file}"


def opened(address: str, *, run: tuple[str, ...] = ("absent-tool", "-s"), **more: bool) -> Link:
    settings = Settings(command=CommandLink(run=run, **more), timeout_ms=5000)
    return open_link(parse_address(address, settings), settings)


def output(link: Link) -> bytes:
    """All of it, up to its end."""
    whole, deadline = b"", time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        piece = link.receive(0.5)
        if piece == b"":
            return whole
        whole += piece or b""
    pytest.fail("the output has no end")


def test_words_of_the_request_are_arguments(tmp_path: Path) -> None:
    link = opened(program(tmp_path, 'printf "%s|" "$@"'))
    link.send(b"-a 0 $HOME;ls\n")
    assert output(link) == b"-s|-a|0|$HOME;ls|"
    link.close()


def test_the_request_may_be_the_input(tmp_path: Path) -> None:
    link = opened(program(tmp_path, "cat; echo $#"), input=True)
    link.send(b"pow 0\n")
    assert output(link) == b"pow 0\n1\n"
    link.close()


def test_errors_are_read_only_where_they_are_wanted(tmp_path: Path) -> None:
    address = program(tmp_path, "echo out; echo err >&2")
    for wanted, told in ((False, b"out\n"), (True, b"out\nerr\n")):
        link = opened(address, errors=wanted)
        link.send(b"\n")
        assert output(link) == told
        link.close()


def test_a_program_can_be_asked_again(tmp_path: Path) -> None:
    link = opened(program(tmp_path, 'echo "$2"'))
    for word in (b"one\n", b"two\n"):
        link.send(word)
        assert output(link) == word
    link.close()


def test_a_program_that_fails_has_told_nothing(tmp_path: Path) -> None:
    link = opened(program(tmp_path, "echo half; exit 3"))
    link.send(b"\n")
    with pytest.raises(LinkLost, match="ended with 3"):
        output(link)
    link.close()


def test_a_program_that_is_not_there_is_told() -> None:
    link = opened("command:")
    with pytest.raises(LinkLost, match="absent-tool: No such file"):
        link.send(b"\n")
    assert link.receive(0.01) is None
    link.close()


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    link = opened(program(tmp_path, f"sleep 600 & echo $! $$ > {pids}.new; mv {pids}.new {pids}; echo begun; wait"))
    link.send(b"\n")
    assert link.receive(PATIENCE_S) == b"begun\n"
    assert link.receive(0.05) is None
    link.close()
    child, own = (int(one) for one in pids.read_text().split())
    deadline = time.monotonic() + PATIENCE_S
    while any(_is_alive(pid) for pid in (child, own)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_a_flood_of_output_is_cut_off(tmp_path: Path) -> None:
    link = opened(program(tmp_path, "exec yes"))
    link.send(b"\n")
    size = 0
    while size < MAX_OUTPUT:
        size += len(link.receive(PATIENCE_S) or b"")
    with pytest.raises(LinkLost):
        link.receive(PATIENCE_S)
    assert size <= MAX_OUTPUT + 4096
    link.close()


def test_nothing_of_this_process_is_inherited(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    link = opened(program(tmp_path, "ls /proc/self/fd | wc -l"))
    link.send(b"\n")
    assert int(output(link)) <= 4
    link.close()
    os.close(reading)
    os.close(writing)
