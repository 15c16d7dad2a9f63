"""MDC, byte by byte as the protocol document prints it."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.samsung_mdc import Mdc, framed


@pytest.fixture
def make(lone: Callable[..., Any]) -> Callable[..., Any]:
    def made(**keys: Any) -> Any:
        return lone("samsung-mdc", **{"hours": 7210, "warm_c": 10.0, "model": "LH55BENCH", **keys})

    return made


def asked(device: Any, text: str) -> str:
    return Mdc(device.unit).feed(bytes.fromhex(text)).hex(" ").upper()


@pytest.mark.parametrize(
    ("request_", "values"),
    [
        ("AA 00 01 00 01", "00 01 14 00 21 31 00 00"),
        ("AA 11 01 00 12", "11 01"),
        ("AA 14 01 00 15", "14 21"),
        ("AA 83 01 00 84", "83 00 00 A9 02"),
        ("AA B5 01 00 B6", "B5 01"),
        ("AA F9 01 00 FA", "F9 00"),
    ],
)
def test_the_documented_requests_are_acknowledged(make: Any, request_: str, values: str) -> None:
    body = bytes.fromhex(f"FF 01 {len(bytes.fromhex(values)) + 1:02X} 41 {values}")
    assert asked(make(), request_) == framed(body).hex(" ").upper()


def test_all_is_well_at_41_degrees_as_in_the_recorded_frame(make: Any) -> None:
    assert asked(make(), "AA 0D 01 00 0E") == "AA FF 01 08 41 0D 00 00 00 00 29 00 7F"


def test_a_set_without_a_fan_says_so(make: Any) -> None:
    assert asked(make(fan=False), "AA 0D 01 00 0E").split()[-2] == "02"


@pytest.mark.parametrize(
    ("fault", "place"), [("backlight", 6), ("hot", 7), ("no-signal", 9), ("other-input", 9), ("fan", 11)]
)
def test_each_ill_has_its_place_in_the_display_status(make: Any, fault: str, place: int) -> None:
    device = make()
    device.break_(fault)
    assert Mdc(device.unit).feed(bytes.fromhex("AA 0D 01 00 0E"))[place] == 1


@pytest.mark.parametrize(("request_", "text"), [("AA 8A 01 00 8B", b"LH55BENCH"), ("AA 0B 01 00 0C", b"BENCHTV0001")])
def test_identity_is_ascii(make: Any, request_: str, text: bytes) -> None:
    assert Mdc(make().unit).feed(bytes.fromhex(request_))[6:-1] == text


def test_an_old_sets_hours_are_two_bytes_wide(make: Any) -> None:
    assert asked(make(hours_bytes=2), "AA 83 01 00 84").split()[3:8] == ["04", "41", "83", "A9", "02"]


def test_what_it_does_not_know_is_refused_with_its_command(make: Any) -> None:
    assert asked(make(), "AA 77 01 00 78") == "AA FF 01 03 4E 77 01 C9"


def test_a_set_that_refuses_answers_as_the_recorded_refusal(make: Any) -> None:
    device = make()
    device.break_("refuse")
    assert asked(device, "AA 0D 01 00 0E") == "AA FF 01 03 4E 0D 01 5F"


def test_in_standby_it_tells_power_and_identity_and_refuses_its_health(lone: Any) -> None:
    device = lone("samsung-mdc", on=False)
    assert asked(device, "AA 11 01 00 12") == "AA FF 01 03 41 11 00 55"
    assert asked(device, "AA 0D 01 00 0E").split()[4] == "4E"


@pytest.mark.parametrize("request_", ["AA 11 02 00 13", "AA 11 01 00 13", "AA 11 FE 00 0F"])
def test_another_set_a_wrong_sum_and_a_broadcast_get_no_answer(make: Any, request_: str) -> None:
    assert asked(make(), request_) == ""


def test_a_broadcast_is_carried_out(make: Any) -> None:
    device = make()
    assert asked(device, "AA 11 FE 01 00 10") == ""
    assert asked(device, "AA 11 01 00 12") == "AA FF 01 03 41 11 00 55"


def test_it_is_switched_and_its_input_chosen(make: Any) -> None:
    device = make()
    assert asked(device, "AA 14 01 01 23 39") == "AA FF 01 03 41 14 23 7B"
    assert asked(device, "AA 14 01 00 15") == "AA FF 01 03 41 14 23 7B"
    assert asked(device, "AA 11 01 01 00 13") == "AA FF 01 03 41 11 00 55"
    assert asked(device, "AA 11 01 01 07 1A").split()[4] == "4E"


def test_a_frame_may_come_in_pieces_and_behind_noise(make: Any) -> None:
    session = Mdc(make().unit)
    assert session.feed(b"\x00\xff\xaa\x11") == b""
    assert session.feed(b"\x01\x00\x12") == bytes.fromhex("AA FF 01 03 41 11 01 56")
