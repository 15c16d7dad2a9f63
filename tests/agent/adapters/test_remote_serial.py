"""Serial lines that are somewhere else: behind a network port, or on a USB adapter that may be plugged in anywhere."""

import os
import pty
import socket
import threading
import tty
from collections.abc import Iterator

import pytest
import serial
from serial import rfc2217
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from agent.adapters.links import open_link
from agent.core.device_address import parse_address
from agent.errors import LinkLost
from agent.ports import Link
from firmware_profiles.links import Link as Settings
from firmware_profiles.links import SerialLink

SETTINGS = Settings(serial=SerialLink(), timeout_ms=60_000)


def opened(address: str) -> Link:
    return open_link(parse_address(address, SETTINGS), SETTINGS)


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


class Server:
    """pyserial's own side of RFC 2217, for one client. Its serial line has a plug that sends everything back."""

    def __init__(self) -> None:
        self._port = serial.serial_for_url("loop://", timeout=0.05)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        self._connection, _ = self._listener.accept()
        self._manager = rfc2217.PortManager(self._port, self)
        self._threads.append(threading.Thread(target=self._read_line))
        self._threads[1].start()
        while data := self._connection.recv(1024):
            self._port.write(b"".join(self._manager.filter(data)))
        self._ends.set()

    def _read_line(self) -> None:
        while not self._ends.is_set():
            if data := self._port.read(self._port.in_waiting or 1):
                self.write(b"".join(self._manager.escape(data)))

    def write(self, data: bytes) -> None:
        """What the manager says to the client."""
        self._connection.sendall(data)

    def close(self) -> None:
        self._threads[0].join(60)
        self._threads[1].join(60)
        self._connection.close()
        self._listener.close()
        self._port.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
def test_a_line_behind_rfc_2217_is_used_like_one_of_its_own(server: Server) -> None:
    link = opened(f"rfc2217://127.0.0.1:{server.port}")
    link.send(b"ka 01 ff\r\xff")
    heard = b""
    while len(heard) < 10:
        heard += link.receive(60) or b""
    assert heard == b"ka 01 ff\r\xff"
    assert link.receive(0) is None
    link.close()


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
def test_nobody_behind_rfc_2217_is_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LinkLost):
        opened(f"rfc2217://127.0.0.1:{port}")


def test_a_line_behind_a_plain_socket_is_used_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = opened(f"socket://127.0.0.1:{listener.getsockname()[1]}")
        peer, _ = listener.accept()
        link.send(b"ka 01 ff\r")
        assert peer.recv(100) == b"ka 01 ff\r"
        link.close()
        peer.close()


def adapter(device: str, serial_number: str | None, product: int = 0x6001) -> ListPortInfo:
    info = ListPortInfo(device)
    info.vid, info.pid, info.serial_number = 0x0403, product, serial_number
    return info


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch, line: tuple[int, str]) -> int:
    """Three adapters: one alone of its sort, on a line that is there; two that differ in their serial numbers."""
    found = [
        adapter(line[1], "A1", 0x6015),
        adapter("/dev/ttyUSB8", "B1"),
        adapter(line[1], "B2"),
        ListPortInfo("/dev/ttyS0"),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: found)
    return line[0]


@pytest.mark.parametrize("address", ["usb:0403:6015", "usb:0403:6001:B2", "usb:0403:6015:A1"])
def test_an_adapter_is_found_wherever_it_is_plugged_in(plugged: int, address: str) -> None:
    link = opened(address)
    link.send(b"x")
    assert os.read(plugged, 10) == b"x"
    link.close()


@pytest.mark.usefixtures("plugged")
def test_an_adapter_that_is_not_there_is_told() -> None:
    with pytest.raises(LinkLost, match=r"usb:0403:6001:B3: there is no such adapter"):
        opened("usb:0403:6001:B3")


@pytest.mark.usefixtures("plugged")
def test_two_that_look_alike_are_told_apart_by_their_serial_numbers() -> None:
    with pytest.raises(LinkLost, match="add the serial number"):
        opened("usb:0403:6001")
