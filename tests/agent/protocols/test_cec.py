"""Structures as linux/cec.h lays them out; the sizes and offsets were checked with a C compiler."""

import contextlib
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, Declined, LinkError, LinkLost
from agent.protocols.cec import ADDRESSES_SIZE, MESSAGE_SIZE, S_LOG_ADDRS, TRANSMIT, Cec, codec
from agent.protocols.codec import Peer
from firmware_profiles.links import CecProtocol

Hold = Callable[..., tuple[bytes, Any]]
ON = bytes([0x04, 0x90, 0x00])


def addresses(address: int, claimed: int = 1) -> bytes:
    return bytes([address, 0xFF, 0xFF, 0xFF, 0, 0, 5, claimed]).ljust(ADDRESSES_SIZE, b"\0")


def message(said: bytes, received: int = 1, transmitted: int = 1) -> bytes:
    head = struct.pack("=QQIIII", 7, 9, len(said), 1000, 1, 0)
    return (head + said.ljust(16, b"\0") + bytes([0x90, received, transmitted])).ljust(MESSAGE_SIZE, b"\0")


def cec(hold: Hold, address: int = 4) -> Cec:
    made = codec(CecProtocol(name="cec"), Peer())
    assert isinstance(made, Cec)
    hold(made.greet(), [addresses(address)])
    return made


def test_who_has_an_address_keeps_it(hold: Hold) -> None:
    sent, _ = hold(codec(CecProtocol(name="cec"), Peer()).greet(), [addresses(4)])
    assert len(sent) == 4 + ADDRESSES_SIZE


def test_who_has_none_claims_that_of_a_playback_device(hold: Hold) -> None:
    sent, _ = hold(codec(CecProtocol(name="cec"), Peer()).greet(), [addresses(0, 0), addresses(8)])
    claim = sent[4 + ADDRESSES_SIZE :]
    assert struct.unpack_from("=I", claim) == (S_LOG_ADDRS,)
    structure = claim[4:]
    assert (structure[6], structure[7], structure[31], structure[35], structure[39]) == (5, 1, 4, 3, 0x10)


def test_a_socket_with_nothing_on_it_is_lost(hold: Hold) -> None:
    with pytest.raises(LinkLost, match="no TV is connected"):
        cec(hold, 0xFF)


def test_the_tv_is_asked_from_the_own_address(hold: Hold) -> None:
    sent, answer = hold(cec(hold, 8).ask("8f 90"), [message(ON)])
    assert struct.unpack_from("=I", sent) == (TRANSMIT,)
    structure = sent[4:]
    assert (structure[16], structure[32], structure[33], structure[48]) == (2, 0x80, 0x8F, 0x90)
    assert answer == "00"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (message(ON, transmitted=0x24), LinkLost),
        (message(ON, received=2), LinkLost),
        (message(ON, received=5), Declined),
        (message(bytes([0x04, 0x9E, 5])), BadReply),
        (message(b"\x04"), BadReply),
        (message(ON) + b"\0", BadReply),
    ],
)
def test_what_is_no_answer_says_why(hold: Hold, answer: bytes, error: type[LinkError]) -> None:
    with pytest.raises(error):
        hold(cec(hold).ask("8f 90"), [answer])


def test_other_requests_are_not_sent(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(cec(hold).ask("36"), [])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([addresses(4), message(ON)]), max_size=6))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    one = codec(CecProtocol(name="cec"), Peer())
    with contextlib.suppress(LinkError):
        hold(one.greet(), pieces)
    with contextlib.suppress(LinkError):
        hold(one.ask("8f 90"), pieces)


@given(st.binary(min_size=MESSAGE_SIZE, max_size=MESSAGE_SIZE))
def test_any_message_is_an_answer_or_an_error(hold: Hold, structure: bytes) -> None:
    with contextlib.suppress(LinkError):
        assert isinstance(hold(cec(hold).ask("8f 90"), [structure])[1], str)
