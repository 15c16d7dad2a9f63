"""Searching on the loopback: UDP answers, open ports."""

import socket
import threading
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from agent.adapters.network_search import NetworkSearch
from agent.adapters.port_sweep import open_ports
from agent.adapters.surroundings import device_files, own_networks
from agent.adapters.udp_search import search
from agent.core.neighbourhood import Neighbourhood

NEVER = threading.Event()


@pytest.fixture
def responder() -> Iterator[tuple[str, int]]:
    """Answers each datagram twice."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                data, peer = server.recvfrom(1000)
                if data == b"end":
                    return
                server.sendto(b"1:" + data, peer)
                server.sendto(b"2:" + data, peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()
        server.sendto(b"end", server.getsockname())
        thread.join(60)


def test_all_answers_to_a_search_are_gathered(responder: tuple[str, int]) -> None:
    found = search("127.0.0.1", responder, [b"who"], 0.5, NEVER)
    assert found == [("127.0.0.1", b"1:who"), ("127.0.0.1", b"2:who")]


def test_a_search_that_cannot_be_sent_has_no_answers() -> None:
    assert search("203.0.113.1", ("203.0.113.255", 9), [b"who"], 0.5, NEVER) == []


def test_a_search_ends_when_the_program_does() -> None:
    stopping = threading.Event()
    stopping.set()
    assert search("127.0.0.1", ("127.0.0.1", 9), [b"who"], 60, stopping) == []


def test_a_network_where_nobody_announces_himself_is_empty() -> None:
    stopping = threading.Event()
    stopping.set()
    near = Neighbourhood(IPv4Network("127.77.7.0/30"), "127.0.0.1")
    assert NetworkSearch(stopping).search(near, ["_http._tcp", "urn:x"]) == {}


def test_open_ports_are_found_among_closed_ones() -> None:
    told: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            closed = taken.getsockname()[1]
            doors = [("127.0.0.1", port), ("127.0.0.1", closed)]
            assert open_ports(doors, NEVER, told.append) == [("127.0.0.1", port)]
    assert told[-1] == 2


def test_more_doors_than_are_tried_at_once_are_all_tried() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=400) as server:
        port = server.getsockname()[1]
        doors = [(f"127.0.{third}.{last}", port) for third in range(2) for last in range(1, 200)]
        assert open_ports(doors, NEVER, lambda _count: None) == [("127.0.0.1", port)]


def test_no_door_is_no_work() -> None:
    assert open_ports([], NEVER, lambda _count: None) == []


def test_the_loopback_is_none_of_the_computers_networks() -> None:
    assert not any(one.ip.is_loopback for one in own_networks())


def test_front_ends_and_cec_adapters_are_found_by_their_files(tmp_path: Path) -> None:
    for name in ("dvb/adapter0/frontend0", "dvb/adapter0/demux0", "cec0", "cecil"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert device_files(tmp_path) == [f"dvb:{tmp_path}/dvb/adapter0/frontend0", f"cec:{tmp_path}/cec0"]
