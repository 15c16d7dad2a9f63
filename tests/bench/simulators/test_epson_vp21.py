"""ESC/VP21 and the handshake of ESC/VP.net, as the user's guide and the manuals have them."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.epson_vp21 import Vp21, VpNet

HELLO = b"ESC/VP.net\x10\x03\x00\x00\x00\x00"


@pytest.fixture
def make(lone: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **keys: lone("epson-vp21", **{"lamp_hours": 1233, **keys})


def said(device: Any, command: bytes) -> bytes:
    return Vp21(device.unit).feed(command)


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (b"PWR?\r", b"PWR=01\r:"),
        (b"LAMP?\r", b"LAMP=1234\r:"),
        (b"ERR?\r", b"ERR=00\r:"),
        (b"SNO?\r", b"SNO=BENCHPJ0001\r:"),
        (b"SOURCE?\r", b"SOURCE=30\r:"),
        (b"MUTE?\r", b"MUTE=OFF\r:"),
        (b"LUMINANCE?\r", b"LUMINANCE=00\r:"),
        (b"\r", b":"),
        (b"TEA?\r", b"ERR\r:"),
        (b"TEA\r", b"ERR\r:"),
    ],
)
def test_commands_read_as_documented(make: Any, command: bytes, reply: bytes) -> None:
    assert said(make(), command) == reply


def test_the_lamp_takes_its_time(make: Any) -> None:
    device = make(on=False)
    assert said(device, b"PWR?\r") == b"PWR=04\r:"
    assert said(device, b"PWR ON\r") == b":"
    assert said(device, b"PWR?\r") == b"PWR=02\r:"
    assert said(device, b"PWR OFF\r") == b"ERR\r:"
    device.clock.pass_s(20)
    assert said(device, b"PWR?\r") == b"PWR=01\r:"
    assert said(device, b"PWR OFF\r") == b":"
    assert said(device, b"PWR?\r") == b"PWR=03\r:"


def test_without_network_standby_it_is_another_standby(make: Any) -> None:
    device = make(on=False, network_standby=False)
    assert said(device, b"PWR?\rSOURCE?\r") == b"PWR=00\r:ERR\r:"


@pytest.mark.parametrize(
    ("fault", "error", "power"),
    [
        ("lamp", b"06", b"05"),
        ("hot", b"04", b"05"),
        ("cover", b"07", b"05"),
        ("fan", b"01", b"01"),
        ("filter", b"0C", b"01"),
    ],
)
def test_each_ill_has_its_code(make: Any, fault: str, error: bytes, power: bytes) -> None:
    device = make()
    device.break_(fault)
    assert said(device, b"ERR?\rPWR?\r") == b"ERR=" + error + b"\r:PWR=" + power + b"\r:"


def test_an_older_model_falls_silent_in_an_abnormal_state(make: Any) -> None:
    device = make(abnormal="silent")
    device.break_("lamp")
    assert said(device, b"PWR?\r\rERR?\r") == b""
    device.mend("lamp")
    assert said(device, b"PWR?\r") == b"PWR=01\r:"


def test_a_worn_lamp_shows_in_its_hours(make: Any) -> None:
    device = make(lamp_life_h=5000)
    device.break_("lamp-worn")
    assert said(device, b"LAMP?\r") == b"LAMP=5001\r:"


def test_refusing_is_the_bare_err(make: Any) -> None:
    device = make()
    device.break_("refuse")
    assert said(device, b"ERR?\r") == b"ERR\r:"


def test_the_handshake_opens_the_commands(make: Any) -> None:
    session = VpNet(make().unit)
    assert session.feed(HELLO[:7]) == b""
    assert session.feed(HELLO[7:]) == b"ESC/VP.net\x10\x03\x00\x00\x20\x00"
    assert session.feed(b"PWR?\r") == b"PWR=01\r:"
    assert not session.ended


@pytest.mark.parametrize(
    ("hello", "status"),
    [
        (HELLO, 0x41),
        (HELLO[:-1] + b"\x01" + b"\x01\x01" + b"wrong".ljust(16, b"\0"), 0x43),
        (HELLO[:-1] + b"\x01" + b"\x07\x07" + b"secret".ljust(16, b"\0"), 0x40),
        (b"GET / HTTP/1.1\r\n", 0x40),
        (HELLO[:-1] + b"\x01" + b"\x01\x01" + b"secret".ljust(16, b"\0"), 0x20),
    ],
)
def test_the_password_is_judged(make: Any, hello: bytes, status: int) -> None:
    session = VpNet(make(password="secret").unit)
    answer = session.feed(hello)
    if hello.startswith(b"GET"):
        answer += session.feed(b"x" * 300)
    assert answer[14] == status
    assert session.ended is (status != 0x20)


def test_a_change_is_told_unasked_in_front_of_the_next_answer(make: Any) -> None:
    device = make()
    session = VpNet(device.unit)
    session.feed(HELLO)
    device.break_("no-signal")
    assert session.feed(b"PWR?\r") == b"IMEVENT=0001 03 00000002 00000000 T1 F1\r:PWR=01\r:"
    assert session.feed(b"PWR?\r") == b"PWR=01\r:"
