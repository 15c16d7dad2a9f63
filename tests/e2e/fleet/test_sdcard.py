"""A card is put in, the power is switched on, and nobody types anything."""

import stat
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import crowd

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SCHOOL = "36030001"
UNIT = """\
[Unit]
ConditionPathExists=/boot/firmware/firstrun.sh
[Service]
Type=oneshot
ExecStart=/bin/sh /boot/firmware/firstrun.sh
[Install]
WantedBy=multi-user.target
"""
"""In place of what Raspberry Pi OS does with systemd.run= of cmdline.txt, of which a container has none."""


@pytest.fixture
def computer(office: Any, make_computer: Any) -> Any:
    """Switched off, with the card of the school."""
    office.open()
    made = make_computer()
    boot = made.root / "boot" / "firmware"
    boot.mkdir(parents=True)
    (boot / "cmdline.txt").write_text("console=tty1 rootwait\n", "ascii")
    machine = next((office.data / "bundles").glob("*/*.zip")).stem
    office.run("sdcard", "--school", SCHOOL, "--out", boot, "--platform", machine)
    (made.root / "etc/systemd/system/first-run.service").write_text(UNIT, "ascii")
    wants = made.root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / "first-run.service").symlink_to("../first-run.service")
    return made


def secrets_in(folder: Path, *secrets: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if stat.S_ISREG(path.lstat().st_mode)]
    return [path for path in files if any(secret.encode() in path.read_bytes() for secret in secrets)]


def test_from_power_on_to_the_first_report_nobody_does_anything(office: Any, computer: Any, until: Any) -> None:
    code = (computer.root / "boot/firmware/dltv/slip.toml").read_text("utf-8").split('code = "')[1][:19]
    begun = time.monotonic()
    computer.power_on(wait=False)
    until("the first report", lambda: office.hears(SCHOOL), 120, computer.journal)
    assert time.monotonic() - begun < 120 * crowd()
    until("the code to be gone", lambda: not (computer.root / "etc/dltv-agent/enrolment").exists())
    boot = computer.root / "boot/firmware"
    assert [path.name for path in boot.iterdir() if path.name != "README.txt"] == ["cmdline.txt"]
    assert (boot / "cmdline.txt").read_text("ascii") == "console=tty1 rootwait\n"
    for folder in ("etc", "var", "boot", "opt/dltv-agent"):
        assert secrets_in(computer.root / folder, code, code.replace("-", "")) == []


def test_a_card_waits_for_a_hub_that_is_not_there_yet(office: Any, computer: Any, until: Any) -> None:
    office.close()
    computer.power_on()
    until("the agent to be laid out", (computer.root / "etc/dltv-agent/enrolment").exists, 90, computer.journal)
    until("a vain attempt", lambda: "Scheduled restart job" in computer.journal(), 120, computer.journal)
    office.open()
    until("the first report", lambda: office.hears(SCHOOL), 120, computer.journal)
