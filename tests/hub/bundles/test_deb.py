"""The Debian package, as dpkg, lintian and shellcheck see it. How it installs, tests/e2e/fleet/test_deb.py shows."""

import os
import subprocess
from pathlib import Path

import pytest

from hub.bundles.deb import SCRIPTS, Package, build_deb, maintainer_script
from hub.bundles.wheel import write_zip

KNOWN = {
    # Nobody calls it as a user, and `dltv-agent-enrol` alone tells how it is used.
    "no-manual-page",
    # The units come with the bundle, as in every other kind of installation, and not by debhelper.
    "maintainer-script-calls-systemctl",
    # This is no package of Debian's own archive: no bug of its tracker is closed by it.
    "initial-upload-closes-no-bugs",
}


@pytest.fixture
def package(tmp_path: Path) -> Package:
    (tmp_path / "bundle.zip").write_bytes(write_zip({"release.json": b"{}"}))
    return Package(tmp_path / "bundle.zip", "0.1.0", "aarch64", "https://hub.example:8443", "f" * 64)


def run(*command: str | Path) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=60, check=False, env=environment
    ).stdout


def test_a_package_is_for_one_architecture_by_debians_name(package: Package, tmp_path: Path) -> None:
    made = build_deb(package, tmp_path / "out")
    assert made.name == "dltv-agent_0.1.0_arm64.deb"
    assert run("dpkg-deb", "--field", made, "Architecture").strip() == "arm64"


def test_the_same_things_make_the_same_package(package: Package, tmp_path: Path) -> None:
    assert build_deb(package, tmp_path / "1").read_bytes() == build_deb(package, tmp_path / "2").read_bytes()


def test_everything_in_it_is_roots(package: Package, tmp_path: Path) -> None:
    lines = run("dpkg-deb", "--contents", build_deb(package, tmp_path)).splitlines()
    assert {line.split()[1] for line in lines} == {"root/root"}
    assert any(line.startswith("-rwxr-xr-x") and line.endswith("./usr/sbin/dltv-agent-enrol") for line in lines)


def test_lintian_knows_no_more_than_is_said_here(package: Package, tmp_path: Path) -> None:
    told = run("lintian", "--allow-root", "--no-cfg", build_deb(package, tmp_path))
    assert {line.split()[2] for line in told.splitlines() if line.startswith(("E:", "W:"))} <= KNOWN, told


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_finds_nothing_in_what_dpkg_calls(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(maintainer_script(name), "utf-8")
    # Each of the three leaves some functions to the others.
    assert run("shellcheck", "--exclude=SC2317,SC2329", tmp_path / name) == ""
