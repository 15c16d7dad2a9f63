"""Every display and projector of the bench on its real line or port, with every fault that lines have."""

import contextlib
import json
import socket
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import serial
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.app import Bench
from bench.catalogue import catalogue
from bench.live import LiveSchool, Unit
from bench.school import School
from bench.settings import BenchSettings
from bench.simulators.epson_vp21 import Vp21, VpNet
from bench.simulators.lg_rs232 import LgTv
from bench.simulators.philips_sicp import Sicp
from bench.simulators.philips_sicp_b import SicpB, checked
from bench.simulators.pjlink import PjLinkSession
from bench.simulators.samsung_mdc import Mdc
from bench.simulators.sharp_nec import SharpNec, framed
from bench.simulators.sony_rs232 import SonyRs232
from bench.simulators.sony_ssip import Ssip

HANDSHAKE = b"ESC/VP.net\x10\x03\x00\x00\x00\x00"
SSIP = b"*SEPOWR" + b"#" * 16 + b"\n"
# What to ask, what comes in order, what comes when it refuses. All devices are on.
ASKED: dict[str, tuple[bytes, bytes, bytes]] = {
    "lg-rs232": (b"ka 01 ff\r", b"a 01 OK01x", b"a 01 NG02x"),
    "samsung-mdc": (b"\xaa\x11\x01\x00\x12", b"\xaa\xff\x01\x03\x41\x11\x01\x56", b"\xaa\xff\x01\x03\x4e\x11\x01\x63"),
    "philips-sicp": (b"\x05\x01\x00\x19\x1d", b"\x06\x01\x01\x19\x02\x1d", b"\x06\x01\x01\x00\x18\x1e"),
    "philips-sicp-b": (
        b"\xa6\x01\0\0\0\x03\x01\x19\xbc",
        checked(b"\x21\x01\0\0\x04\x01\x19\x02"),
        checked(b"\x21\x01\0\0\x04\x01\0\x03"),
    ),
    "sony-rs232": (b"\x83\0\0\xff\xff\x81", b"\x70\0\x02\x01\x73", b"\x70\x03\x73"),
    "sharp-nec": (
        framed("A", "0", "A", "01D6"),
        framed("0", "A", "B", "0200D60000040001"),
        framed("0", "A", "B", "BE"),
    ),
    "epson-vp21": (b"PWR?\r", b"PWR=01\r:", b"ERR\r:"),
    "sony-ssip": (SSIP, b"*SAPOWR0000000000000001\n", b"*SAPOWRFFFFFFFFFFFFFFFF\n"),
    "pjlink": (b"%1POWR ?\r", b"%1POWR=1\r", b"%1POWR=ERR4\r"),
}
BEFORE = {"epson-vp21": (HANDSHAKE, 16), "pjlink": (b"", 9)}
"""What a TCP session begins with: what is said, and how many bytes come to that."""
PATIENCE_S = 60.0
SERIAL = ("lg-rs232", "samsung-mdc", "philips-sicp", "philips-sicp-b", "sony-rs232", "sharp-nec", "epson-vp21")
WAYS = [(speaks, "tcp") for speaks in ASKED if speaks != "sony-rs232"] + [(speaks, "serial") for speaks in SERIAL]


class Caller:
    """Asks the one device of a bench, over and over, on new connections."""

    def __init__(self, bench: Bench, speaks: str, way: str) -> None:
        self.bench, self.speaks, self.way = bench, speaks, way
        self.question, self.right, self.refusal = ASKED[speaks]

    def do(self, what: str, code: str) -> None:
        def change(school: School, now: int) -> School:
            done: School = getattr(school, what)(f"unit-{code}", now)
            return done

        self.bench.live.change(change)

    def ask(self, patience_s: float = PATIENCE_S, count: int | None = None) -> bytes:
        """What comes within the patience, up to `count` bytes: as many as the right answer has."""
        count = count or len(self.right)
        place = self.bench.ports("unit")[0].place()
        if self.way == "serial":
            with serial.Serial(place, 9600, timeout=patience_s) as line:
                line.write(self.question)
                return bytes(line.read(count))
        host, _, port = place.removeprefix("tcp://").rpartition(":")
        with socket.create_connection((host, int(port)), timeout=patience_s) as caller:
            hello, greeting = BEFORE.get(self.speaks, (b"", 0))
            caller.sendall(hello)
            self._read(caller, greeting)
            caller.sendall(self.question)
            return self._read(caller, count)

    @staticmethod
    def _read(caller: socket.socket, count: int) -> bytes:
        data = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while len(data) < count and (chunk := caller.recv(count - len(data))):
                data += chunk
        return data


@pytest.fixture(params=WAYS, ids="-".join)
def caller(request: pytest.FixtureRequest, bench_of: Any) -> Caller:
    speaks, way = request.param
    keys: dict[str, Any] = {"port": 0} if way == "tcp" else {}
    return Caller(bench_of(speaks, slow_s=0.3, **keys), speaks, way)


def test_in_order_it_answers_right(caller: Caller) -> None:
    assert caller.ask() == caller.right


def test_a_fault_of_the_line_shows_and_passes(caller: Caller) -> None:
    for code in ("silent", "half", "garbage", "slow"):
        caller.do("with_fault", code)
        assert caller.ask(0.1) != caller.right, code
        caller.do("without_fault", code)
    assert caller.ask() == caller.right


def test_slow_is_right_for_whoever_waits(caller: Caller) -> None:
    caller.do("with_fault", "slow")
    assert caller.ask() == caller.right


def test_refusing_speaks_the_protocols_no(caller: Caller) -> None:
    caller.do("with_fault", "refuse")
    refusal = caller.refusal[: len(caller.right)]
    assert caller.ask(count=len(refusal)) == refusal


@pytest.mark.parametrize("code", ["dead", "reboot"])
def test_without_power_nobody_is_there(caller: Caller, code: str) -> None:
    caller.do("with_fault", code)
    if caller.way == "serial":
        assert caller.ask(0.2) == b""
    else:
        with pytest.raises(ConnectionRefusedError):
            caller.ask()
    caller.do("without_fault", code)
    assert caller.ask() == caller.right


def test_a_reboot_is_over_by_itself(caller: Caller, clock: Any) -> None:
    caller.do("with_fault", "reboot")
    clock.pass_s(20)
    caller.bench.live.look()
    assert caller.ask() == caller.right


def test_a_pulled_cable_takes_line_or_port_away_and_brings_it_back(caller: Caller) -> None:
    caller.do("with_fault", "unplugged")
    with pytest.raises((serial.SerialException, ConnectionRefusedError)):
        caller.ask()
    caller.do("without_fault", "unplugged")
    assert caller.ask() == caller.right


@pytest.mark.parametrize("speaks", ["samsung-mdc", "pjlink"])
def test_a_set_that_sleeps_in_standby_is_not_there(bench_of: Any, speaks: str) -> None:
    caller = Caller(bench_of(speaks, port=0, standby="silent"), speaks, "tcp")
    assert caller.ask() == caller.right
    caller.do("with_fault", "off")
    with pytest.raises(ConnectionRefusedError):
        caller.ask()
    caller.do("without_fault", "off")
    assert caller.ask(count=4) == caller.right[:4]


def test_the_rest_api_has_the_lines_troubles_too(bench_of: Any) -> None:
    bench = bench_of("sony-rest", slow_s=0.1)
    url = f"{bench.ports('unit')[0].place()}/sony/system"
    body = json.dumps({"method": "getPowerStatus", "id": 1, "params": [], "version": "1.0"}).encode()

    def asked() -> Any:
        with urllib.request.urlopen(url, body, timeout=60) as answer:
            return json.load(answer)

    assert asked() == {"result": [{"status": "active"}], "id": 1}
    bench.live.change(lambda school, now: school.with_fault("unit-garbage", now))
    with pytest.raises(ValueError, match=r"codec|Expecting|Invalid|Extra"):
        asked()


SESSIONS: dict[str, Callable[[Unit[Any]], Any]] = {
    "lg-rs232": LgTv,
    "samsung-mdc": Mdc,
    "philips-sicp": Sicp,
    "philips-sicp-b": SicpB,
    "sony-rs232": SonyRs232,
    "sharp-nec": SharpNec,
    "epson-vp21": Vp21,
    "sony-ssip": Ssip,
    "pjlink": lambda unit: PjLinkSession(unit, "00000000"),
}


@pytest.mark.parametrize("speaks", sorted(SESSIONS))
@given(st.lists(st.binary(max_size=60), max_size=5))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_upset_it_for_longer_than_a_moment(speaks: str, chunks: list[bytes]) -> None:
    made = catalogue()[speaks].settings.model_validate(
        {"key": "unit", "room": "p1", "speaks": speaks, "on_after_s": -1}
    )
    clock = [0]
    unit = Unit(LiveSchool(School.in_the_morning(BenchSettings(device=(made,)), 0), lambda: clock[0]), made)
    session = SESSIONS[speaks](unit)
    for chunk in chunks:
        session.feed(chunk)
    clock[0] += 5000
    session.feed(b"\r")
    clock[0] += 5000
    if session.ended:
        session = SESSIONS[speaks](unit)
    question, right, _ = ASKED[speaks]
    assert session.feed(question)[-len(right) :][:3] == right[:3]


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_no_bytes_upset_the_handshake(chunks: list[bytes]) -> None:
    made = catalogue()["epson-vp21"].settings.model_validate({"key": "unit", "room": "p1", "speaks": "epson-vp21"})
    session = VpNet(Unit(LiveSchool(School.in_the_morning(BenchSettings(device=(made,)), 0), lambda: 0), made))
    for chunk in chunks:
        session.feed(chunk)
