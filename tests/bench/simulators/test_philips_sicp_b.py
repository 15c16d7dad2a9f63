"""The other framing of Philips."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.philips_sicp_b import SicpB, checked


@pytest.fixture
def tv(lone: Callable[..., Any]) -> Any:
    return lone("philips-sicp-b", warm_c=3.0)


def asked(device: Any, text: str) -> str:
    return SicpB(device.unit).feed(bytes.fromhex(text)).hex(" ").upper()


def request(body: str) -> str:
    data = bytes.fromhex(body)
    return checked(bytes((0xA6, 1, 0, 0, 0, len(data) + 2, 1)) + data).hex()


def reply(body: str) -> str:
    data = bytes.fromhex(body)
    return checked(bytes((0x21, 1, 0, 0, len(data) + 2, 1)) + data).hex(" ").upper()


def test_power_is_asked_as_documented(tv: Any) -> None:
    assert bytes.fromhex(request("19")).hex(" ").upper() == "A6 01 00 00 00 03 01 19 BC"
    assert asked(tv, "A6 01 00 00 00 03 01 19 BC") == reply("19 02")


def test_temperature_and_input_have_the_values_of_the_first_framing(tv: Any) -> None:
    assert asked(tv, request("2F")) == reply("2F 22 24")
    assert asked(tv, request("AD"))[:27] == reply("AD 0D 00 00 00")[:27]


def test_statuses_are_done_cancelled_and_not_understood(tv: Any) -> None:
    assert asked(tv, request("18 01")) == reply("00 00")
    assert asked(tv, request("19")) == reply("19 01")
    assert asked(tv, request("2F")) == reply("00 03")
    assert asked(tv, "A6 01 00 00 00 03 01 19 BD") == reply("00 04")


def test_refusing_is_cancelling(tv: Any) -> None:
    tv.break_("refuse")
    assert asked(tv, request("19")) == reply("00 03")


def test_another_monitor_is_not_meant_and_noise_is_skipped(tv: Any) -> None:
    assert asked(tv, "A6 02 00 00 00 03 01 19 BF") == ""
    assert asked(tv, f"05 FF {request('19')}") == reply("19 02")
