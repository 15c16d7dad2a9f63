import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, Declined, LinkError, LinkLost, Refused
from agent.protocols.codec import Peer
from agent.protocols.http_get import HttpGet

Hold = Callable[..., tuple[bytes, Any]]
BODY = '{"snr": 80, "name": "ดีแอลทีวี"}'
WITH_LENGTH = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY.encode())}\r\n\r\n{BODY}".encode()
TO_THE_END = f"HTTP/1.0 200 OK\r\n\r\n{BODY}".encode()
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"5;ext=1\r\n"
    + BODY.encode()[:5]
    + f"\r\n{len(BODY.encode()) - 5:X}\r\n".encode()
    + BODY.encode()[5:]
    + b"\r\n0\r\n\r\n"
)
BOX = Peer("box:80")
ANSWERS = [WITH_LENGTH, TO_THE_END, CHUNKED]


def asked(hold: Hold, *pieces: bytes, peer: Peer = BOX) -> tuple[bytes, Any]:
    return hold(HttpGet(peer).ask("/api/signal"), [piece for piece in pieces if piece])


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_body_of_a_200_is_the_answer(hold: Hold, answer: bytes) -> None:
    sent, body = asked(hold, answer)
    assert body == BODY
    assert sent.startswith(b"GET /api/signal HTTP/1.1\r\nHost: box:80\r\n")
    assert sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_may_be_split_anywhere(hold: Hold, answer: bytes) -> None:
    assert {asked(hold, answer[:cut], answer[cut:])[1] for cut in range(1, len(answer))} == {BODY}


def test_user_and_password_are_sent(hold: Hold) -> None:
    sent, _ = asked(hold, WITH_LENGTH, peer=Peer("box", "root", "dreambox"))
    assert b"\r\nAuthorization: Basic cm9vdDpkcmVhbWJveA==\r\n" in sent


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_password_is_told(hold: Hold, status: int) -> None:
    with pytest.raises(Refused, match="give the right user"):
        asked(hold, f"HTTP/1.1 {status} No\r\n\r\n".encode())


@pytest.mark.parametrize("status", [404, 500, 302, 204])
def test_any_other_status_declines(hold: Hold, status: int) -> None:
    with pytest.raises(Declined, match=f"HTTP {status}"):
        asked(hold, f"HTTP/1.1 {status} X\r\n\r\n".encode())


@pytest.mark.parametrize("answer", [WITH_LENGTH, CHUNKED])
def test_a_body_cut_short_is_no_answer(hold: Hold, answer: bytes) -> None:
    for cut in range(len(answer) - 4):
        with pytest.raises(LinkLost):
            asked(hold, answer[:cut])


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 2x0 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
        b"HTTP/1.1 200 OK\r\n" + b"X" * 10_000,
    ],
)
def test_what_is_no_http_or_too_much_of_it_is_refused(hold: Hold, answer: bytes) -> None:
    with pytest.raises(BadReply):
        asked(hold, answer)


def test_a_body_without_an_end_is_refused(hold: Hold) -> None:
    with pytest.raises(BadReply):
        asked(hold, b"HTTP/1.0 200 OK\r\n\r\n", *[b"x" * 65536] * 20)


@given(st.lists(st.binary(min_size=1) | st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"\r\n", CHUNKED]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        asked(hold, *pieces)
