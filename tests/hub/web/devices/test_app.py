"""What strangers may send to the device API, and how little they are told."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from hub.web.devices.app import create_device_app
from hub.web.hurried import HurriedProtocol
from hub.web.server import Served, listen
from provisioning.core.contract import Assigned, ContractError, Enrolled, EnrolRequest, ErrorCode, Letter, Trust

PATHS = ["/v1/enrol", "/v1/renew", "/v1/node", "/v1/outcome"]


class Refusing:
    """A desk that has nothing for anybody."""

    def __init__(self) -> None:
        self.asked = 0
        self.most = 10**9

    def may_ask(self, address: str) -> bool:
        self.asked += 1
        return self.asked <= self.most

    def trust(self) -> Trust:
        raise RuntimeError("the secret of the house")

    def enrol(self, request: EnrolRequest, address: str) -> Enrolled:
        raise ContractError("there is no such code", ErrorCode.CODE_UNKNOWN)

    def renew(self, letter: Letter, address: str) -> Enrolled:
        raise ContractError("not ours", ErrorCode.LETTER_REFUSED)

    def outcome(self, letter: Letter, address: str) -> None:
        raise ContractError("not ours", ErrorCode.LETTER_REFUSED)

    def node(self, letter: Letter, address: str) -> Assigned:
        raise ContractError("not ours", ErrorCode.LETTER_REFUSED)

    def reads(self, letter: Letter, path: str, address: str) -> None:
        raise ContractError("not ours", ErrorCode.LETTER_REFUSED)


@contextmanager
def served(desk: Any, mounts: Mapping[str, ASGIApp]) -> Iterator[httpx.Client]:
    app = create_device_app(desk, mounts)
    server = Served(app, "test", listen("127.0.0.1", 0, "test", ""), http=HurriedProtocol, lifespan="off", ws="none")
    server.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
            yield client
    finally:
        server.stop()


@pytest.fixture(scope="module")
def anybody() -> Iterator[httpx.Client]:
    with served(Refusing(), {}) as client:
        yield client


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
letters = st.fixed_dictionaries(
    {"certificate": json_values, "at": json_values, "letter": json_values, "signature": json_values}
)


@pytest.mark.parametrize("path", PATHS)
@given(body=st.binary(max_size=300) | (json_values | letters).map(lambda value: json.dumps(value).encode()))
def test_garbage_is_refused_with_a_code_and_never_breaks_anything(
    anybody: httpx.Client, path: str, body: bytes
) -> None:
    answer = anybody.post(path, content=body)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["code"] in set(ErrorCode)
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", PATHS)
def test_too_much_is_refused_whether_its_length_is_told_or_not(anybody: httpx.Client, path: str) -> None:
    def pieces() -> Any:
        for _ in range(70):
            yield b"x" * 1024

    for content in (b"x" * 70_000, pieces()):
        answer = anybody.post(path, content=content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


def test_of_a_crash_nothing_is_told(anybody: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = anybody.get("/v1/trust")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "hub-trouble")
    assert "secret" not in answer.text
    assert answer.headers["retry-after"] == "60"
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/v1/enrol", 405),
        ("POST", "/v1/trust", 405),
        ("GET", "/v1/renew/", 404),
    ],
)
def test_elsewhere_there_is_nothing(anybody: httpx.Client, method: str, path: str, status: int) -> None:
    answer = anybody.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "request-refused")


def test_whoever_asks_too_often_is_put_off_but_files_are_not_counted(tmp_path: Path) -> None:
    (tmp_path / "install.sh").write_text("echo")
    desk = Refusing()
    desk.most = 2
    files = StaticFiles(directory=tmp_path)
    with served(desk, {"/tuf": files, "": files}) as client:
        codes = [client.post("/v1/enrol", content=b"").json()["error"]["code"] for _ in range(3)]
        assert codes == ["request-refused", "request-refused", "too-many-tries"]
        for path in ("/tuf/install.sh", "/install.sh"):
            assert client.get(path).text == "echo"
        assert client.get("/other").json()["error"]["code"] == "request-refused"


def test_what_is_answered_is_kept_by_nobody(anybody: httpx.Client) -> None:
    answer = anybody.post("/v1/enrol", content=b"{}")
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
