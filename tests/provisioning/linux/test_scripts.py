"""The shell scripts and units of the installation, as tools that know them better see them."""

import os
import re
import subprocess
from pathlib import Path

import pytest

LINUX = Path(__file__).parents[3] / "provisioning" / "linux"
SCRIPTS = sorted([*LINUX.glob("*.sh"), *(LINUX.parent / "sdcard").glob("*.sh")])
UNITS = sorted(path for path in LINUX.iterdir() if path.suffix in (".service", ".timer", ".path"))
MOST_EXPOSED = {"dltv-agent.service": 1.6, "dltv-provision.service": 3.2}
"""As docs/installation.md says."""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    return subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    assert run("shellcheck", "--shell=sh", script).stdout == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_half_of_a_script_does_nothing(script: Path) -> None:
    """What comes down a broken line is run as far as it came."""
    lines = script.read_text("utf-8").splitlines()
    assert lines[-1] == 'main "$@"'
    outside = [
        line for line in lines[:-1] if line and not line.startswith((" ", "#", "}", "print(", "name =", "import "))
    ]
    assert [line for line in outside if not re.match(r"set -e?u|[A-Z_]+=|[a-z_]+\(\) \{|'|@BUNDLES@", line)] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    """With programs that are there: ours are not on this machine. What it says of units of others is not about ours."""
    for each in UNITS:
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", each.read_text("utf-8"))
        (tmp_path / each.name).write_text(text, "utf-8")
    told = run("systemd-analyze", "verify", "--man=no", tmp_path / unit.name).stderr
    assert [line for line in told.splitlines() if not re.match(r"/(usr/)?lib/systemd/", line)] == []


@pytest.mark.parametrize("name", MOST_EXPOSED)
def test_a_service_is_no_more_exposed_than_the_docs_say(name: str) -> None:
    told = run("systemd-analyze", "security", "--offline=true", "--no-pager", LINUX / name).stdout
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED[name]


SERVICES = sorted(
    path for path in (*LINUX.iterdir(), *(LINUX.parent / "hub/units").iterdir()) if path.suffix == ".service"
)


@pytest.mark.parametrize(
    "unit", [path for path in SERVICES if "ExecStart=/opt/" in path.read_text()], ids=lambda path: path.name
)
def test_what_has_keys_in_its_memory_leaves_none_of_it_on_the_disk_when_it_crashes(unit: Path) -> None:
    assert "\nLimitCORE=0\n" in unit.read_text()
