"""NEC's external control, byte by byte as the manuals print it."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.sharp_nec import SharpNec, framed


@pytest.fixture
def make(lone: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **keys: lone("sharp-nec", **{"warm_c": 3.0, **keys})


def asked(device: Any, kind: str, message: str) -> str:
    """The message of the answer, without its frame."""
    answer = SharpNec(device.unit).feed(framed("A", "0", kind, message))
    assert answer == framed("0", "A", chr(answer[4]), answer[8:-3].decode())
    return answer[8:-3].decode()


def test_the_documented_frames_are_what_it_hears(make: Any) -> None:
    said = bytes.fromhex("01 30 41 30 41 30 36 02 30 31 44 36 03 74 0D")
    assert framed("A", "0", "A", "01D6") == said
    assert SharpNec(make().unit).feed(said)[8:-3] == b"0200D60000040001"


def test_the_empty_message_is_as_printed(make: Any) -> None:
    answer = SharpNec(make().unit).feed(framed("A", "0", "A", "0000"))
    assert answer[:-2] == bytes.fromhex("01 30 30 41 42 30 34 02 42 45 03")


def test_a_clean_bill_of_health_is_00(make: Any) -> None:
    assert asked(make(), "A", "B1") == "A100"


@pytest.mark.parametrize(("fault", "code"), [("fan", "80"), ("backlight", "90"), ("hot", "A1"), ("no-signal", "B0")])
def test_each_ill_has_its_code_in_the_self_diagnosis(make: Any, fault: str, code: str) -> None:
    device = make()
    device.break_(fault)
    assert asked(device, "A", "B1") == f"A1{code}"


def test_several_ills_are_listed(make: Any) -> None:
    device = make()
    device.break_("fan")
    device.break_("no-signal")
    assert asked(device, "A", "B1") == "A180B0"


def test_a_sensor_is_chosen_before_it_is_read(make: Any) -> None:
    device = make()
    assert asked(device, "C", "0279") == "00027900FFFF0044"
    assert asked(device, "E", "02780002") == "0002780000030002"
    assert asked(device, "C", "0279") == "00027900FFFF0046"
    assert asked(device, "E", "02780009") == "0102780000000000"


def test_a_clone_counts_whole_degrees_and_below_zero_is_twos_complement(make: Any) -> None:
    assert asked(make(temp_steps=1), "C", "0279").endswith("0022")


def test_hours_are_half_hours_and_newer_ones_minutes(make: Any) -> None:
    device = make(hours=7210)
    assert asked(device, "C", "00FF")[-4:] == f"{7211 * 2:04X}"
    minutes = int(asked(device, "C", "11FE")[-4:] + asked(device, "C", "11FF")[-4:], 16)
    assert minutes == 7211 * 60
    assert asked(make(long_hours=False), "C", "11FF").startswith("01")


def test_a_dead_fan_is_the_first(make: Any) -> None:
    device = make()
    device.break_("fan")
    assert asked(device, "C", "027B")[-4:] == "0002"
    asked(device, "E", "027A0002")
    assert asked(device, "C", "027B")[-4:] == "0001"


def test_a_set_without_sensors_does_not_support_them(make: Any) -> None:
    assert asked(make(sensors=0), "C", "0278").startswith("01")


def test_identity_is_hexadecimal_text_with_a_zero_behind(make: Any) -> None:
    assert bytes.fromhex(asked(make(), "A", "C217").removeprefix("C317")) == b"55BENCH-TV\0"
    assert bytes.fromhex(asked(make(), "A", "C216").removeprefix("C316")) == b"BENCHTV0001\0"


def test_it_is_switched_off_and_then_has_nothing_to_say_of_its_health(make: Any) -> None:
    device = make()
    assert asked(device, "A", "C203D60004") == "00C203D60004"
    assert asked(device, "A", "01D6") == "0200D60000040004"
    assert asked(device, "C", "0279") == "BE"


def test_its_input_is_chosen(make: Any) -> None:
    device = make()
    assert asked(device, "C", "0060")[-4:] == "0011"
    assert asked(device, "E", "00600012")[-4:] == "0012"
    assert asked(device, "A", "B1") == "A1B0"


def test_refusing_is_the_empty_message(make: Any) -> None:
    device = make()
    device.break_("refuse")
    assert asked(device, "A", "01D6") == "BE"


@pytest.mark.parametrize("frame", [framed("B", "0", "A", "01D6"), framed("A", "0", "A", "01D6")[:-2] + b"\0\r"])
def test_another_monitor_and_a_wrong_check_get_no_answer(make: Any, frame: bytes) -> None:
    assert SharpNec(make().unit).feed(frame) == b""


def test_noise_and_a_length_that_is_none_are_skipped(make: Any) -> None:
    session = SharpNec(make().unit)
    assert session.feed(b"\x00\x010A0AZZ") == b""
    assert session.feed(framed("A", "0", "A", "01D6"))[8:-3] == b"0200D60000040001"
