import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, LinkError, LinkLost
from agent.protocols.codec import Codec, Peer
from agent.protocols.frame import MAX_PENDING, codec
from firmware_profiles.frames import FrameProtocol
from firmware_profiles.loader import load_catalog

Hold = Callable[..., tuple[bytes, Any]]
CATALOGUE = load_catalog()
ON = bytes.fromhex("AAFF01034111 0156")
REFUSED = bytes.fromhex("AAFF01034E0D015F")
STATE = bytes.fromhex("AAFF0108410D000002002900 81")
SICP = {
    "length_counts": "frame",
    "request": "{length} {set_id} 00 {command} {data} {xor}",
    "answer": "{length} {set_id} {any} {command} {data} {xor}",
    "refusal": "{length} {set_id} {any} 00 {data} {xor}",
}


def samsung(set_id: str = "1") -> Codec:
    protocol = CATALOGUE.profile("samsung/mdc").protocol
    assert isinstance(protocol, FrameProtocol)
    return codec(protocol, Peer(set_id=set_id))


def other(**keys: Any) -> Codec:
    return codec(FrameProtocol.model_validate({"name": "frame", **keys}), Peer(set_id="1"))


def test_a_request_carries_command_number_length_and_sum(hold: Hold) -> None:
    assert hold(samsung().ask("11"), [ON]) == (bytes.fromhex("AA11010012"), "01")


def test_what_follows_the_command_is_its_data(hold: Hold) -> None:
    assert hold(samsung().ask("11 01"), [ON])[0] == bytes.fromhex("AA1101010114")


def test_the_number_of_a_set_is_decimal(hold: Hold) -> None:
    assert hold(samsung("12").ask("11"), [bytes.fromhex("AAFF0C03411100 60")]) == (bytes.fromhex("AA110C001D"), "00")


def test_it_says_nothing_when_the_line_opens(hold: Hold) -> None:
    assert hold(samsung().greet(), []) == (b"", None)


def test_a_length_may_count_the_whole_frame(hold: Hold) -> None:
    asked = hold(other(**SICP).ask("2F"), [bytes.fromhex("0701012F22242E")])
    assert asked == (bytes.fromhex("0501002F2B"), "2224")


def test_a_length_may_count_the_rest_with_the_checksum(hold: Hold) -> None:
    sony = other(request="83 {command} {data} FF FF {sum}", answer="70 00 {length} {data} {sum}", length_counts="rest")
    assert hold(sony.ask("00 00"), [bytes.fromhex("7000020173")]) == (bytes.fromhex("830000FFFF81"), "01")


def test_a_refusal_is_an_answer_that_is_no_data(hold: Hold) -> None:
    assert hold(samsung().ask("0D"), [REFUSED])[1] == "refused: 01"


def test_a_refusal_of_something_else_is_passed_over(hold: Hold) -> None:
    assert hold(samsung().ask("11"), [REFUSED + ON])[1] == "01"


@pytest.mark.parametrize("wrong", ["AAFF0103411101 57", "AAFF0203411101 57", "AAFF0103411401 59"])
def test_a_wrong_checksum_number_or_command_is_no_answer(hold: Hold, wrong: str) -> None:
    with pytest.raises(LinkLost):
        hold(samsung().ask("11"), [bytes.fromhex(wrong)])


def test_a_beginning_that_promises_a_long_frame_does_not_hide_the_answer(hold: Hold) -> None:
    assert hold(samsung().ask("11"), [bytes.fromhex("AAFF01FF41 11") + ON])[1] == "01"


def test_a_line_full_of_noise_takes_no_memory(hold: Hold) -> None:
    assert hold(samsung().ask("11"), [*[b"\xaa" * 1000] * 9, ON])[1] == "01"


def test_noise_as_long_as_the_buffer_does_not_split_an_answer(hold: Hold) -> None:
    assert hold(samsung().ask("11"), [b"\x00" * (MAX_PENDING - 3) + ON[:4], ON[4:]])[1] == "01"


@pytest.mark.parametrize("request_text", ["", "1", "xy"])
def test_a_request_that_is_no_command_is_told(hold: Hold, request_text: str) -> None:
    with pytest.raises(BadReply, match="no command"):
        hold(samsung().ask(request_text), [ON])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([ON, STATE[:5], REFUSED]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    for device in (samsung(), other(**SICP)):
        with contextlib.suppress(LinkError):
            hold(device.ask("11"), pieces)


@given(st.binary(max_size=40).filter(lambda noise: b"\xaa" not in noise), st.integers(1, 60))
def test_an_answer_may_be_split_anywhere_and_noise_may_come_first(hold: Hold, noise: bytes, cut: int) -> None:
    whole = noise + STATE
    pieces = [piece for piece in (whole[:cut], whole[cut:]) if piece]
    assert hold(samsung().ask("0D"), pieces)[1] == "000002002900"


@given(st.binary(max_size=200))
def test_whatever_data_a_device_sends_comes_out_as_it_is(hold: Hold, data: bytes) -> None:
    body = bytes([0xFF, 1, len(data) + 2, 0x41, 0x8A]) + data
    frame = b"\xaa" + body + bytes([sum(body) & 0xFF])
    assert hold(samsung().ask("8A"), [frame])[1] == data.hex()
