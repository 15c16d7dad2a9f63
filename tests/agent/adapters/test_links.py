import os
import pty
import socket
import tty
from collections.abc import Iterator

import pytest

from agent.adapters.links import open_link
from agent.core.device_address import parse_address
from agent.errors import LinkLost
from firmware_profiles.links import Link, SerialLink, TcpLink

SETTINGS = Link(serial=SerialLink(), tcp=TcpLink(port=1), timeout_ms=60_000)


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """The other end of a serial line, and its name."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_bytes_go_over_a_serial_line(line: tuple[int, str]) -> None:
    master, name = line
    link = open_link(parse_address(name, SETTINGS), SETTINGS)
    link.send(b"ka 01 ff\r")
    assert os.read(master, 100) == b"ka 01 ff\r"
    os.write(master, b"a 01 OK01x")
    assert link.receive(60) == b"a 01 OK01x"
    link.close()


def test_a_silent_serial_line_gives_nothing(line: tuple[int, str]) -> None:
    link = open_link(parse_address(line[1], SETTINGS), SETTINGS)
    assert link.receive(0) is None
    assert link.receive(0.01) is None
    link.close()


def test_a_serial_line_that_is_not_there_is_told() -> None:
    with pytest.raises(LinkLost, match=r"/dev/ttyUSB99: there is no such serial line; is the adapter plugged in\?"):
        open_link(parse_address("/dev/ttyUSB99", SETTINGS), SETTINGS)


def test_what_is_no_serial_line_is_told(tmp_path: os.PathLike[str]) -> None:
    path = os.path.join(tmp_path, "file")  # noqa: PTH118
    os.close(os.open(path, os.O_CREAT))
    with pytest.raises(LinkLost):
        open_link(parse_address(path, SETTINGS), SETTINGS)


def test_a_serial_line_in_use_is_told(line: tuple[int, str]) -> None:
    link = open_link(parse_address(line[1], SETTINGS), SETTINGS)
    with pytest.raises(LinkLost, match="another program has this serial line"):
        open_link(parse_address(line[1], SETTINGS), SETTINGS)
    link.close()


def test_a_serial_line_that_goes_away_is_lost() -> None:
    master, slave = pty.openpty()
    tty.setraw(slave)
    link = open_link(parse_address(os.ttyname(slave), SETTINGS), SETTINGS)
    os.close(slave)
    os.close(master)
    with pytest.raises(LinkLost):
        link.receive(1)
    with pytest.raises(LinkLost):
        link.send(b"ka 01 ff\r")
    link.close()


def test_a_closed_serial_line_is_lost(line: tuple[int, str]) -> None:
    link = open_link(parse_address(line[1], SETTINGS), SETTINGS)
    link.close()
    link.close()
    with pytest.raises(LinkLost):
        link.receive(0.01)


def test_bytes_go_over_tcp(listener: socket.socket) -> None:
    link = open_link(parse_address(f"tcp://127.0.0.1:{listener.getsockname()[1]}", SETTINGS), SETTINGS)
    peer, _ = listener.accept()
    link.send(b"%1POWR ?\r")
    assert peer.recv(100) == b"%1POWR ?\r"
    assert link.receive(0) is None
    assert link.receive(0.01) is None
    peer.sendall(b"%1POWR=1\r")
    assert link.receive(60) == b"%1POWR=1\r"
    peer.close()
    assert link.receive(60) == b""
    link.close()


def test_a_refused_connection_is_told(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(LinkLost, match=f"tcp://127.0.0.1:{port}: "):
        open_link(parse_address(f"tcp://127.0.0.1:{port}", SETTINGS), SETTINGS)


def test_a_name_that_nobody_has_is_told() -> None:
    with pytest.raises(LinkLost, match="there is no host of this name"):
        open_link(parse_address("tcp://nobody.invalid:1", SETTINGS), SETTINGS)


def test_a_reset_connection_is_lost(listener: socket.socket) -> None:
    link = open_link(parse_address(f"tcp://127.0.0.1:{listener.getsockname()[1]}", SETTINGS), SETTINGS)
    peer, _ = listener.accept()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    peer.close()
    with pytest.raises(LinkLost):
        link.receive(60)
    link.close()


def test_a_look_at_a_quiet_line_leaves_room_for_the_next_request(listener: socket.socket) -> None:
    address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    link = open_link(parse_address(address, SETTINGS), SETTINGS)
    other, _ = listener.accept()
    with other:
        assert link.receive(0) is None
        link.send(b"?")
        assert other.recv(10) == b"?"
        other.sendall(b"!")
        assert link.receive(60) == b"!"
        other.shutdown(socket.SHUT_WR)
        assert link.receive(60) == b""
    link.close()
