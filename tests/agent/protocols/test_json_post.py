import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, Declined, LinkError, LinkLost, Refused
from agent.protocols.codec import Codec, Peer
from agent.protocols.json_post import codec
from firmware_profiles.links import JsonPostProtocol

Hold = Callable[..., tuple[bytes, Any]]
ASK = '/sony/system {"id":1}'
BODY = '{"result":[{"status":"active"}],"id":1}'
ANSWER = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}".encode()


def sony(password: str = "") -> Codec:
    protocol = JsonPostProtocol.model_validate({"name": "json_post", "headers": {"X-Auth-PSK": "{password}"}})
    return codec(protocol, Peer("tv:80", password=password))


def test_a_document_is_posted_with_the_key(hold: Hold) -> None:
    sent, answer = hold(sony("1234").ask(ASK), [ANSWER])
    assert answer == BODY
    assert sent == (
        b"POST /sony/system HTTP/1.1\r\nHost: tv:80\r\nContent-Type: application/json\r\nContent-Length: 8\r\n"
        b'X-Auth-PSK: 1234\r\nConnection: close\r\n\r\n{"id":1}'
    )


def test_without_a_key_there_is_no_header_for_it(hold: Hold) -> None:
    assert b"X-Auth-PSK" not in hold(sony().ask(ASK), [ANSWER])[0]


def test_a_key_cannot_smuggle_headers_in(hold: Hold) -> None:
    with pytest.raises(Refused, match="without line ends"):
        hold(sony("x\r\nHost: evil").ask(ASK), [ANSWER])


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_told(hold: Hold, status: int) -> None:
    with pytest.raises(Refused, match="give the right password"):
        hold(sony("x").ask(ASK), [f"HTTP/1.1 {status} No\r\n\r\n".encode()])


@pytest.mark.parametrize("status", [404, 500, 302])
def test_any_other_status_declines(hold: Hold, status: int) -> None:
    with pytest.raises(Declined, match=f"HTTP {status}"):
        hold(sony().ask(ASK), [f"HTTP/1.1 {status} No\r\n\r\n".encode()])


@pytest.mark.parametrize("request_text", ["", "/sony/system", "sony {}", "/a b {}"])
def test_a_request_that_is_none_is_told(hold: Hold, request_text: str) -> None:
    with pytest.raises(BadReply, match="no path and document"):
        hold(sony().ask(request_text), [ANSWER])


def test_an_answer_cut_short_is_none(hold: Hold) -> None:
    for cut in range(len(ANSWER)):
        with pytest.raises(LinkLost):
            hold(sony().ask(ASK), [piece for piece in [ANSWER[:cut]] if piece])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"\r\n", ANSWER]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        hold(sony("x").ask(ASK), pieces)


@given(st.integers(1, len(ANSWER) - 1))
def test_an_answer_may_be_split_anywhere(hold: Hold, cut: int) -> None:
    assert hold(sony().ask(ASK), [ANSWER[:cut], ANSWER[cut:]])[1] == BODY
