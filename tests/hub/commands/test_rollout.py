"""`dltv-hub rollout`, as it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert

from hub.__main__ import main
from hub.store.enrolment_tables import node_certificate
from hub.store.opening import open_store
from tests.stores import database

Hub = Callable[..., int]
NODE = "36010001"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    settings = tmp_path / "hub.toml"
    settings.write_text(f'groups = ["cpm3"]\ndata_dir = "{tmp_path}/data"\n')

    def typed(*words: object) -> int:
        return main([*map(str, words), "--config", str(settings)])

    assert typed("release", "keys", "--dir", tmp_path / "stick") == 0
    store = open_store(database(tmp_path / "data/hub.db"))
    with store.begin() as work:
        row = {"group": "cpm3", "node": NODE, "serial": "1", "key": "k", "issuer": "i", "pem": "p"}
        times = {"issued_at": 0, "begins_at": 0, "expires_at": 1}
        work.connection.execute(insert(node_certificate).values({**row, **times}))
    store.close()
    file = tmp_path / "agent.toml"
    file.write_text('log_level = "info"\n')
    assert typed("config", "publish", NODE, file, "--version", "c1") == 0
    return typed


def test_a_roll_out_is_started_looked_at_held_and_ended(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub("rollout", "start", "config", "c1") == 0
    assert hub("rollout", "status") == 0
    assert "1: config c1 to cpm3: running, wave 0 of 3, 1 waiting" in capsys.readouterr().out
    for deed in ("pause", "resume", "abort"):
        assert hub("rollout", deed, "1") == 0
    assert hub("rollout", "status", "1") == 0
    said = capsys.readouterr().out
    assert "1: config c1 to cpm3: aborted" in said
    assert "paused: command" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("start", "release", "1.2"), "not signed for"),
        (("start", "config", "c1", "--node", "9"), "9 is not let in"),
        (("start", "config", "c1", "--group", "cpm9"), "--group: name one of cpm3"),
        (("resume", "1"), "there is no roll-out 1"),
        (("status", "7"), "there is no roll-out 7"),
    ],
)
def test_a_mistake_is_one_line(hub: Hub, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert hub("rollout", *words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1
