"""`dltv-hub broker-config`: a directory that a Mosquitto runs by, and what it says to do with it."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.__main__ import main


def write(tmp_path: Path, *more: str) -> Path:
    out = tmp_path / "broker"
    given = ["--data-dir", str(tmp_path / "hub"), "--out", str(out), "--state", str(tmp_path / "state"), *more]
    assert main(["broker-config", *given]) == 0
    return out


def test_it_writes_everything_and_shows_it_to_owner_and_group_only(tmp_path: Path) -> None:
    out = write(tmp_path)
    found = {path.name: path.stat().st_mode & 0o777 for path in out.iterdir()}
    names = ("broker.pem", "broker.key", "trust.pem", "crl.pem", "mosquitto.conf", "dynamic-security.json", "changed")
    assert found == dict.fromkeys(names, 0o640)
    assert out.stat().st_mode & 0o777 == 0o750


def test_the_first_rules_let_in_the_hub_and_nobody_else(tmp_path: Path) -> None:
    told = json.loads((write(tmp_path) / "dynamic-security.json").read_text())
    assert [client["username"] for client in told["clients"]] == ["broker-keeper", "hub-dltv"]


def test_it_says_what_to_write_into_hub_toml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = write(tmp_path, "--port", "1234")
    said = capsys.readouterr().out
    assert 'url = "mqtts://127.0.0.1:1234"' in said
    assert f'files = "{out}"' in said


def test_a_directory_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    given = ["--data-dir", str(tmp_path / "hub"), "--out", str(tmp_path / "file" / "in-it")]
    assert main(["broker-config", *given]) == 2
    [line] = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("dltv-hub: --out: ")


@pytest.mark.e2e
def test_a_mosquitto_starts_by_it(tmp_path: Path, free_port: Callable[[], int]) -> None:
    (tmp_path / "state").mkdir()
    port = free_port()
    out = write(tmp_path, "--port", str(port), "--address", "127.0.0.1")
    (tmp_path / "state" / "dynamic-security.json").write_bytes((out / "dynamic-security.json").read_bytes())
    conf = out / "mosquitto.conf"
    if os.geteuid() == 0:
        conf.write_text(conf.read_text() + "user root\n")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(conf)], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            assert process.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    # What it says of its files. Whoever only looks whether it answers has broken off a handshake: "OpenSSL Error[0]".
    assert "Error:" not in (tmp_path / "log").read_text()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
