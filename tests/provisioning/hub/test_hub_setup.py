"""The script, units and files that set up a hub. The whole was tried in a Debian root: docs/hub-server.md says how."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from hub.mqtt.mosquitto_conf import BrokerPlan, configuration

ROOT = Path(__file__).parents[3]
HUB = ROOT / "provisioning" / "hub"
SCRIPTS = sorted(HUB.glob("*.sh"))
UNITS = sorted((HUB / "units").glob("dltv-*"))
BROKER = HUB / "units" / "mosquitto.conf"
MOST_EXPOSED = {"dltv-hub.service": 1.2, "dltv-hub-backup.service": 1.5}
"""As docs/hub-server.md says."""
OF_A_CONNECTION, OF_A_MESSAGE = 24_000, 10_000
"""Bytes of Mosquitto's memory: as docs/brokers.md says, and several times the birth of a set."""


def run(*command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", **more}
    return subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    assert run("shellcheck", "--shell=sh", script).stdout == ""


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_each_unit(unit: Path, tmp_path: Path) -> None:
    """Programs that are not installed here are not what is asked."""
    for each in UNITS:
        text = re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", each.read_text("utf-8"))
        (tmp_path / each.name).write_text(text)
    done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=one", tmp_path / unit.name)
    assert [line for line in done.stderr.splitlines() if unit.stem in line] == []


def test_systemd_understands_what_is_changed_of_debians_mosquitto(tmp_path: Path) -> None:
    unit, beside = tmp_path / "mosquitto.service", tmp_path / "mosquitto.service.d"
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    beside.mkdir()
    shutil.copy(BROKER, beside / "dltv-hub.conf")
    said = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=one", unit).stderr
    assert [line for line in said.splitlines() if "dltv-hub.conf" in line] == []


def test_the_broker_has_room_for_all_that_it_lets_in_before_it_is_ended_for_its_size() -> None:
    plan = BrokerPlan(Path("/var/lib/dltv-broker"), Path("/var/lib/mosquitto"))
    told = re.search(r"(?m)^max_queued_messages (\d+)$", configuration(plan))
    limit = re.search(r"(?m)^MemoryMax=(\d+)M$", BROKER.read_text("utf-8"))
    assert told is not None
    assert limit is not None
    assert plan.connections * OF_A_CONNECTION + int(told[1]) * OF_A_MESSAGE <= int(limit[1]) << 20


@pytest.mark.parametrize(("unit", "most"), MOST_EXPOSED.items())
def test_a_service_is_exposed_no_more_than_is_said(unit: str, most: float) -> None:
    said = run("systemd-analyze", "security", "--offline=true", HUB / "units" / unit).stdout
    found = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= most


def test_settings_and_units_name_the_same_places() -> None:
    text = (HUB / "hub.toml").read_text("utf-8")
    told = tomllib.loads(text.replace("@GROUP@", "cpm3").replace("@NAME@", "hub.example").replace("@STORE@", ""))
    service = (HUB / "units" / "dltv-hub.service").read_text("utf-8")
    assert told["data_dir"] == "/var/lib/dltv-hub"
    assert "StateDirectory=dltv-hub\n" in service
    assert f"ReadWritePaths={told['broker']['files']}\n" in service
    assert f" {told['backup']['directory']}\n" in (HUB / "units" / "dltv-hub-backup.service").read_text("utf-8")


def test_what_is_not_said_is_asked_for(tmp_path: Path) -> None:
    done = run("sh", HUB / "setup.sh", "--nonsense")
    assert done.returncode == 2
    assert "--nonsense is not known" in done.stderr


class Reloads:
    """broker-reload.sh, with a systemctl that counts."""

    def __init__(self, folder: Path) -> None:
        self.mark, self._read, self._count = folder / "changed", folder / "read", folder / "count"
        self._path = folder / "bin"
        self._path.mkdir()
        program = self._path / "systemctl"
        program.write_text(f'#!/bin/sh\necho "$@" >>{self._count}\n')
        program.chmod(0o755)
        shutil.copy(HUB / "broker-reload.sh", folder)

    def run(self) -> list[str]:
        """All reloads so far."""
        path = f"{self._path}:{os.environ['PATH']}"
        done = run(
            "sh", HUB / "broker-reload.sh", PATH=path, DLTV_BROKER_MARK=str(self.mark), DLTV_BROKER_READ=str(self._read)
        )
        assert done.returncode == 0, done.stderr
        return self._count.read_text().splitlines() if self._count.exists() else []


@pytest.fixture
def reloads(tmp_path: Path) -> Reloads:
    return Reloads(tmp_path)


def test_mosquitto_is_reloaded_once_for_each_state(reloads: Reloads) -> None:
    assert reloads.run() == []
    reloads.mark.write_text("one\n")
    reloads.run()
    assert reloads.run() == ["try-reload-or-restart mosquitto.service"]
    reloads.mark.write_text("two\n")
    assert len(reloads.run()) == 2


def test_a_mark_that_is_no_file_is_left_alone(reloads: Reloads, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    reloads.mark.symlink_to(tmp_path / "secret")
    assert reloads.run() == []
    assert not (tmp_path / "read").exists()
