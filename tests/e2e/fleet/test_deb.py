"""The Debian package on a clean Debian without Internet: installed, enrolled, removed, purged."""

import shutil
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SCHOOL = "36030001"


@pytest.fixture
def package(office: Any, computer: Any) -> str:
    """Its name on the computer."""
    office.open()
    made = office.run("bundle", "deb", "--out", office.folder).split()[-1]
    shutil.copy(made, computer.root / "agent.deb")
    return "/agent.deb"


def test_a_package_installs_enrols_and_purges_without_a_trace(
    office: Any, computer: Any, package: str, until: Any
) -> None:
    before, accounts = computer.files(), computer.run("sh", "-c", "getent passwd; getent group")
    computer.run("dpkg", "--install", package)
    code, _ = office.slip(SCHOOL)
    assert f"this is cpm3/{SCHOOL}" in computer.run("dltv-agent-enrol", code)
    until("the first report", lambda: office.hears(SCHOOL), 90, computer.journal)
    key = computer.run("cat", "/var/lib/dltv-agent/identity/key.pem")

    computer.run("dpkg", "--remove", "dltv-agent")
    assert computer.run("cat", "/var/lib/dltv-agent/identity/key.pem") == key
    assert computer.try_run("test", "-e", "/opt/dltv-agent").returncode == 1
    assert "dltv" not in computer.run("systemctl", "list-units", "--all", "--no-legend", "--plain")

    computer.run("dpkg", "--install", package)
    computer.run("dpkg", "--purge", "dltv-agent")
    backups = {f"etc/{name}-" for name in ("passwd", "group", "shadow", "gshadow", "subuid", "subgid")}
    left = {name for name in computer.files() - before if name not in backups and not name.startswith("var/lib/dpkg")}
    assert left == set()
    assert computer.run("sh", "-c", "getent passwd; getent group") == accounts
