"""One line on a clean Debian without Internet, and nothing of it left at the end."""

import time
import zipfile
from typing import Any

import pytest

from tests.e2e.conftest import crowd

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SCHOOL = "36030001"
UNITS = ("dltv-agent.service", "dltv-provision.timer", "dltv-provision.path")
STATE = "/var/lib/dltv-agent"


@pytest.fixture(scope="module")
def lasting_office(module_office: Any) -> Any:
    module_office.open()
    return module_office


@pytest.fixture(scope="module")
def school(lasting_office: Any, module_computers: Any, until: Any) -> Any:
    """A computer that was installed by the line of its slip, and reports. Each test leaves it as it was."""
    computer = module_computers()
    computer.power_on()
    computer.run("sh", "-c", lasting_office.line(SCHOOL))
    until("the first report", lambda: lasting_office.hears(SCHOOL), 90, computer.journal)
    return computer


def test_one_line_installs_enrols_and_reports_within_two_minutes(office: Any, computer: Any, until: Any) -> None:
    office.open()
    ways = computer.run("cat", "/proc/net/route").splitlines()[1:]
    assert [way.split()[1] for way in ways] == ["00004D0A"]
    line, begun = office.line(SCHOOL), time.monotonic()
    told = computer.run("sh", "-c", line)
    until("the first report", lambda: office.hears(SCHOOL))
    assert time.monotonic() - begun < 120 * crowd()
    assert f"this is cpm3/{SCHOOL}" in told
    assert computer.run("systemctl", "is-active", *UNITS).split() == ["active"] * 3


def test_the_agent_may_no_more_than_it_needs(school: Any) -> None:
    pid = school.run("systemctl", "show", "--property=MainPID", "--value", UNITS[0]).strip()
    status = dict(
        line.split(":\t", 1) for line in school.run("cat", f"/proc/{pid}/status").splitlines() if ":\t" in line
    )
    assert status["CapEff"].strip() == "0" * 16
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert school.run("stat", "--format=%U", f"/proc/{pid}").strip() == "dltv-agent"
    assert school.run("stat", "--dereference", "--format=%a %U", f"{STATE}/identity/key.pem").split() == [
        "600",
        "dltv-agent",
    ]
    groups = set(school.run("id", "--name", "--groups", "dltv-agent").split())
    assert groups >= {"dltv-agent", "dialout", "video"}
    assert "root" not in groups


def test_a_school_comes_back_after_a_power_cut(lasting_office: Any, school: Any, until: Any) -> None:
    before = lasting_office.agent(SCHOOL).heard_at
    school.power_cut()
    until("the hub to miss it", lambda: not lasting_office.agent(SCHOOL).online, 90)
    school.power_on()
    until("a report", lambda: lasting_office.hears(SCHOOL) and lasting_office.agent(SCHOOL).heard_at > before)


def test_installing_again_changes_nothing(lasting_office: Any, school: Any) -> None:
    key = school.run("cat", f"{STATE}/identity/key.pem")
    before = school.files()
    installer = f"curl -fsSk {lasting_office.url}/install.sh | sh"
    school.run("sh", "-c", installer)
    assert school.run("cat", f"{STATE}/identity/key.pem") == key
    assert {name for name in school.files() ^ before if not name.startswith(("var/lib/dltv", "etc/"))} == set()
    assert school.run("systemctl", "is-active", *UNITS).split() == ["active"] * 3


def test_nothing_is_left_of_what_was_uninstalled(office: Any, computer: Any, until: Any) -> None:
    office.open()
    before, accounts = computer.files(), computer.run("sh", "-c", "getent passwd; getent group")
    line = office.line(SCHOOL)
    computer.run("sh", "-c", line)
    until("the first report", lambda: office.hears(SCHOOL))
    computer.run("sh", "-c", f"curl -fsSk {office.url}/install.sh | sh -s -- --uninstall")
    backups = {"etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-"}
    assert {name for name in computer.files() - before if name not in backups} == set()
    assert computer.run("sh", "-c", "getent passwd; getent group") == accounts
    until("systemd to be done with the units", lambda: computer.units() == [])


def test_a_bundle_that_was_changed_is_not_installed(office: Any, computer: Any) -> None:
    office.open()
    line = office.line(SCHOOL)
    for bundle in (office.data / "bundles").glob("*/*.zip"):
        bundle.write_bytes(bundle.read_bytes()[:-1] + b"x")
    done = computer.try_run("sh", "-c", line)
    assert done.returncode == 2
    assert "what came is not what the hub promised" in done.stderr
    assert not any("dltv" in name for name in computer.files())


def test_without_a_code_a_new_computer_is_told_to_say_it(office: Any, computer: Any) -> None:
    office.open()
    done = computer.try_run("sh", "-c", f"curl -fsSk {office.url}/install.sh | sh")
    assert done.returncode == 2
    assert "say the code of the slip" in done.stderr


def test_a_bundle_for_another_python_is_refused_before_anything_is_done(office: Any, computer: Any) -> None:
    bundle = next((office.data / "bundles").glob("*/*.zip"))
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(computer.root / "bundle")
    (computer.root / "bundle/release.json").write_text('{"version": "1", "pythons": ["cp399"]}', "ascii")
    done = computer.try_run("sh", "/bundle/linux/setup.sh", "install", "/bundle/release.json")
    assert done.returncode == 2
    assert "not for this system's Python" in done.stderr
    assert computer.try_run("id", "dltv-agent").returncode == 1
