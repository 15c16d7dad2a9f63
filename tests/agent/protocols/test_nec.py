import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, LinkError, LinkLost
from agent.protocols.codec import Codec, Peer
from agent.protocols.nec import MAX_PENDING, codec
from firmware_profiles.frames import NecProtocol

Hold = Callable[..., tuple[bytes, Any]]
NEC = NecProtocol(name="nec")


def nec(set_id: str = "1") -> Codec:
    return codec(NEC, Peer(set_id=set_id))


def reply(kind: str, text: str, display: str = "A") -> bytes:
    body = f"00{display}{kind}{len(text) + 2:02X}\x02{text}\x03".encode()
    check = 0
    for byte in body:
        check ^= byte
    return b"\x01" + body + bytes([check]) + b"\r"


ON = reply("B", "0200D60000040001")


def test_the_request_is_the_manuals_own(hold: Hold) -> None:
    assert hold(nec().ask("A01D6"), [ON]) == (bytes.fromhex("013041304130360230314436 03740D"), "0200D60000040001")


def test_another_display_has_another_address(hold: Hold) -> None:
    sent, answer = hold(nec("2").ask("A01D6"), [ON, reply("B", "0200D60000040004", "B")])
    assert (sent[2:3], answer) == (b"B", "0200D60000040004")


def test_words_are_sent_one_after_the_other(hold: Hold) -> None:
    selected, read = reply("F", "0002780000030001"), reply("D", "0002790000FF0047")
    sent, answer = hold(nec().ask("E02780001 C0279"), [selected, read])
    assert answer == "0002780000030001 0002790000FF0047"
    assert sent == bytes.fromhex("01304130453041023032373830303031 03780D 013041304330360230323739 03090D")


def test_busy_or_unknown_is_an_answer(hold: Hold) -> None:
    assert hold(nec().ask("C0279"), [reply("B", "BE")])[1] == "BE"


def test_a_reply_to_another_type_is_passed_over(hold: Hold) -> None:
    assert hold(nec().ask("C0279"), [ON + reply("D", "0002790000FF0047")])[1] == "0002790000FF0047"


def test_a_wrong_check_code_is_no_answer(hold: Hold) -> None:
    with pytest.raises(LinkLost):
        hold(nec().ask("A01D6"), [ON[:-2] + b"\x00\r"])


@pytest.mark.parametrize("request_text", ["01D6", "A1", "Axy", "A01D6\x03"])
def test_a_request_that_is_none_is_told(hold: Hold, request_text: str) -> None:
    with pytest.raises(BadReply, match="no NEC request"):
        hold(nec().ask(request_text), [ON])


def test_a_line_full_of_noise_takes_no_memory(hold: Hold) -> None:
    assert hold(nec().ask("A01D6"), [*[b"\x01" * 1000] * 9, b"\x00" * (MAX_PENDING - 3) + ON[:5], ON[5:]])[1]


@given(st.lists(st.binary(min_size=1) | st.sampled_from([ON, ON[:9], b"\x0100AB", b"FF\x02"]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        hold(nec().ask("A01D6"), pieces)


@given(st.binary(max_size=40).filter(lambda noise: b"\x01" not in noise), st.integers(1, 60))
def test_an_answer_may_be_split_anywhere_and_noise_may_come_first(hold: Hold, noise: bytes, cut: int) -> None:
    whole = noise + ON
    pieces = [piece for piece in (whole[:cut], whole[cut:]) if piece]
    assert hold(nec().ask("A01D6"), pieces)[1] == "0200D60000040001"
