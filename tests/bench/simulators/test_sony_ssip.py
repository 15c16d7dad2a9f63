"""Simple IP Control: frames of 24 bytes, answers and notices."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.simulators.sony_ssip import Ssip

POWER = b"*SEPOWR" + b"#" * 16 + b"\n"
INPUT = b"*SEINPT" + b"#" * 16 + b"\n"
ON = b"*SAPOWR0000000000000001\n"
OFF = b"*SAPOWR0000000000000000\n"


@pytest.fixture
def tv(lone: Callable[..., Any]) -> Any:
    return lone("sony-ssip", port=0)


def test_power_is_told_as_documented(tv: Any) -> None:
    assert POWER.hex() == "2a5345504f5752" + "23" * 16 + "0a"
    assert Ssip(tv.unit).feed(POWER) == ON


def test_in_standby_power_is_told_and_the_input_is_an_error(lone: Any) -> None:
    session = Ssip(lone("sony-ssip", on=False).unit)
    assert session.feed(POWER) == OFF
    assert session.feed(INPUT) == b"*SAINPTFFFFFFFFFFFFFFFF\n"


def test_the_input_is_connector_and_number(tv: Any) -> None:
    session = Ssip(tv.unit)
    assert session.feed(INPUT) == b"*SAINPT0000000100000001\n"
    assert session.feed(b"*SCINPT0000000100000002\n") == b"*SAINPT0000000000000000\n"
    assert session.feed(INPUT).endswith(b"*SAINPT0000000100000002\n")
    assert session.feed(b"*SCINPT0000000900000001\n") == b"*SAINPTNNNNNNNNNNNNNNNN\n"


def test_somebody_with_the_remote_is_notified_before_the_answer(tv: Any) -> None:
    session = Ssip(tv.unit)
    assert session.feed(POWER) == ON
    tv.break_("off")
    assert session.feed(POWER) == b"*SNPOWR0000000000000000\n" + OFF
    assert session.feed(POWER) == OFF


def test_it_is_switched(tv: Any) -> None:
    session = Ssip(tv.unit)
    assert session.feed(b"*SCPOWR0000000000000000\n") == b"*SAPOWR0000000000000000\n"
    assert session.feed(POWER).endswith(OFF)
    assert session.feed(b"*SCPOWR0000000000000007\n") == b"*SAPOWRFFFFFFFFFFFFFFFF\n"


@pytest.mark.parametrize("name", [b"TEMP", b"\xff\xfe\xfd\xfc"])
def test_what_it_does_not_have_is_an_error(tv: Any, name: bytes) -> None:
    assert Ssip(tv.unit).feed(b"*SE" + name + b"#" * 16 + b"\n") == b"*SA" + name + b"F" * 16 + b"\n"


def test_a_frame_without_its_end_is_skipped(tv: Any) -> None:
    session = Ssip(tv.unit)
    assert session.feed(b"*SEPOWR" + b"#" * 17 + POWER) == ON


def test_pieces_are_put_together(tv: Any) -> None:
    session = Ssip(tv.unit)
    assert session.feed(POWER[:1]) == b""
    assert session.feed(POWER[1:9]) == b""
    assert session.feed(POWER[9:] + POWER) == ON + ON


def test_refusing_is_sixteen_f(tv: Any) -> None:
    tv.break_("refuse")
    assert Ssip(tv.unit).feed(POWER) == b"*SAPOWRFFFFFFFFFFFFFFFF\n"


def test_answers_and_notices_of_others_are_not_for_it(tv: Any) -> None:
    assert Ssip(tv.unit).feed(ON) == b""
