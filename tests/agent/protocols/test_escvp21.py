import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, Declined, LinkError, LinkLost, Refused
from agent.protocols.codec import Codec, Peer
from agent.protocols.escvp21 import MAX_PENDING, codec
from firmware_profiles.links import EscVp21Protocol

Hold = Callable[..., tuple[bytes, Any]]
HELLO = b"ESC/VP.net\x10\x03\x00\x00\x00"


def epson(host: str = "", password: str = "") -> Codec:
    return codec(EscVp21Protocol(name="escvp21"), Peer(host=host, password=password))


def status(code: int, headers: bytes = b"\x00") -> bytes:
    return b"ESC/VP.net\x10\x03\x00\x00" + bytes([code]) + headers


def test_a_question_ends_with_cr_and_its_answer_with_the_colon(hold: Hold) -> None:
    assert hold(epson().ask("PWR?"), [b"PWR=01\r:"]) == (b"PWR?\r", "PWR=01")


def test_without_the_colon_there_is_no_answer_yet(hold: Hold) -> None:
    with pytest.raises(LinkLost):
        hold(epson().ask("PWR?"), [b"PWR=01\r"])


def test_a_bare_err_refuses(hold: Hold) -> None:
    assert hold(epson().ask("LAMP?"), [b"ERR\r:"])[1] == "ERR"


def test_an_answer_to_err_is_no_refusal(hold: Hold) -> None:
    assert hold(epson().ask("ERR?"), [b"ERR=0C\r:"])[1] == "ERR=0C"


def test_what_comes_unasked_is_passed_over(hold: Hold) -> None:
    unasked = b":IMEVENT=0001 03 00000000 00000000 T1 F1\r:PWR=01\r:"
    assert hold(epson().ask("LAMP?"), [unasked + b"LAMP=5\r:"])[1] == "LAMP=5"


def test_an_echo_is_passed_over(hold: Hold) -> None:
    assert hold(epson().ask("PWR?"), [b"PWR?\rPWR=00\r:"])[1] == "PWR=00"


def test_a_serial_line_needs_no_session(hold: Hold) -> None:
    assert hold(epson().greet(), []) == (b"", None)


def test_a_session_without_a_password_has_no_header(hold: Hold) -> None:
    assert hold(epson("beamer").greet(), [status(0x20)])[0] == HELLO + b"\x00"


def test_a_password_stands_in_a_header_of_eighteen_bytes(hold: Hold) -> None:
    assert hold(epson("beamer", "guru").greet(), [status(0x20)])[0] == HELLO + b"\x01\x01\x01guru" + bytes(12)


def test_headers_of_the_answer_are_awaited(hold: Hold) -> None:
    with pytest.raises(LinkLost):
        hold(epson("beamer").greet(), [status(0x20, b"\x01") + bytes(17)])
    assert hold(epson("beamer").greet(), [status(0x20, b"\x01") + bytes(17), b"\x00"])[1] is None


@pytest.mark.parametrize(
    ("code", "error", "text"),
    [
        (0x41, Refused, "wants a password; add password ="),
        (0x43, Refused, "refuses the password; correct password ="),
        (0x53, Declined, "somebody else"),
        (0x40, BadReply, "40"),
        (0x55, BadReply, "55"),
    ],
)
def test_a_refused_session_is_told(hold: Hold, code: int, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        hold(epson("beamer", "x").greet(), [status(code)])


def test_a_password_that_cannot_be_sent_is_told(hold: Hold) -> None:
    with pytest.raises(Refused, match="at most 16 bytes"):
        hold(epson("beamer", "x" * 17).greet(), [status(0x20)])


@pytest.mark.parametrize("answer", [b"SSH-2.0", b"ESC/VP.not a projector at all"])
def test_something_else_on_the_port_is_told(hold: Hold, answer: bytes) -> None:
    with pytest.raises(BadReply, match=r"not answer as ESC/VP\.net"):
        hold(epson("beamer").greet(), [answer])


@pytest.mark.parametrize("request_text", ["PWR", "pwr?", "PWR ON", "PWR?\rPWR OFF"])
def test_what_does_not_ask_is_not_sent(hold: Hold, request_text: str) -> None:
    with pytest.raises(BadReply, match="no ESC/VP21 request"):
        hold(epson().ask(request_text), [b"PWR=01\r:"])


def test_a_line_full_of_noise_takes_no_memory(hold: Hold) -> None:
    noise = [b"PWR=" * 250] * 9
    assert hold(epson().ask("PWR?"), [*noise, b"\x00" * (MAX_PENDING - 3) + b"PWR", b"=01\r:"])[1] == "PWR=01"


@given(st.lists(st.binary(min_size=1) | st.sampled_from([HELLO, b"ERR\r", b"PWR=", status(0x20)]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    for dialogue in (epson().ask("PWR?"), epson("beamer", "x").greet()):
        with contextlib.suppress(LinkError):
            hold(dialogue, pieces)


@given(st.binary(max_size=40).filter(lambda noise: b":" not in noise), st.integers(1, 60))
def test_an_answer_may_be_split_anywhere_and_noise_may_come_first(hold: Hold, noise: bytes, cut: int) -> None:
    whole = noise + b"\rLAMP=1234\r:"
    pieces = [piece for piece in (whole[:cut], whole[cut:]) if piece]
    assert hold(epson().ask("LAMP?"), pieces)[1] == "LAMP=1234"


@given(st.integers(0, 40))
def test_a_session_may_begin_in_pieces(hold: Hold, cut: int) -> None:
    whole = status(0x20, b"\x01") + bytes(18)
    pieces = [piece for piece in (whole[:cut], whole[cut:]) if piece]
    assert hold(epson("beamer").greet(), pieces)[1] is None
