"""A UPS behind Debian's own NUT server: dummy-ups simulates the UPS, upsd speaks the protocol, our driver reads it."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.adapters.links import open_link
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.services.devices import build_device
from agent.services.driver import Driver
from firmware_profiles.loader import load_catalog
from wire.vocabulary import REACHABLE

pytestmark = pytest.mark.e2e

DRIVER, SERVER = Path("/lib/nut/dummy-ups"), Path("/lib/nut/upsd")
STATE = """ups.status: {status}
battery.charge: {charge}
battery.runtime: 1830
ups.serial: AC0001
"""
PATIENCE_S = 60.0


class Ups:
    """upsd and its driver. What the UPS says stands in a file that the driver reads again and again."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._programs: list[subprocess.Popen[bytes]] = []
        self.port = port
        self._state = folder / "class.dev"
        (folder / "ups.conf").write_text(
            f'maxretry = 1\n[class]\n  driver = dummy-ups\n  port = {self._state}\n  mode = "dummy-loop"\n  pollinterval = 1\n'
        )
        (folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\nMAXAGE 4\n")
        (folder / "upsd.users").write_text("")
        self.says("OL CHRG", 100)

    def says(self, status: str, charge: int) -> None:
        new = self._state.with_suffix(".new")
        new.write_text(STATE.format(status=status, charge=charge))
        new.replace(self._state)

    def start(self) -> None:
        self.driver = self._begun(DRIVER, "-D", "-a", "class")
        self._begun(SERVER, "-D")

    def _begun(self, program: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        paths = ("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH", "NUT_PIDPATH")
        as_root = ["-u", "root"] if os.getuid() == 0 else []
        with (self._folder / f"{program.name}.log").open("wb") as log:
            begun = subprocess.Popen(
                [str(program), *arguments, *as_root],
                env={**os.environ, **dict.fromkeys(paths, str(self._folder))},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._programs.append(begun)
        return begun

    def stop(self) -> None:
        for program in self._programs:
            program.terminate()
            program.wait(60)


@pytest.fixture
def ups(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Ups]:
    assert SERVER.is_file(), "apt-get install nut-server"
    ups = Ups(tmp_path, free_port())
    ups.start()
    yield ups
    ups.stop()


def driver_of(ups: Ups, name: str) -> Driver:
    settings = DeviceSettings(key="p1-ups", profile="nut/ups", address=f"tcp://127.0.0.1:{ups.port}", set_id=name)
    device = build_device(settings, load_catalog(), open_link)
    clock = SystemClock()
    return Driver(device, device.open_channel(clock, threading.Event()), clock)


def until(driver: Driver, wanted: dict[str, object]) -> Poll:
    """The first round with these readings."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        driver.hurry()
        poll = driver.round()
        if wanted.items() <= poll.readings.items():
            return poll
        assert time.monotonic() < deadline, poll
        threading.Event().wait(0.1)


def test_a_ups_is_followed_through_an_outage(ups: Ups) -> None:
    driver = driver_of(ups, "class")
    poll = until(driver, {REACHABLE: True, "ups/on_battery": False})
    assert poll.readings["ups/charge_pct"] == 100.0
    assert poll.readings["ups/runtime_s"] == 1830
    assert poll.readings["ups/replace_battery"] is False
    ups.says("OB LB RB", 20)
    until(driver, {"ups/on_battery": True, "ups/replace_battery": True, "ups/charge_pct": 20.0})
    driver.close()


def test_it_says_who_it_is(ups: Ups) -> None:
    until(driver_of(ups, "class"), {"ups/on_battery": False})
    properties = driver_of(ups, "class").round().properties or {}
    assert properties["Properties/serial_number"] == "AC0001"
    assert "Dummy" in properties["Properties/model"]


def test_a_driver_that_died_is_no_reading(ups: Ups) -> None:
    driver = driver_of(ups, "class")
    until(driver, {REACHABLE: True})
    ups.driver.terminate()
    assert "the server" in (until(driver, {REACHABLE: False}).problem or "")
    driver.close()


def test_an_unknown_ups_is_told_with_a_way_out(ups: Ups) -> None:
    until(driver_of(ups, "class"), {REACHABLE: True})
    assert "set_id" in (until(driver_of(ups, "other"), {REACHABLE: False}).problem or "")
