"""Sony's serial frames, byte by byte as the documents print them."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.sony_rs232 import SonyRs232


@pytest.fixture
def make(lone: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **keys: lone("sony-rs232", **keys)


def asked(device: Any, text: str) -> str:
    return SonyRs232(device.unit).feed(bytes.fromhex(text)).hex(" ").upper()


def test_power_and_input_are_told_as_documented(make: Any) -> None:
    assert asked(make(), "83 00 00 FF FF 81") == "70 00 02 01 73"
    assert asked(make(), "83 00 02 FF FF 83") == "70 00 03 04 01 78"


def test_in_standby_only_the_power_is_told(make: Any) -> None:
    device = make(on=False)
    assert asked(device, "83 00 00 FF FF 81") == "70 00 02 00 72"
    assert asked(device, "83 00 02 FF FF 83") == "70 03 73"


def test_a_wrong_sum_is_said_to_be_one(make: Any) -> None:
    assert asked(make(), "83 00 00 FF FF 82") == "70 04 74"


def test_a_professional_panel_has_a_service_category(make: Any) -> None:
    device = make(professional=True)
    assert asked(device, "83 30 01 FF FF B2") == "70 00 05 00 12 D6 87 E4"
    seconds = SonyRs232(device.unit).feed(bytes.fromhex("83 30 02 FF FF B3"))[3:7]
    assert int.from_bytes(seconds, "big") == 7211 * 3600
    assert asked(device, "83 30 77 FF FF 28") == "E0 00 E0"
    assert asked(make(), "83 30 02 FF FF B3") == "E0 00 E0"


@pytest.mark.parametrize(("fault", "bits"), [("fan", "02"), ("hot", "08")])
def test_its_shutdown_log_has_a_bit_for_each_ill(make: Any, fault: str, bits: str) -> None:
    device = make(professional=True)
    device.break_(fault)
    assert asked(device, "83 30 11 FF FF C2").split()[3] == bits


def test_it_is_switched_and_its_input_chosen(make: Any) -> None:
    device = make()
    assert asked(device, "8C 00 02 03 04 02 97") == "70 00 70"
    assert asked(device, "83 00 02 FF FF 83") == "70 00 03 04 02 79"
    assert asked(device, "8C 00 00 02 00 8E") == "70 00 70"
    assert asked(device, "83 00 00 FF FF 81") == "70 00 02 00 72"


def test_refusing_is_cancelling(make: Any) -> None:
    device = make()
    device.break_("refuse")
    assert asked(device, "83 00 00 FF FF 81") == "70 03 73"


def test_noise_in_front_is_skipped(make: Any) -> None:
    assert asked(make(), "00 FF 83 00 00 FF FF 81") == "70 00 02 01 73"
