import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, LinkError, LinkLost, Refused
from agent.protocols.pjlink import Pjlink

Hold = Callable[..., tuple[bytes, Any]]
DIGEST = b"5d8409bc1c3fa39749434aa3a5c38682"


def greeted(hold: Hold, greeting: bytes, password: str = "") -> Pjlink:
    codec = Pjlink(password)
    hold(codec.greet(), [greeting])
    return codec


def test_without_a_password_the_request_goes_as_it_is(hold: Hold) -> None:
    codec = greeted(hold, b"PJLINK 0\r")
    assert hold(codec.ask("%1POWR ?"), [b"%1POWR=1\r"]) == (b"%1POWR ?\r", "1")


def test_the_digest_of_the_specifications_example_goes_before_the_first_request(hold: Hold) -> None:
    codec = greeted(hold, b"PJLINK 1 498e4a67\r", "JBMIAProjectorLink")
    assert hold(codec.ask("%1POWR ?"), [b"%1POWR=1\r"])[0] == DIGEST + b"%1POWR ?\r"


def test_the_digest_goes_before_the_first_request_only(hold: Hold) -> None:
    codec = greeted(hold, b"PJLINK 1 498e4a67\r", "JBMIAProjectorLink")
    hold(codec.ask("%1POWR ?"), [b"%1POWR=1\r"])
    assert hold(codec.ask("%1ERST ?"), [b"%1ERST=000000\r"])[0] == b"%1ERST ?\r"


def test_a_new_session_has_a_new_digest(hold: Hold) -> None:
    codec = greeted(hold, b"PJLINK 1 00000000\r", "JBMIAProjectorLink")
    hold(codec.greet(), [b"PJLINK 1 498e4a67\r"])
    assert hold(codec.ask("%1POWR ?"), [b"%1POWR=1\r"])[0] == DIGEST + b"%1POWR ?\r"


def test_a_wrong_password_is_told(hold: Hold) -> None:
    codec = greeted(hold, b"PJLINK 1 498e4a67\r", "wrong")
    with pytest.raises(Refused, match="refuses the password; correct password ="):
        hold(codec.ask("%1POWR ?"), [b"PJLINK ERRA\r"])


def test_a_missing_password_is_told(hold: Hold) -> None:
    with pytest.raises(Refused, match="wants a password; add password ="):
        greeted(hold, b"PJLINK 1 498e4a67\r")


def test_something_else_on_the_port_is_told(hold: Hold) -> None:
    with pytest.raises(BadReply, match="greets with"):
        greeted(hold, b"SSH-2.0-server\r")


def test_a_session_that_is_closed_at_once_is_lost(hold: Hold) -> None:
    with pytest.raises(LinkLost):
        greeted(hold, b"")


def test_lower_case_answers_are_understood(hold: Hold) -> None:
    assert hold(greeted(hold, b"PJLINK 0\r").ask("%1POWR ?"), [b"%1powr=0\r"])[1] == "0"


def test_an_error_is_an_answer(hold: Hold) -> None:
    assert hold(greeted(hold, b"PJLINK 0\r").ask("%1LAMP ?"), [b"%1LAMP=ERR4\r"])[1] == "ERR4"


def test_the_answer_to_something_else_is_passed_over(hold: Hold) -> None:
    assert hold(greeted(hold, b"PJLINK 0\r").ask("%1LAMP ?"), [b"%1POWR=1\r%1LAMP=5 1\r"])[1] == "5 1"


@pytest.mark.parametrize("cut", range(1, 8))
def test_an_answer_may_come_in_two_pieces(hold: Hold, cut: int) -> None:
    answer = b"%1POWR=1\r"
    assert hold(greeted(hold, b"PJLINK 0\r").ask("%1POWR ?"), [answer[:cut], answer[cut:]])[1] == "1"


def test_a_line_without_an_end_is_refused(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(greeted(hold, b"PJLINK 0\r").ask("%1POWR ?"), [b"x" * 1000] * 10)


@given(st.lists(st.binary(min_size=1) | st.sampled_from([b"PJLINK ", b"%1POWR=", b"\r", b"ERRA"]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    codec = Pjlink("secret")
    with contextlib.suppress(LinkError):
        hold(codec.greet(), pieces)
    with contextlib.suppress(LinkError):
        hold(codec.ask("%1POWR ?"), pieces)
