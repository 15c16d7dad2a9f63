"""The drill: a hub that works is backed up, lost, and put back."""

import threading
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.backups.archive import unpack
from hub.backups.errors import BackupMistake
from hub.backups.hub_backup import make_backup, prune, restore_backup
from hub.backups.names import DAY_MS, name_at
from hub.config import HubSettings, read_settings
from hub.core.equipment import NodeKey
from hub.enrolment.certificate import Issued
from hub.guarding import pki_folder
from hub.pki.authority import Authority
from hub.store.admissions import admissions
from hub.store.directory import DataDirectory, DirectoryTaken
from hub.store.enrolment import EnrolmentRows
from hub.store.opening import open_store
from hub.store.snapshots import POSTGRESQL, SQLITE
from tests.stores import ON_POSTGRESQL

NOW = 1_790_000_000_000
NODES = frozenset(NodeKey("cpm3", f"3603000{number}") for number in range(5))


@pytest.fixture
def settings(tmp_path: Path) -> HubSettings:
    return read_settings(None, {}, {"data_dir": str(tmp_path / "hub"), "groups": ["cpm3"]})


def let_in(settings: HubSettings, nodes: frozenset[NodeKey]) -> None:
    store = open_store(settings.store_url)
    with store.begin() as work:
        for node in nodes:
            issued = Issued(f"{node.name}", "k" * 64, "i" * 64, "PEM", NOW, NOW + 90 * DAY_MS)
            EnrolmentRows(work.connection).keep(node, issued, NOW)
    store.close()


def known(settings: HubSettings) -> frozenset[NodeKey]:
    store = open_store(settings.store_url)
    with store.reading() as connection:
        nodes = admissions(connection, NOW).nodes
    store.close()
    return nodes


@pytest.fixture
def working(settings: HubSettings) -> HubSettings:
    """A hub with an authority and schools."""
    settings.data_dir.mkdir()
    Authority(pki_folder(settings), NOW)
    (settings.data_dir / "feeds.key").write_text("small secret")
    let_in(settings, NODES)
    return settings


def test_a_hub_that_was_lost_comes_back_as_it_was(working: HubSettings, tmp_path: Path) -> None:
    root = Authority(pki_folder(working), NOW).active.fingerprint
    made = make_backup(working, None, tmp_path / "backups", NOW)
    elsewhere = read_settings(None, {}, {"data_dir": str(tmp_path / "new"), "groups": ["cpm3"]})
    manifest = restore_backup(elsewhere, made, NOW, replace=False)
    assert known(elsewhere) == NODES
    assert Authority(pki_folder(elsewhere), NOW).active.fingerprint == root
    assert manifest.made_at == NOW
    assert (elsewhere.data_dir / "feeds.key").read_text() == "small secret"


def test_a_backup_is_one_state_although_the_hub_writes(working: HubSettings, tmp_path: Path) -> None:
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            pair = frozenset({NodeKey("cpm3", f"a{number}"), NodeKey("cpm3", f"b{number}")})
            let_in(working, pair)
            written.set()
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(60)
    made = make_backup(working, None, tmp_path / "backups", NOW)
    stop.set()
    thread.join()
    elsewhere = read_settings(None, {}, {"data_dir": str(tmp_path / "new"), "groups": ["cpm3"]})
    restore_backup(elsewhere, made, NOW, replace=False)
    names = {node.name for node in known(elsewhere)}
    assert {name[1:] for name in names if name[0] == "a"} == {name[1:] for name in names if name[0] == "b"}


def test_what_is_there_is_not_written_over(working: HubSettings, tmp_path: Path) -> None:
    made = make_backup(working, None, tmp_path / "backups", NOW)
    with pytest.raises(BackupMistake, match="--replace"):
        restore_backup(working, made, NOW, replace=False)
    assert known(working) == NODES


def test_what_is_replaced_is_put_aside(working: HubSettings, tmp_path: Path) -> None:
    made = make_backup(working, None, tmp_path / "backups", NOW)
    late = frozenset({NodeKey("cpm3", "late")})
    let_in(working, late)
    restore_backup(working, made, NOW + 1, replace=True)
    assert known(working) == NODES
    aside = working.data_dir / f"hub.db.before-{NOW + 1}"
    # What is in a PostgreSQL has to be emptied by whoever runs it.
    assert aside.is_file() is not ON_POSTGRESQL


def test_a_hub_that_runs_is_not_restored(working: HubSettings, tmp_path: Path) -> None:
    made = make_backup(working, None, tmp_path / "backups", NOW)
    running = DataDirectory(working.data_dir)
    with pytest.raises(DirectoryTaken):
        restore_backup(working, made, NOW, replace=True)
    running.release()


def test_a_damaged_backup_changes_nothing(working: HubSettings, tmp_path: Path) -> None:
    made = make_backup(working, None, tmp_path / "backups", NOW)
    made.write_bytes(made.read_bytes()[:-500])
    with pytest.raises(BackupMistake):
        restore_backup(working, made, NOW, replace=True)
    assert known(working) == NODES


def test_settings_and_authority_are_in_it_and_it_is_shown_to_nobody(working: HubSettings, tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text('groups = ["cpm3"]\n')
    made = make_backup(working, config, tmp_path / "backups", NOW)
    (tmp_path / "out").mkdir()
    files = unpack(made, tmp_path / "out").files
    assert {"hub.toml", POSTGRESQL if ON_POSTGRESQL else SQLITE, "data/pki/authority-1.key"} <= set(files)
    assert (made.stat().st_mode & 0o777, made.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_old_backups_go(tmp_path: Path) -> None:
    for day in range(20):
        (tmp_path / name_at(NOW - day * DAY_MS)).touch()
    assert len(prune(tmp_path, 14, NOW)) == 5
    assert len(list(tmp_path.iterdir())) == 15


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_the_drill_by_command(working: HubSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "backups"
    told = say(capsys, "backup", "--data-dir", str(working.data_dir), "--out", str(out))
    [made] = out.iterdir()
    assert str(made) in told
    told = say(capsys, "restore", "--data-dir", str(tmp_path / "new"), str(made))
    assert "Start it, then run dltv-hub doctor" in told
    assert known(read_settings(None, {}, {"data_dir": str(tmp_path / "new"), "groups": ["cpm3"]})) == NODES


def test_without_a_folder_backup_says_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "--data-dir", str(tmp_path)]) == 2
    assert "[backup] directory" in capsys.readouterr().err
