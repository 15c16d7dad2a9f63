"""SICP, byte by byte as the guide and the captured strings have it."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.philips_sicp import Sicp


@pytest.fixture
def make(lone: Callable[..., Any]) -> Callable[..., Any]:
    # 31 °C in the room and 3 of its own are the 0x22 of the captured string.
    return lambda **keys: lone("philips-sicp", **{"warm_c": 3.0, **keys})


def asked(device: Any, text: str) -> str:
    return Sicp(device.unit).feed(bytes.fromhex(text)).hex(" ").upper()


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        ("05 01 00 19 1D", "06 01 01 19 02 1D"),
        ("05 01 00 2F 2B", "07 01 01 2F 22 24 2E"),
        ("05 01 00 59 5D", "06 01 01 59 01 5E"),
        ("05 01 00 AD A9", "09 01 01 AD 0D 00 00 00 A9"),
    ],
)
def test_the_documented_requests_get_the_documented_reports(make: Any, request_: str, reply: str) -> None:
    assert asked(make(), request_) == reply


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        ("05 01 00 15 11", b"BENCHTV0001   "),
        ("06 01 00 A1 00 A6", b"55BENCH-TV"),
        ("06 01 00 A1 01 A7", b"BENCH 1.08"),
        ("06 01 00 A2 00 A5", b"SICP V2.03"),
    ],
)
def test_identity_is_ascii(make: Any, request_: str, text: bytes) -> None:
    assert Sicp(make().unit).feed(bytes.fromhex(request_))[4:-1] == text


def test_a_sensor_that_is_not_there_reads_ff(make: Any) -> None:
    assert asked(make(sensors=1), "05 01 00 2F 2B").split()[4:6] == ["22", "FF"]


def test_done_damaged_and_not_available_have_their_codes(make: Any) -> None:
    device = make()
    assert asked(device, "06 01 00 18 02 1D") == "06 01 01 00 06 00"
    assert asked(device, "05 01 00 77 73") == "06 01 01 00 18 1E"
    assert asked(device, "05 01 00 19 1E") == "06 01 01 00 15 13"


def test_standby_is_told_and_health_is_not_available(make: Any) -> None:
    device = make()
    assert asked(device, "06 01 00 18 01 1E") == "06 01 01 00 06 00"
    assert asked(device, "05 01 00 19 1D") == "06 01 01 19 01 1E"
    assert asked(device, "05 01 00 2F 2B") == "06 01 01 00 18 1E"


@pytest.mark.parametrize(("fault", "reply"), [("no-signal", "06 01 01 59 00 5F"), ("refuse", "06 01 01 00 18 1E")])
def test_faults_show(make: Any, fault: str, reply: str) -> None:
    device = make()
    device.break_(fault)
    assert asked(device, "05 01 00 59 5D") == reply


def test_an_overheated_set_reads_hot(make: Any) -> None:
    device = make()
    device.break_("hot")
    assert int(asked(device, "05 01 00 2F 2B").split()[4], 16) > 60


def test_its_input_is_chosen(make: Any) -> None:
    device = make()
    assert asked(device, "09 01 00 AC 06 00 00 00 A2") == "06 01 01 00 06 00"
    assert asked(device, "05 01 00 AD A9").split()[4] == "06"


def test_other_monitors_and_all_of_them_get_no_answer(make: Any) -> None:
    device = make()
    assert asked(device, "05 02 00 19 1E") == ""
    assert asked(device, "06 00 00 18 01 1F") == ""
    assert asked(device, "05 01 00 19 1D") == "06 01 01 19 01 1E"


def test_noise_in_front_is_skipped(make: Any) -> None:
    assert asked(make(), "FF A6 05 01 00 19 1D") == "06 01 01 19 02 1D"
