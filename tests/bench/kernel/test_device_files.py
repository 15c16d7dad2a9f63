"""The agent's adapters at the bench's device files: two readings of the kernel's headers, over the real ioctl call's place."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.links import open_link
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.services.devices import build_device
from agent.services.driver import Driver
from bench.kernel.cec_adapter import CecAdapter
from bench.kernel.dvb_frontend import DvbFrontend
from bench.kernel.files import KernelFiles
from firmware_profiles.loader import load_catalog
from wire.vocabulary import REACHABLE


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Driver]]:
    """plug_in(device, profile): a device file of it, and the agent's driver for that file."""
    drivers: list[Driver] = []

    def make(device: Any, profile: str) -> Driver:
        file = tmp_path / "device"
        file.touch()
        monkeypatch.setattr(fcntl, "ioctl", KernelFiles({file: device}).ioctl)
        scheme = "cec" if isinstance(device, CecAdapter) else "dvb"
        settings = DeviceSettings(key="p1-unit", profile=profile, address=f"{scheme}:{file}")
        built, clock = build_device(settings, load_catalog(), open_link), SystemClock()
        drivers.append(Driver(built, built.open_channel(clock, threading.Event()), clock))
        return drivers[-1]

    yield make
    for driver in drivers:
        driver.close()


@pytest.fixture
def tuner(lone: Callable[..., Any], plug_in: Callable[..., Driver]) -> Callable[..., tuple[Any, Driver]]:
    def make(scale: Any = "decibel") -> tuple[Any, Driver]:
        box = lone("dvb-fe-tool")
        return box, plug_in(DvbFrontend(box.unit, scale), "linux/dvb-s2")

    return make


@pytest.fixture
def tv(lone: Callable[..., Any], plug_in: Callable[..., Driver]) -> tuple[Any, Driver]:
    made = lone("cec-client")
    return made, plug_in(CecAdapter(made.unit), "hdmi-cec/tv")


def poll(driver: Driver) -> Poll:
    driver.hurry()
    return driver.round()


def test_a_locked_tuner_is_read_in_decibels(tuner: Any) -> None:
    box, driver = tuner()
    readings = poll(driver).readings
    assert readings["signal/lock"] is True
    assert readings["signal/cnr_db"] == pytest.approx(13.4, abs=0.3)
    assert readings["signal/strength_dbm"] == pytest.approx(-38.8, abs=1)
    assert readings["signal/uncorrected_blocks"] == 0
    box.clock.pass_s(10)
    assert poll(driver).readings["signal/ber"] == 0


def test_its_name_is_read(tuner: Any) -> None:
    _, driver = tuner()
    assert (poll(driver).properties or {})["Properties/model"] == "Bench DVB-S2"


def test_an_old_driver_is_read_in_percent(tuner: Any) -> None:
    _, driver = tuner("relative")
    readings = poll(driver).readings
    assert readings["signal/quality_pct"] == pytest.approx(67, abs=2)
    assert readings["signal/strength_pct"] == pytest.approx(78, abs=2)
    assert readings["signal/cnr_db"] is None


def test_what_is_not_measured_is_no_figure(tuner: Any) -> None:
    _, driver = tuner("none")
    readings = poll(driver).readings
    assert readings["signal/lock"] is True
    assert [name for name, value in readings.items() if value is not None] == [REACHABLE, "signal/lock"]


def test_no_lock_and_a_dead_lnb_are_told_apart(tuner: Any) -> None:
    box, driver = tuner()
    box.break_("no-lock")
    readings = poll(driver).readings
    assert (readings["signal/lock"], readings["signal/cnr_db"]) == (False, None)
    assert readings["signal/strength_dbm"] is not None
    box.live.change(lambda school, now: school.with_fault("lnb-dead", now))
    assert poll(driver).readings["signal/strength_dbm"] is None


def test_rain_takes_from_the_ratio(tuner: Any) -> None:
    box, driver = tuner()
    box.live.change(lambda school, now: school.with_fault("rain", now))
    box.clock.pass_s(120)
    assert float(poll(driver).readings["signal/cnr_db"] or 99) < 12.5


@pytest.mark.parametrize("code", ["unplugged", "dead", "refuse"])
def test_a_tuner_that_fails_is_lost_and_comes_back(tuner: Any, code: str) -> None:
    box, driver = tuner()
    box.break_(code)
    assert poll(driver).readings == {REACHABLE: False}
    box.mend(code)
    assert poll(driver).readings[REACHABLE] is True


def test_a_tv_tells_whether_it_is_on(tv: tuple[Any, Driver]) -> None:
    made, driver = tv
    assert poll(driver).readings["power/on"] is True
    made.break_("off")
    assert poll(driver).readings["power/on"] is False


@pytest.mark.parametrize("code", ["unplugged", "dead", "silent", "half", "refuse"])
def test_a_tv_that_fails_tells_nothing(tv: tuple[Any, Driver], code: str) -> None:
    made, driver = tv
    made.break_(code)
    readings = poll(driver).readings
    assert readings.get("power/on") is None
    made.mend(code)
    made.clock.pass_s(60)
    assert poll(driver).readings["power/on"] is True


def test_another_file_is_left_to_the_real_kernel(tv: tuple[Any, Driver]) -> None:
    with Path("/dev/null").open("rb") as file, pytest.raises(OSError, match="Inappropriate ioctl"):
        fcntl.ioctl(file.fileno(), 0x80046F45, bytearray(4))
