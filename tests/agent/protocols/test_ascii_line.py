import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import LinkError, LinkLost
from agent.protocols.ascii_line import MAX_PENDING, AsciiLine, codec
from agent.protocols.codec import Peer
from firmware_profiles.links import AsciiProtocol
from firmware_profiles.loader import load_catalog

LG = load_catalog().profile("lg/rs232").protocol
assert isinstance(LG, AsciiProtocol)
Hold = Callable[..., tuple[bytes, Any]]


def lg() -> AsciiLine:
    line = codec(LG, Peer(set_id="01"))
    assert isinstance(line, AsciiLine)
    return line


def test_the_request_names_the_set_and_ends_as_the_profile_says(hold: Hold) -> None:
    sent, _ = hold(lg().ask("ka {set_id} ff"), [b"a 01 OK01x"])
    assert sent == b"ka 01 ff\r"


def test_it_says_nothing_when_the_line_opens(hold: Hold) -> None:
    assert hold(lg().greet(), []) == (b"", None)


@pytest.mark.parametrize("cut", range(1, 10))
def test_an_answer_may_come_in_two_pieces(hold: Hold, cut: int) -> None:
    answer = b"a 01 OK01x"
    assert hold(lg().ask("?"), [answer[:cut], answer[cut:]])[1] == "a 01 OK01x"


def test_an_echo_is_passed_over(hold: Hold) -> None:
    assert hold(lg().ask("?"), [b"ka 01 ff\r\n", b"a 01 OK01x\r\n"])[1] == "a 01 OK01x"


def test_an_answer_may_begin_with_the_sign_that_ends_one(hold: Hold) -> None:
    assert hold(lg().ask("?"), [b"x 01 OK05x"])[1] == "x 01 OK05x"


def test_a_refusal_is_an_answer(hold: Hold) -> None:
    assert hold(lg().ask("?"), [b"w 01 NG02x"])[1] == "w 01 NG02x"


def test_a_closed_line_is_lost(hold: Hold) -> None:
    with pytest.raises(LinkLost):
        hold(lg().ask("?"), [b"a 01 O"])


def test_a_line_full_of_noise_takes_no_memory(hold: Hold) -> None:
    noise = [b"\xff" * 1000] * 50
    assert hold(lg().ask("?"), [*noise, b"a 01 OK01x"])[1] == "a 01 OK01x"


def test_noise_as_long_as_the_buffer_does_not_split_an_answer(hold: Hold) -> None:
    noise = b"\xff" * (MAX_PENDING - 3)
    assert hold(lg().ask("?"), [noise + b"a 01", b" OK01x"])[1] == "a 01 OK01x"


@given(st.lists(st.binary(min_size=1), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        hold(lg().ask("?"), pieces)


@given(st.binary(max_size=50).filter(lambda noise: b"x" not in noise), st.integers(0, 60))
def test_noise_before_an_answer_does_not_change_it(hold: Hold, noise: bytes, cut: int) -> None:
    whole = noise + b"\na 01 OK01x"
    pieces = [piece for piece in (whole[:cut], whole[cut:]) if piece]
    assert hold(lg().ask("?"), pieces)[1] == "a 01 OK01x"
