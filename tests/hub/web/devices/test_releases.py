from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hub.web.devices.app import create_device_app
from hub.web.devices.releases import RELEASES, ReleaseFiles
from hub.web.server import Served, listen
from provisioning.core.contract import ContractError, ErrorCode


class Nobody:
    """A desk that knows nobody."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any) -> None:
            raise ContractError("not ours", ErrorCode.LETTER_REFUSED)

        return refuse


@contextmanager
def serving(folder: Path, app: FastAPI | None = None) -> Iterator[httpx.Client]:
    if app is None:
        app = FastAPI()
        app.mount(RELEASES, ReleaseFiles(folder))
    server = Served(app, "test", listen("127.0.0.1", 0, "test", ""), lifespan="off", ws="none")
    server.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
        yield client
    server.stop()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("hub")
    for name in ("metadata/timestamp.json", "metadata/.1.root.json.77", ".lock", "targets/releases/1.0/abc.zip"):
        path = folder / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("0123456789")
    (folder / "secret").write_text("x")
    with serving(folder / "repository") as client:
        yield client


@pytest.mark.parametrize("path", ["metadata/timestamp.json", "targets/releases/1.0/abc.zip"])
def test_what_is_offered_is_handed_out_and_kept_by_nobody_between(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{RELEASES}/{path}")
    assert (answer.status_code, answer.text) == (200, "0123456789")
    assert answer.headers["cache-control"] == "no-cache"


def test_a_download_goes_on_where_it_broke_off(client: httpx.Client) -> None:
    answer = client.get(f"{RELEASES}/targets/releases/1.0/abc.zip", headers={"Range": "bytes=4-"})
    assert (answer.status_code, answer.text) == (206, "456789")


@pytest.mark.parametrize(
    "path", ["", ".lock", "metadata/.1.root.json.77", "../secret", "metadata/../../secret", "metadata", "%2e%2e/secret"]
)
def test_nothing_else_is(client: httpx.Client, path: str) -> None:
    assert client.get(f"{RELEASES}/{path}").status_code == 404


def test_before_the_first_release_there_is_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "repository") as client:
        assert client.get(f"{RELEASES}/metadata/1.root.json").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "targets/config/g/n/abc.1.toml",
        "targets//config/g/n/abc.1.toml",
        "targets/./config/g/n/abc.1.toml",
        "targets/x/%2e%2e/config/g/n/abc.1.toml",
        "targets/%63onfig/g/n/abc.1.toml",
        "metadata/../targets/config/g/n/abc.1.toml",
        "targets/config/g/n/nothing",
    ],
)
def test_the_configuration_of_a_school_is_for_no_stranger_by_whatever_address(tmp_path: Path, path: str) -> None:
    file = tmp_path / "repository/targets/config/g/n/abc.1.toml"
    file.parent.mkdir(parents=True)
    file.write_text("password")
    app = create_device_app(Nobody(), {RELEASES: ReleaseFiles(tmp_path / "repository")})
    with serving(tmp_path, app) as client:
        answer = client.get(f"{RELEASES}/{path}")
        assert answer.status_code in (400, 403, 404)
        assert "password" not in answer.text
