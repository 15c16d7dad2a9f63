import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.adapters.net_probe import NetProbe
from agent.adapters.sntp import FROM_1900_TO_1970_S, PACKET, _offset, clock_offset_s

PATIENCE_S = 60.0


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def target() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def time_server() -> Iterator[Callable[..., str]]:
    """An SNTP server whose clock is off by so many seconds; its address."""
    servers: list[tuple[socket.socket, threading.Thread]] = []

    def start(off_s: float = 0.0, **header: int) -> str:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer, args=(server, off_s, header))
        servers.append((server, thread))
        thread.start()
        return f"127.0.0.1:{server.getsockname()[1]}"

    yield start
    for server, thread in servers:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", server.getsockname())
        thread.join()
        server.close()


def _answer(server: socket.socket, off_s: float, header: dict[str, int]) -> None:
    while True:
        request, client = server.recvfrom(512)
        if not request:
            return
        asked = PACKET.unpack(request)
        now = time.time() + off_s
        stamp = (int(now) + FROM_1900_TO_1970_S, int(now % 1 * 2**32))
        words = [0, 0, 0, 0, 0, asked[13], asked[14], *stamp, *stamp]
        server.sendto(PACKET.pack(header.get("first", 0x24), header.get("stratum", 2), 0, 0, *words), client)


def facts_of(probe: NetProbe) -> dict[str, object]:
    """Its first answer."""
    probe.start()
    deadline = time.monotonic() + PATIENCE_S
    while not probe.internet() and time.monotonic() < deadline:
        time.sleep(0.005)
    probe.stop()
    return dict(probe.internet())


def test_before_the_first_answer_nothing_is_known() -> None:
    assert NetProbe(["127.0.0.1:1"], 1).internet() == {}


def test_a_target_that_takes_the_connection_is_the_internet(target: str) -> None:
    facts = facts_of(NetProbe([target], 60))
    assert facts["net/internet"] is True
    assert isinstance(facts["net/rtt_ms"], float)


def test_one_target_of_several_is_enough(target: str) -> None:
    assert facts_of(NetProbe([f"127.0.0.1:{closed_port()}", target], 60))["net/internet"] is True


def test_no_target_is_no_internet_and_no_round_trip() -> None:
    assert facts_of(NetProbe([f"127.0.0.1:{closed_port()}"], 60)) == {"net/internet": False}


def test_without_targets_nothing_is_asked() -> None:
    probe = NetProbe([], 60)
    probe.start()
    probe.stop()
    assert (probe.internet(), probe.clock()) == ({}, {})


def test_the_clock_is_compared(time_server: Callable[..., str]) -> None:
    probe = NetProbe([], 60, time_server(off_s=-30))
    probe.start()
    deadline = time.monotonic() + PATIENCE_S
    while not probe.clock() and time.monotonic() < deadline:
        time.sleep(0.005)
    probe.stop()
    assert probe.clock()["host/clock_offset_s"] == pytest.approx(30, abs=10)


@pytest.mark.parametrize("off_s", [0, 120, -3600])
def test_the_offset_is_positive_when_this_clock_is_ahead(time_server: Callable[..., str], off_s: int) -> None:
    assert clock_offset_s(time_server(off_s=off_s), PATIENCE_S) == pytest.approx(-off_s, abs=10)


@pytest.mark.parametrize("header", [{"first": 0xE4}, {"first": 0x23}, {"stratum": 0}, {"stratum": 16}])
def test_a_server_that_is_not_set_itself_tells_nothing(time_server: Callable[..., str], header: dict[str, int]) -> None:
    assert clock_offset_s(time_server(**header), PATIENCE_S) is None


@pytest.mark.parametrize("server", ["127.0.0.1:1", "nobody.invalid", "a:b:c", "", "127.0.0.1:99999"])
def test_no_server_tells_nothing(server: str) -> None:
    assert clock_offset_s(server, 0.2) is None


@given(st.binary(max_size=60))
def test_rubbish_tells_nothing(answer: bytes) -> None:
    assert _offset(answer, (1, 2), 0.0, 0.1) is None
