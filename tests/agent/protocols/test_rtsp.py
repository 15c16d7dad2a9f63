import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadReply, Declined, LinkError, LinkLost, Refused
from agent.protocols.codec import Peer
from agent.protocols.rtsp import Rtsp, codec
from firmware_profiles.links import RtspProtocol

Hold = Callable[..., tuple[bytes, Any]]
SDP = b"v=0\r\n"
OK = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\n" + SDP


def rtsp() -> Rtsp:
    made = codec(RtspProtocol(name="rtsp"), Peer(host="192.0.2.40:554"))
    assert isinstance(made, Rtsp)
    return made


def test_a_description_is_asked_for(hold: Hold) -> None:
    sent, answer = hold(rtsp().ask("DESCRIBE"), [OK])
    assert sent == b"DESCRIBE rtsp://192.0.2.40:554/ RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n"
    assert answer == "v=0\r\n"


def test_requests_are_counted(hold: Hold) -> None:
    one = rtsp()
    hold(one.ask("DESCRIBE"), [OK])
    assert b"CSeq: 2\r\n" in hold(one.ask("OPTIONS"), [b"RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n"])[0]


def test_options_are_answered_by_the_headers(hold: Hold) -> None:
    answer = hold(rtsp().ask("OPTIONS"), [b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Acme/1\r\n\r\n"])[1]
    assert answer == "cseq: 1\nserver: Acme/1"


def test_no_stream_is_an_empty_description(hold: Hold) -> None:
    assert hold(rtsp().ask("DESCRIBE"), [b"RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n"])[1] == ""


def test_an_answer_to_an_earlier_request_is_passed_over(hold: Hold) -> None:
    one = rtsp()
    hold(one.ask("DESCRIBE"), [OK])
    second = OK.replace(b"CSeq: 1", b"CSeq: 2").replace(SDP, b"v=1\r\n")
    assert hold(one.ask("DESCRIBE"), [OK + second])[1] == "v=1\r\n"


@pytest.mark.parametrize(("status", "error"), [(401, Refused), (403, Refused), (503, Declined), (454, Declined)])
def test_a_status_says_whose_turn_it_is(hold: Hold, status: int, error: type[LinkError]) -> None:
    with pytest.raises(error):
        hold(rtsp().ask("DESCRIBE"), [f"RTSP/1.0 {status} X\r\nCSeq: 1\r\n\r\n".encode()])


def test_http_is_no_rtsp(hold: Hold) -> None:
    with pytest.raises(BadReply, match="no RTSP"):
        hold(rtsp().ask("DESCRIBE"), [b"HTTP/1.1 200 OK\r\n\r\n"])


def test_other_requests_are_not_sent(hold: Hold) -> None:
    with pytest.raises(BadReply):
        hold(rtsp().ask("SETUP"), [])


def test_a_closed_connection_is_lost(hold: Hold) -> None:
    for cut in range(len(OK)):
        with pytest.raises(LinkLost):
            hold(rtsp().ask("DESCRIBE"), [OK[:cut]] if cut else [])


@given(st.lists(st.binary(min_size=1) | st.sampled_from([OK, b"RTSP/1.0 200 OK\r\n", b"\r\n"]), max_size=20))
def test_no_garbage_raises_anything_but_its_own_errors(hold: Hold, pieces: list[bytes]) -> None:
    with contextlib.suppress(LinkError):
        hold(rtsp().ask("DESCRIBE"), pieces)
