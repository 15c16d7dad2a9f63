import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, LinkError, LinkLost, Refused
from agent.protocols.codec import Peer
from agent.protocols.console import MAX_ANSWER, Console, codec
from firmware_profiles.links import ConsoleProtocol
from firmware_profiles.loader import load_catalog

BOX = load_catalog().profile("generic/serial-console").protocol
assert isinstance(BOX, ConsoleProtocol)
Hold = Callable[..., tuple[bytes, Any]]


def console(user: str = "", password: str = "") -> Console:
    made = codec(BOX, Peer(user=user, password=password))
    assert isinstance(made, Console)
    return made


def test_an_empty_line_brings_the_prompt(hold: Hold) -> None:
    assert hold(console().greet(), [b"\r\nstb# "]) == (b"\r", None)


def test_who_asks_is_told_name_and_password(hold: Hold) -> None:
    sent, _ = hold(console("root", "toor").greet(), [b"\r\nlogin: ", b"root\r\nPassword: ", b"\r\nstb# "])
    assert sent == b"\rroot\rtoor\r"


def test_a_console_that_asks_in_vain_is_told_to_the_operator(hold: Hold) -> None:
    with pytest.raises(Refused, match="asks who is there"):
        hold(console().greet(), [b"login: "])


def test_a_wrong_password_is_told(hold: Hold) -> None:
    with pytest.raises(Refused, match="refuses the password"):
        hold(console("root", "x").greet(), [b"login: ", b"root\r\nPassword: ", b"\r\nLogin incorrect\r\nlogin: "])


def test_a_console_that_asks_for_ever_is_given_up(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(console("root", "x").greet(), [b"login: "] * 10)


def test_the_answer_stands_between_echo_and_prompt(hold: Hold) -> None:
    assert hold(console().ask("uptime"), [b"upt", b"ime\r\n12\r\n34\r\nst", b"b# "]) == (b"uptime\r", "12\n34")


def test_a_console_without_echo_is_understood(hold: Hold) -> None:
    assert hold(console().ask("uptime"), [b"12\r\nstb# "])[1] == "12"


def test_colours_are_no_text(hold: Hold) -> None:
    assert hold(console().ask("uptime"), [b"uptime\r\n\x1b[1;32m12\x1b[0m\r\n\x1b[0mstb# "])[1] == "12"


def test_who_was_logged_out_begins_anew(hold: Hold) -> None:
    with pytest.raises(LinkLost, match="logged"):
        hold(console("root", "x").ask("uptime"), [b"\r\nlogin: "])


def test_a_flood_without_a_prompt_is_refused(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(console().ask("uptime"), [b"x" * (MAX_ANSWER + 1)])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([b"stb# ", b"login: ", b"Password: ", b"\r\n"]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    for dialogue in (console("a", "b").greet(), console().ask("uptime")):
        with contextlib.suppress(LinkError):
            hold(dialogue, pieces)
