from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hub.web.devices.installers import handing_out
from hub.web.server import Served, listen


def take(path: str) -> bytes | Path | None:
    if path == "missing.sh":
        raise LookupError("make it first")
    return {"install.sh": b"#!/bin/sh\n", "bundle/1/x.zip": Path(__file__)}.get(path)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    server = Served(handing_out(take), "test", listen("127.0.0.1", 0, "test", ""), lifespan="off", ws="none")
    server.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
        yield client
    server.stop()


def test_a_script_can_be_read_before_it_is_run(client: httpx.Client) -> None:
    answer = client.get("/install.sh")
    assert (answer.status_code, answer.text) == (200, "#!/bin/sh\n")
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_bundle_goes_on_where_the_line_broke(client: httpx.Client) -> None:
    whole = Path(__file__).read_bytes()
    assert client.get("/bundle/1/x.zip").content == whole
    rest = client.get("/bundle/1/x.zip", headers={"Range": "bytes=10-"})
    assert (rest.status_code, rest.content) == (206, whole[10:])


def test_what_is_not_there_is_not_there(client: httpx.Client) -> None:
    assert client.get("/etc/passwd").status_code == 404


def test_what_is_not_there_yet_is_said(client: httpx.Client) -> None:
    answer = client.get("/missing.sh")
    assert (answer.status_code, answer.text) == (404, "make it first\n")


def test_nothing_can_be_changed(client: httpx.Client) -> None:
    assert client.post("/install.sh").status_code == 405
