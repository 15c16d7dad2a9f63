"""SAT>IP: a stream exists while somebody watches, and one line of the SDP tells level, lock and quality."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.simulators import satip
from bench.simulators.satip import RtspSession
from bench.stations import HttpPlug, Request, TcpPlug, UdpPlug


@pytest.fixture
def server(lone: Callable[..., Any]) -> Any:
    return lone("satip")


def ask(
    server: Any, method: str = "DESCRIBE", address: str = "rtsp://127.0.0.1/", accept: str = "application/sdp"
) -> str:
    request = f"{method} {address} RTSP/1.0\r\nCSeq: 7\r\nAccept: {accept}\r\n\r\n"
    return RtspSession(server.unit).feed(request.encode()).decode()


def tuner(server: Any) -> list[str]:
    (line,) = [line for line in ask(server).splitlines() if line.startswith("a=fmtp:33 ")]
    return line.partition("tuner=")[2].partition(";")[0].split(",")


def test_the_answer_repeats_the_number_and_has_a_body_of_its_length(server: Any) -> None:
    head, _, body = ask(server).partition("\r\n\r\n")
    assert head.splitlines()[:2] == ["RTSP/1.0 200 OK", "CSeq: 7"]
    assert f"Content-Length: {len(body)}" in head
    assert "Content-Type: application/sdp" in head


def test_the_tuner_has_twelve_fields(server: Any) -> None:
    fields = tuner(server)
    assert fields[0] == "1"
    assert fields[2] == "1"
    assert fields[4:] == ["12355", "v", "dvbs2", "8psk", "on", "0.20", "30000", "34"]
    assert (int(fields[1]) - 32) * 40 / 192 - 65 == pytest.approx(-39, abs=1)
    assert int(fields[3]) == 15


def test_without_a_stream_there_is_nothing_to_describe(server: Any) -> None:
    server.break_("standby")
    assert ask(server).startswith("RTSP/1.0 404 Not Found\r\n")
    assert ask(server, "OPTIONS").startswith("RTSP/1.0 200 OK\r\n")


def test_a_broken_tuner_has_a_level_and_no_lock(server: Any) -> None:
    server.break_("no-lock")
    assert tuner(server)[2:4] == ["0", "0"]
    assert int(tuner(server)[1]) > 100


def test_a_dead_lnb_has_nothing(server: Any) -> None:
    server.live.change(lambda school, now: school.with_fault("lnb-dead", now))
    assert tuner(server)[1:4] == ["0", "0", "0"]


def test_rain_takes_from_the_quality(server: Any) -> None:
    server.live.change(lambda school, now: school.with_fault("rain", now))
    server.clock.pass_s(150)
    assert int(tuner(server)[3]) < 15


@pytest.mark.parametrize(("measures", "figures"), [("fake", ["255", "1", "15"]), ("blind", ["0", "1", "0"])])
def test_some_servers_do_not_measure(lone: Callable[..., Any], measures: str, figures: list[str]) -> None:
    assert tuner(lone("satip", measures=measures))[1:4] == figures


@pytest.mark.parametrize(
    ("method", "address", "accept", "status"),
    [
        ("DESCRIBE", "rtsp://127.0.0.1/stream=1", "*/*", 200),
        ("DESCRIBE", "rtsp://127.0.0.1/stream=9", "*/*", 404),
        ("DESCRIBE", "rtsp://127.0.0.1/", "text/html", 406),
        ("SETUP", "rtsp://127.0.0.1/?src=1", "*/*", 503),
        ("PLAY", "rtsp://127.0.0.1/stream=9", "*/*", 454),
        ("TEAPOT", "rtsp://127.0.0.1/", "*/*", 501),
        ("DESCRIBE", "http://127.0.0.1/", "*/*", 400),
    ],
)
def test_every_request_has_its_status(server: Any, method: str, address: str, accept: str, status: int) -> None:
    assert ask(server, method, address, accept).startswith(f"RTSP/1.0 {status} ")


def test_another_version_is_refused(server: Any) -> None:
    asked = b"DESCRIBE rtsp://127.0.0.1/ RTSP/2.0\r\nCSeq: 1\r\n\r\n"
    assert RtspSession(server.unit).feed(asked).startswith(b"RTSP/1.0 505 ")


def test_one_that_refuses_is_unavailable(server: Any) -> None:
    server.break_("refuse")
    assert ask(server).startswith("RTSP/1.0 503 ")


def test_a_request_may_come_in_pieces(server: Any) -> None:
    session = RtspSession(server.unit)
    assert session.feed(b"OPTIONS * RTSP/1.0\r\nCSe") == b""
    assert session.feed(b"q: 3\r\n\r\n").startswith(b"RTSP/1.0 200 OK\r\nCSeq: 3\r\n")


def test_it_answers_searches_and_describes_itself(lone: Callable[..., Any]) -> None:
    unit = lone("satip", ssdp_port=0, description_port=8080).unit
    rtsp, ssdp, page = satip.attach(unit)
    assert (type(rtsp), type(ssdp), type(page)) == (TcpPlug, UdpPlug, HttpPlug)
    described = satip.description(unit, Request("GET", "/desc.xml"))
    assert b"X_SATIPCAP" in described.body
    assert satip.description(unit, Request("GET", "/")).status == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=200))
def test_noise_never_upsets_it(server: Any, noise: bytes) -> None:
    assert isinstance(RtspSession(server.unit).feed(noise + b"\r\n\r\n"), bytes)
