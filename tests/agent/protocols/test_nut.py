import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, Declined, LinkError, LinkLost, Refused
from agent.protocols.codec import Peer
from agent.protocols.nut import MAX_VARIABLES, Nut, codec
from firmware_profiles.links import NutProtocol

Hold = Callable[..., tuple[bytes, Any]]
ASK = "LIST VAR {set_id}"
LIST = b'BEGIN LIST VAR ups\nVAR ups ups.status "OL"\nVAR ups ups.model "a \\"b\\" \\\\ c"\nEND LIST VAR ups\n'


def nut() -> Nut:
    made = codec(NutProtocol(name="nut"), Peer(set_id="ups"))
    assert isinstance(made, Nut)
    return made


def test_a_list_is_its_values_by_name(hold: Hold) -> None:
    sent, values = hold(nut().ask(ASK), [LIST])
    assert sent == b"LIST VAR ups\n"
    assert values == {"ups.status": "OL", "ups.model": 'a "b" \\ c'}


def test_an_empty_value_is_a_value(hold: Hold) -> None:
    assert hold(nut().ask(ASK), [LIST.replace(b'"OL"', b'""')])[1]["ups.status"] == ""


@pytest.mark.parametrize(
    ("code", "error", "says"),
    [
        ("UNKNOWN-UPS", Refused, "set_id"),
        ("ACCESS-DENIED", Refused, "upsd.conf"),
        ("DATA-STALE", Declined, "lost its UPS"),
        ("DRIVER-NOT-CONNECTED", Declined, "driver does not run"),
        ("UNKNOWN-COMMAND", Declined, "UNKNOWN-COMMAND"),
        ("", Declined, "says"),
    ],
)
def test_an_error_says_what_to_do(hold: Hold, code: str, error: type[LinkError], says: str) -> None:
    with pytest.raises(error, match=says):
        hold(nut().ask(ASK), [f"ERR {code}\n".encode()])


def test_a_list_cut_short_is_no_list(hold: Hold) -> None:
    for cut in range(len(LIST)):
        with pytest.raises(LinkLost):
            hold(nut().ask(ASK), [LIST[:cut]] if cut else [])


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-x\n",
        b"BEGIN LIST VAR other\n",
        b"BEGIN LIST VAR ups\nVAR other ups.status OL\n",
        b"BEGIN LIST VAR ups\nVAR ups ups.status\n",
        b"BEGIN LIST VAR ups\n" + b"VAR ups a b\n" * (MAX_VARIABLES + 1),
    ],
)
def test_what_is_no_list_is_refused(hold: Hold, answer: bytes) -> None:
    with pytest.raises(BadReply):
        hold(nut().ask(ASK), [answer])


@pytest.mark.parametrize("request_", ["SET VAR ups x y", "LIST UPS", "LIST VAR a b"])
def test_other_requests_are_not_sent(hold: Hold, request_: str) -> None:
    with pytest.raises(BadReply):
        hold(nut().ask(request_), [])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([LIST, b"BEGIN LIST VAR ups\n", b"ERR "]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        hold(nut().ask(ASK), pieces)
