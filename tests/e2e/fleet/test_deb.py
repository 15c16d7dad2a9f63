"""The Debian package on a clean Debian without Internet: installed, enrolled, brought up to date, removed, purged."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SCHOOL = "36030001"


NEWER = "9.0"


def packed(office: Any, computer: Any) -> str:
    """A package of the newest on the shelf; its name on the computer."""
    made = Path(office.run("bundle", "deb", "--out", office.folder).split()[-1])
    shutil.copy(made, computer.root / "root" / made.name)
    return f"/root/{made.name}"


@pytest.fixture
def package(office: Any, computer: Any) -> str:
    """Its name on the computer."""
    office.open()
    return packed(office, computer)


def version_of(computer: Any) -> str:
    return Path(computer.run("readlink", "--canonicalize", "/opt/dltv-agent/current").strip()).name


def key_of(computer: Any) -> str:
    return str(computer.run("cat", "/var/lib/dltv-agent/identity/key.pem"))


def bring_up_to_date(office: Any, computer: Any, bundle: Path, until: Any) -> None:
    machine = next(bundle.glob("*/*.zip")).stem
    office.run("bundle", "build", "--platform", machine, "--python", "cp311", "--version", NEWER)
    before, key = version_of(computer), key_of(computer)
    computer.run("dpkg", "--install", packed(office, computer))
    assert (before != NEWER, version_of(computer), key_of(computer)) == (True, NEWER, key)
    assert NEWER in computer.run("dpkg-query", "--show", "dltv-agent")
    until("the new version to report", lambda: office.agent(SCHOOL).version == NEWER, 90, computer.journal)


def begin_an_update_that_takes_long(computer: Any, until: Any) -> None:
    """The removal meets it in the middle of its work."""
    slow = "/run/systemd/system/dltv-provision.service.d"
    computer.run(
        "sh", "-c", f"mkdir -p {slow} && printf '[Service]\\nExecStartPre=/bin/sleep 600\\n' > {slow}/slow.conf"
    )
    computer.run("systemctl", "daemon-reload")
    state = ("systemctl", "show", "--property=SubState", "--value", "dltv-provision.service")
    until("rounds before to end", lambda: computer.run(*state).strip() == "dead", 90, computer.journal)
    computer.run("systemctl", "start", "--no-block", "dltv-provision.service")
    until("the update to begin", lambda: computer.run(*state).strip() == "start-pre", 90, computer.journal)
    computer.run("rm", "-r", slow)


def test_a_package_installs_enrols_is_brought_up_to_date_and_purges_without_a_trace(
    office: Any, computer: Any, package: str, bundle: Path, until: Any
) -> None:
    before, accounts = computer.files(), computer.run("sh", "-c", "getent passwd; getent group")
    computer.run("dpkg", "--install", package)
    code, _ = office.slip(SCHOOL)
    assert f"this is cpm3/{SCHOOL}" in computer.run("dltv-agent-enrol", code)
    until("the first report", lambda: office.hears(SCHOOL), 90, computer.journal)
    key = key_of(computer)
    bring_up_to_date(office, computer, bundle, until)

    begin_an_update_that_takes_long(computer, until)
    computer.run("dpkg", "--remove", "dltv-agent")
    assert key_of(computer) == key
    assert computer.try_run("test", "-e", "/opt/dltv-agent").returncode == 1
    until("systemd to be done with the units", lambda: computer.units() == [])

    computer.run("dpkg", "--install", package)
    computer.run("dpkg", "--purge", "dltv-agent")
    backups = {f"etc/{name}-" for name in ("passwd", "group", "shadow", "gshadow", "subuid", "subgid")}
    left = {name for name in computer.files() - before if name not in backups and not name.startswith("var/lib/dpkg")}
    assert left == set()
    assert computer.run("sh", "-c", "getent passwd; getent group") == accounts
