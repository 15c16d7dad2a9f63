"""The set's answers, byte by byte as the manuals print them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.catalogue import catalogue
from bench.kinds import display
from bench.live import LiveSchool, Unit
from bench.school import School
from bench.settings import BenchSettings
from bench.simulators.lg_rs232 import MAX_LINE, Frame, LgSettings, LgTv


def unit_in(live: LiveSchool) -> Unit[LgSettings]:
    settings = live.look().school.settings.device_called("p1-tv")
    assert isinstance(settings, LgSettings)
    return Unit(live, settings)


def tv_in(live: LiveSchool) -> LgTv:
    return LgTv(unit_in(live))


def said(live: LiveSchool, request: bytes) -> bytes:
    return tv_in(live).feed(request)


@pytest.mark.parametrize(
    ("request_hex", "reply"),
    [
        ("6B 61 20 30 31 20 66 66 0D", b"a 01 OK01x"),
        ("78 62 20 30 31 20 66 66 0D", b"b 01 OK90x"),
        ("64 6E 20 30 31 20 66 66 0D", b"n 01 OK20x"),
        ("64 6C 20 30 31 20 66 66 0D", b"l 01 OK1c2ax"),
        ("73 76 20 30 31 20 30 32 20 66 66 0D", b"v 01 OK0201x"),
    ],
)
def test_the_documented_requests_get_the_documented_replies(
    in_class: LiveSchool, clock: Any, request_hex: str, reply: bytes
) -> None:
    clock.pass_s(1800)  # run warm: 31 °C in the room and 1 °C of its own are 0x20
    assert said(in_class, bytes.fromhex(request_hex)) == reply


@pytest.mark.parametrize(
    ("request_bytes", "reply"),
    [
        (b"dp 01 ff\r", b"p 01 OK1x"),
        (b"sv 01 03 ff\r", b"v 01 OK0300x"),
        (b"fv 01 ff\r", b"v 01 OK3735554835462d484ax"),
        (b"fz 01 ff\r", b"z 01 OK041350x"),
        (b"fy 01 ff\r", b"y 01 OK612KCXR1Q123x"),
        (b"KA 01 FF\r", b"a 01 OK01x"),
    ],
)
def test_health_and_identity_read_as_documented(in_class: LiveSchool, request_bytes: bytes, reply: bytes) -> None:
    assert said(in_class, request_bytes) == reply


def test_in_standby_it_answers_to_power_and_refuses_the_rest(morning: LiveSchool) -> None:
    assert said(morning, b"ka 01 ff\r") == b"a 01 OK00x"
    assert said(morning, b"xb 01 ff\r") == b"b 01 NG03x"
    assert said(morning, b"dl 01 ff\r") == b"l 01 NG03x"


def test_a_command_it_does_not_have_is_refused(in_class: LiveSchool) -> None:
    assert said(in_class, b"dw 01 ff\r") == b"w 01 NG02x"


def test_data_it_does_not_know_is_refused(in_class: LiveSchool) -> None:
    assert said(in_class, b"sv 01 7e ff\r") == b"v 01 NG01x"
    assert said(in_class, b"ka 01 07\r") == b"a 01 NG01x"


def test_another_set_on_the_same_line_is_not_meant(in_class: LiveSchool) -> None:
    assert said(in_class, b"ka 02 ff\r") == b""


def test_a_broadcast_is_carried_out_and_never_answered(in_class: LiveSchool) -> None:
    assert said(in_class, b"ka 00 ff\r") == b""
    assert said(in_class, b"ka 00 00\r") == b""
    assert not display.facts(unit_in(in_class)).on


def test_it_is_switched_by_the_line(in_class: LiveSchool) -> None:
    assert said(in_class, b"ka 01 00\r") == b"a 01 OK00x"
    assert not in_class.look().school.powers["p1-tv"].on
    assert said(in_class, b"ka 01 01\r") == b"a 01 OK01x"
    assert display.facts(unit_in(in_class)).on


def test_another_input_shows_no_picture(in_class: LiveSchool) -> None:
    assert said(in_class, b"xb 01 91\r") == b"b 01 OK91x"
    assert said(in_class, b"sv 01 02 ff\r") == b"v 01 OK0200x"


def test_a_frame_may_come_in_pieces_and_two_at_once(in_class: LiveSchool) -> None:
    tv = tv_in(in_class)
    assert tv.feed(b"ka 0") == b""
    assert tv.feed(b"1 ff\rxb 01 ff\r") == b"a 01 OK01xb 01 OK90x"


def test_a_set_that_refuses_says_so_to_everything(in_class: LiveSchool) -> None:
    in_class.change(lambda room, now: room.with_fault("tv-refuse", now))
    assert said(in_class, b"ka 01 ff\r") == b"a 01 NG02x"


def test_a_set_that_is_too_hot_reads_as_hot(in_class: LiveSchool) -> None:
    in_class.change(lambda room, now: room.with_fault("tv-hot", now))
    assert int(said(in_class, b"dn 01 ff\r")[7:9], 16) > 60


def test_a_broken_backlight_reads_as_a_fault(in_class: LiveSchool) -> None:
    in_class.change(lambda room, now: room.with_fault("tv-backlight", now))
    assert said(in_class, b"dp 01 ff\r") == b"p 01 OK0x"


def test_a_pulled_cable_reads_as_no_signal(in_class: LiveSchool) -> None:
    in_class.change(lambda room, now: room.with_fault("tv-no-signal", now))
    assert said(in_class, b"ka 01 ff\rsv 01 02 ff\r") == b"a 01 OK01xv 01 OK0200x"


def test_a_line_that_never_ends_is_forgotten(in_class: LiveSchool) -> None:
    tv = tv_in(in_class)
    tv.feed(b"z" * (MAX_LINE + 1))
    assert tv.feed(b"ka 01 ff\r") == b"a 01 OK01x"


@given(st.lists(st.binary(max_size=80), max_size=6))
def test_no_bytes_upset_the_set(chunks: list[bytes]) -> None:
    made = catalogue()["lg-rs232"].settings.model_validate({"key": "p1-tv", "room": "p1", "speaks": "lg-rs232"})
    tv = tv_in(LiveSchool(School.in_the_morning(BenchSettings(device=(made,)), 0), lambda: 60_000))
    for chunk in chunks:
        tv.feed(chunk)
    tv.feed(b"\r")
    assert tv.feed(b"ka 01 ff\r")[:6] == b"a 01 O"


@given(st.binary(max_size=40))
def test_whatever_parses_as_a_frame_has_the_form_of_one(line: bytes) -> None:
    frame = Frame.parse(line)
    assert frame is None or (len(frame.command) == 2 and frame.data)
