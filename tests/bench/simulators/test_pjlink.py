"""PJLink, byte by byte: greeting, authentication, commands, error answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.live import LiveSchool, Unit
from bench.school import School
from bench.settings import BenchSettings
from bench.simulators.pjlink import PjLinkSession, PjLinkSettings, found, lookup

# The specification's own example: this random number, this password, this digest.
SALT = "498e4a67"
DIGEST = b"5d8409bc1c3fa39749434aa3a5c38682"


def session_in(live: LiveSchool, **changes: Any) -> PjLinkSession:
    settings = live.look().school.settings.device_called("p1-projector")
    assert isinstance(settings, PjLinkSettings)
    return PjLinkSession(Unit(live, settings.model_copy(update=changes)), SALT)


def open_projector(now: int) -> LiveSchool:
    made = PjLinkSettings(key="p1-projector", room="p1", speaks="pjlink")
    return LiveSchool(School.in_the_morning(BenchSettings(device=(made,)), now), lambda: now + 60_000)


def said(live: LiveSchool, command: bytes) -> bytes:
    return session_in(live).feed(DIGEST + command)


def test_it_speaks_first_and_asks_for_the_password(in_class: LiveSchool) -> None:
    assert session_in(in_class).greeting() == b"PJLINK 1 498e4a67\r"


def test_the_documented_digest_opens_the_session(in_class: LiveSchool) -> None:
    session = session_in(in_class)
    assert session.feed(DIGEST + b"%1POWR ?\r") == b"%1POWR=1\r"
    assert session.feed(b"%1POWR ?\r") == b"%1POWR=1\r"
    assert not session.ended


@pytest.mark.parametrize("first", [b"%1POWR ?\r", b"0" * 32 + b"%1POWR ?\r", b"\r", DIGEST.upper() + b"%1POWR ?\r"])
def test_a_wrong_password_gets_erra_and_the_line_goes_dead(in_class: LiveSchool, first: bytes) -> None:
    session = session_in(in_class)
    assert session.feed(first + b"%1POWR ?\r") == b"PJLINK ERRA\r"
    assert session.ended


def test_without_a_password_it_asks_for_none(morning: LiveSchool) -> None:
    session = session_in(morning, password="")
    assert session.greeting() == b"PJLINK 0\r"
    assert session.feed(b"%1POWR ?\r") == b"%1POWR=0\r"


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (b"%1INPT ?\r", b"%1INPT=31\r"),
        (b"%1AVMT ?\r", b"%1AVMT=30\r"),
        (b"%1ERST ?\r", b"%1ERST=000000\r"),
        (b"%1LAMP ?\r", b"%1LAMP=1234 1\r"),
        (b"%1INST ?\r", b"%1INST=11 31 32\r"),
        (b"%1NAME ?\r", b"%1NAME=P1 projector\r"),
        (b"%1INF1 ?\r", b"%1INF1=Bench Optics\r"),
        (b"%1INF2 ?\r", b"%1INF2=BX-320\r"),
        (b"%1INFO ?\r", b"%1INFO=simulated\r"),
        (b"%1CLSS ?\r", b"%1CLSS=2\r"),
        (b"%2SNUM ?\r", b"%2SNUM=BENCHPJ0001\r"),
        (b"%2SVER ?\r", b"%2SVER=1.04\r"),
        (b"%2FILT ?\r", b"%2FILT=640\r"),
        (b"%2IRES ?\r", b"%2IRES=1920x1080\r"),
        (b"%2RRES ?\r", b"%2RRES=1920x1080\r"),
        (b"%2INPT ?\r", b"%2INPT=31\r"),
        (b"%2INNM ?31\r", b"%2INNM=HDMI1\r"),
        (b"%2INNM ?99\r", b"%2INNM=ERR2\r"),
        (b"%2RLMP ?\r", b"%2RLMP=BENCH-LAMP-1\r"),
        (b"%2RFIL ?\r", b"%2RFIL=BENCH-FILTER-1\r"),
        (b"%2FREZ ?\r", b"%2FREZ=0\r"),
        (b"%1powr ?\r", b"%1POWR=1\r"),
    ],
)
def test_commands_read_as_documented(in_class: LiveSchool, command: bytes, reply: bytes) -> None:
    assert said(in_class, command) == reply


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (b"%1ZZZZ ?\r", b"%1ZZZZ=ERR1\r"),
        (b"%2POWR ?\r", b"%2POWR=ERR1\r"),
        (b"%1SNUM ?\r", b"%1SNUM=ERR1\r"),
        (b"%1POWR 7\r", b"%1POWR=ERR2\r"),
        (b"%1INPT 99\r", b"%1INPT=ERR2\r"),
        (b"POWR ?\r", b""),
    ],
)
def test_what_is_wrong_gets_the_documented_error(in_class: LiveSchool, command: bytes, reply: bytes) -> None:
    assert said(in_class, command) == reply


def test_a_class_1_projector_knows_no_class_2(in_class: LiveSchool) -> None:
    session = session_in(in_class, pjlink_class=1)
    assert session.feed(DIGEST + b"%1CLSS ?\r%2SNUM ?\r") == b"%1CLSS=1\r%2SNUM=ERR1\r"


def test_in_standby_it_tells_its_state_but_not_its_picture(morning: LiveSchool) -> None:
    replies = said(morning, b"%1POWR ?\r%1ERST ?\r%1LAMP ?\r%1INPT ?\r%2IRES ?\r")
    assert replies == b"%1POWR=0\r%1ERST=000000\r%1LAMP=1234 0\r%1INPT=ERR3\r%2IRES=ERR3\r"


def test_switching_on_takes_the_lamps_time_and_refuses_commands_meanwhile(morning: LiveSchool, clock: Any) -> None:
    session = session_in(morning)
    assert session.feed(DIGEST + b"%1POWR 1\r") == b"%1POWR=OK\r"
    assert session.feed(b"%1POWR ?\r") == b"%1POWR=3\r"
    assert session.feed(b"%1POWR 0\r") == b"%1POWR=ERR3\r"
    clock.pass_s(20)
    assert session.feed(b"%1POWR ?\r") == b"%1POWR=1\r"
    assert session.feed(b"%1POWR 0\r") == b"%1POWR=OK\r"
    assert session.feed(b"%1POWR ?\r") == b"%1POWR=2\r"


@pytest.mark.parametrize(
    ("fault", "command", "reply"),
    [
        ("projector-lamp", b"%1ERST ?\r", b"%1ERST=020000\r"),
        ("projector-lamp-worn", b"%1ERST ?\r", b"%1ERST=010000\r"),
        ("projector-lamp-worn", b"%1LAMP ?\r", b"%1LAMP=5000 1\r"),
        ("projector-cover", b"%1ERST ?\r", b"%1ERST=000200\r"),
        ("projector-refuse", b"%1POWR ?\r", b"%1POWR=ERR4\r"),
        ("projector-lamp", b"%1LAMP ?\r", b"%1LAMP=1234 0\r"),
        ("projector-fan", b"%1ERST ?\r", b"%1ERST=200000\r"),
        ("projector-hot", b"%1ERST ?\r", b"%1ERST=002000\r"),
        ("projector-filter", b"%1ERST ?\r", b"%1ERST=000010\r"),
        ("projector-off", b"%1POWR ?\r", b"%1POWR=2\r"),
        ("projector-no-signal", b"%2IRES ?\r", b"%2IRES=-\r"),
        ("receiver-dead", b"%2IRES ?\r", b"%2IRES=-\r"),
    ],
)
def test_a_fault_shows_in_the_answer(in_class: LiveSchool, fault: str, command: bytes, reply: bytes) -> None:
    in_class.change(lambda room, now: room.with_fault(fault, now))
    assert said(in_class, command) == reply


def test_a_command_may_come_in_pieces(in_class: LiveSchool) -> None:
    session = session_in(in_class)
    assert session.feed(DIGEST[:7]) == b""
    assert session.feed(DIGEST[7:] + b"%1PO") == b""
    assert session.feed(b"WR ?\r") == b"%1POWR=1\r"


def test_lamp_hours_count_while_it_runs(in_class: LiveSchool, clock: Any) -> None:
    clock.pass_s(2 * 3600)
    assert said(in_class, b"%1LAMP ?\r") == b"%1LAMP=1236 1\r"
    assert in_class.look().school.powers["p1-projector"].on


def test_its_lookup_tells_the_mac_address() -> None:
    assert lookup(PjLinkSettings(key="p", room="r", speaks="pjlink")) == b"%2LKUP=02:00:00:00:00:02\r"


def test_the_search_is_answered_with_the_mac_address() -> None:
    settings = PjLinkSettings(key="p1-projector", room="p1", speaks="pjlink")
    assert found(b"%2SRCH\r", settings) == [b"%2ACKN=02:00:00:00:00:02\r"]
    assert found(b"%2ACKN=02:00:00:00:00:09\r", settings) == []


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_no_bytes_upset_the_projector(chunks: list[bytes]) -> None:
    session = session_in(open_projector(0))
    for chunk in chunks:
        reply = session.feed(chunk)
        assert reply == b"" or reply.endswith(b"\r")
