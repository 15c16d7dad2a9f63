"""What is let in, and what every answer carries."""

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hub.store.tables import metadata
from hub.web.settings import WebSettings

WISH = {"to": "inspecting", "version": 1}
MOVES = "/api/v1/tickets/1/moves"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/v1/nodes", "/healthz", "/static/dltv.css"])
def test_every_answer_forbids_what_is_not_ours(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "[::1]:8080"])
def test_a_server_on_loopback_answers_to_its_own_names(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "hub:8080", "[::1", ""])
def test_a_server_on_loopback_is_not_reached_by_another_name(client: httpx.Client, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code in (400, 421)


class TestElsewhere:
    """A server that may be called by any name."""

    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(allowed_hosts=None)

    def test_any_name_will_do(self, client: httpx.Client) -> None:
        assert client.get("/healthz", headers={"Host": "hub.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {},
        {"Sec-Fetch-Site": "cross-site", "X-Requested-With": "x"},
    ],
)
def test_a_change_from_elsewhere_is_refused(client: httpx.Client, district: Any, headers: dict[str, str]) -> None:
    answer = client.post(MOVES, json=WISH, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["way_out"] == "send JSON with the header X-Requested-With"
    assert client.get("/api/v1/tickets/1").json()["state"] == "reported"


def test_a_form_cannot_pretend_to_be_a_program(client: httpx.Client, district: Any) -> None:
    answer = client.post("/tickets/1/steps/inspect", data=WISH, headers={"X-Requested-With": "x"})
    assert answer.status_code == 403


def test_a_change_from_our_own_page_is_let_in(client: httpx.Client, district: Any) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": str(client.base_url).rstrip("/")}):
        answer = client.post(MOVES, json={"to": "nowhere", "version": 1}, headers=headers)
        assert answer.status_code == 409


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    answer = client.post(
        MOVES, content=b"x" * 70_000, headers={"X-Requested-With": "x", "Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert "65536" in answer.json()["way_out"]


def test_a_body_of_unsaid_length_is_cut_off(client: httpx.Client, district: Any) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    headers = {"X-Requested-With": "x", "Content-Type": "application/json"}
    with contextlib.suppress(httpx.TransportError):
        assert client.post(MOVES, content=endless(), headers=headers).status_code >= 400
    assert client.get("/api/v1/tickets/1").json()["state"] == "reported"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/tickets/1", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405


@pytest.mark.parametrize(("path", "words"), [("/tickets/1", "ระบบกลางตอบไม่ได้"), ("/api/v1/nodes", "internal error")])
def test_nobody_is_shown_a_stack_trace(client: httpx.Client, fleet: Any, path: str, words: str) -> None:
    _drop_all(fleet)
    answer = client.get(path)
    assert answer.status_code == 500
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()
    assert "content-security-policy" in answer.headers


def _drop_all(fleet: Any) -> None:
    with fleet.store.begin() as uow:
        metadata.drop_all(uow.connection)
