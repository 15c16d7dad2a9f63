"""The command line, as a person meets it: one line, exit code 2, and a clean end."""

import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.store.migrations import HEAD
from tests.stores import ON_POSTGRESQL, database

pytestmark = pytest.mark.e2e
ANYWHERE = ["--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"]


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that the command ends with."""
    assert main(list(arguments)) == 2
    [line] = capsys.readouterr().err.strip().splitlines()
    return line


def test_addresses_that_are_called_stay_out_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    complaint(capsys, "serve", "--config", "/nowhere/hub.toml")
    assert not any(logging.getLogger(each).isEnabledFor(logging.INFO) for each in ("httpx", "httpcore"))


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "hub", "serve", "--data-dir", str(tmp_path / "hub"), *ANYWHERE]
    store = {"DLTV_HUB_STORE__URL": database(tmp_path / "hub" / "hub.db")} if ON_POSTGRESQL else {}
    with (tmp_path / "hub.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, text=True, env={**os.environ, **store})
    deadline = time.monotonic() + 60
    try:
        while "is online" not in (tmp_path / "hub.log").read_text():
            assert time.monotonic() < deadline, (tmp_path / "hub.log").read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked(serving: subprocess.Popen[str], tmp_path: Path, asked: signal.Signals) -> None:
    serving.send_signal(asked)
    assert serving.wait(60) == 0
    assert "Traceback" not in (tmp_path / "hub.log").read_text()


def test_a_hub_without_an_admin_shows_the_way_in_once(serving: subprocess.Popen[str], tmp_path: Path) -> None:
    deadline = time.monotonic() + 60
    while "admin-link" not in (said := (tmp_path / "hub.log").read_text()):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    [link] = re.findall(r"http://127\.0\.0\.1:\d+/link/[\w-]{43}", said)
    assert "INFO" not in next(line for line in said.splitlines() if link in line)


def test_a_second_hub_on_the_same_directory_is_refused(
    serving: subprocess.Popen[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = complaint(capsys, "serve", "--data-dir", str(tmp_path / "hub"), *ANYWHERE)
    assert "another hub" in line
    assert "--data-dir" in line
    assert "another hub" in complaint(capsys, "migrate", "--data-dir", str(tmp_path / "hub"))


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    line = complaint(capsys, "serve", "--data-dir", str(tmp_path / "file"), *ANYWHERE)
    assert str(tmp_path / "file") in line
    assert "--data-dir" in line


@pytest.mark.parametrize(
    ("option", "value", "way_out"),
    [
        ("--http", "8080", "HOST:PORT"),
        ("--mqtt", "nowhere", "HOST:PORT"),
        ("--broker", "http://x", "mqtt://HOST:PORT"),
        ("--group", "A/B", "a-z 0-9 -"),
        ("--host-id", "a/b", "+ / #"),
    ],
)
def test_a_wrong_option_is_called_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, way_out: str
) -> None:
    line = complaint(capsys, "serve", "--data-dir", str(tmp_path), option, value)
    assert line.startswith(f"dltv-hub: {option}: ")
    assert way_out in line


def test_a_name_that_does_not_resolve_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = complaint(capsys, "serve", "--data-dir", str(tmp_path), "--http", "no.such.host.invalid:0", *ANYWHERE[2:])
    assert "no.such.host.invalid" in line
    assert "--http" in line


def test_a_database_that_cannot_be_opened_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTV_HUB_STORE__URL", f"sqlite:///{tmp_path}/missing/hub.db")
    line = complaint(capsys, "migrate", "--data-dir", str(tmp_path))
    assert str(tmp_path) in line
    assert "cannot be opened" in line
    assert "--data-dir" in line


def test_an_inventory_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTV_HUB_INVENTORY", str(tmp_path / "nowhere.json"))
    line = complaint(capsys, "serve", "--data-dir", str(tmp_path), *ANYWHERE)
    assert "nowhere.json" in line


def test_migrate_brings_the_database_up_to_date_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["migrate", "--data-dir", str(tmp_path / "hub")]) == 0
        assert HEAD in capsys.readouterr().out
    assert (tmp_path / "hub" / "hub.db").exists() is not ON_POSTGRESQL


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("dltv-hub ")


def test_groups_may_be_listed_and_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Told by the mistake in the last of them."""
    groups = ["--group", "a1", "b1", "--group", "C"]
    line = complaint(capsys, "serve", "--data-dir", str(tmp_path), *groups)
    assert line.startswith("dltv-hub: --group: ")
