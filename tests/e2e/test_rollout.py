"""A roll-out over the real command path: typed, driven by the hub's tick, obeyed by an agent, also after the hub was killed."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from hub.rollouts.rollout import Standing
from hub.store.enrolment_tables import node_certificate
from hub.store.opening import open_store
from hub.store.rollouts import RolloutRows
from wire.handoff import Wanted

ROOT = Path(__file__).parents[2]
NODE = "36030001"
pytestmark = pytest.mark.e2e


@pytest.fixture
def typed(tmp_path: Path) -> Callable[..., None]:
    """A command of the hub, as it is typed beside the one that runs."""

    def run(*words: object) -> None:
        command = [sys.executable, "-m", "hub", *map(str, words), "--config", str(tmp_path / "hub.toml")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()

    return run


def test_what_is_rolled_out_reaches_the_updater_of_the_agent(
    start: Any, until: Any, hub_at: Any, mosquitto: Any, free_port: Callable[[], int], tmp_path: Path, typed: Any
) -> None:
    port = free_port()
    (tmp_path / "hub.toml").write_text(f'groups = ["cpm3"]\ndata_dir = "{tmp_path}/data"\n')
    _let_in(tmp_path / "data")
    _release(tmp_path, typed)
    serve = ("serve", "--config", str(tmp_path / "hub.toml"), "--http", f"127.0.0.1:{port}", "--broker", mosquitto.url)
    hub = start("hub", *serve)
    until("the hub", lambda: hub_at(port).ready)
    start("agent", "run", "--config", str(_agent(tmp_path)), "--broker", mosquitto.url)

    typed("rollout", "start", "release", "9.9.9")
    until("the command", lambda: Wanted.read(tmp_path) == Wanted("9.9.9"))
    assert _standing(tmp_path) is Standing.ASKED

    hub.kill()
    (tmp_path / "wanted.json").unlink()
    start("hub", *serve)
    until("the command once more", lambda: Wanted.read(tmp_path) == Wanted("9.9.9"))


def _let_in(folder: Path) -> None:
    folder.mkdir()
    store = open_store(f"sqlite:///{folder}/hub.db")
    with store.begin() as work:
        row = {"group": "cpm3", "node": NODE, "serial": "1", "key": "k", "issuer": "i", "pem": "p"}
        times = {"issued_at": 0, "begins_at": 0, "expires_at": 1}
        work.connection.execute(insert(node_certificate).values({**row, **times}))
    store.close()


def _release(folder: Path, typed: Any) -> None:
    with zipfile.ZipFile(folder / "x86_64.zip", "w") as archive:
        archive.writestr("release.json", json.dumps({"format": 1, "version": "9.9.9", "platform": "x86_64"}))
    typed("release", "keys", "--dir", folder / "stick")
    typed("release", "add", folder / "x86_64.zip", "--keys", folder / "stick")


def _agent(folder: Path) -> Path:
    file = folder / "agent.toml"
    tables = f'[journal]\ndirectory = "{folder}/journal"\n[updates]\ndirectory = "{folder}"\n[discovery]\nevery_s = 0\n'
    file.write_text(f'group = "cpm3"\nnode = "{NODE}"\n{tables}')
    return file


def _standing(folder: Path) -> Standing:
    store = open_store(f"sqlite:///{folder}/data/hub.db")
    with store.reading() as connection:
        [found] = RolloutRows(connection).newest()
    store.close()
    return found.standing(NODE)
