import socket
from collections.abc import Iterator

import pytest

from agent.adapters.links import open_link
from agent.core.device_address import parse_address
from agent.errors import LinkLost
from agent.ports import Link
from firmware_profiles.links import Link as Settings
from firmware_profiles.links import UdpLink

SETTINGS = Settings(udp=UdpLink(port=1), timeout_ms=500)


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(60)
        yield peer


def opened(port: int) -> Link:
    return open_link(parse_address(f"udp://127.0.0.1:{port}", SETTINGS), SETTINGS)


def test_datagrams_go_and_come(peer: socket.socket) -> None:
    link = opened(peer.getsockname()[1])
    link.send(b"status?")
    data, sender = peer.recvfrom(100)
    assert data == b"status?"
    assert link.receive(0) is None
    peer.sendto(b"", sender)
    assert link.receive(2) is None
    peer.sendto(b"fine", sender)
    assert link.receive(60) == b"fine"
    link.close()


def test_strangers_are_not_heard(peer: socket.socket) -> None:
    link = opened(peer.getsockname()[1])
    link.send(b"status?")
    _, sender = peer.recvfrom(100)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"lies", sender)
    assert link.receive(0.05) is None
    link.close()


def test_a_port_where_nobody_listens_is_lost() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    link = opened(port)
    link.send(b"status?")
    with pytest.raises(LinkLost, match="refused"):
        link.receive(60)
    link.close()


def test_a_name_that_nobody_has_is_told() -> None:
    with pytest.raises(LinkLost, match="there is no host of this name"):
        open_link(parse_address("udp://nobody.invalid:1", SETTINGS), SETTINGS)
