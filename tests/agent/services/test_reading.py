from pathlib import Path
from typing import Any

from agent.adapters.links import open_link
from agent.adapters.psutil_host import PsutilHost
from agent.adapters.system_clock import SystemClock
from agent.core.devices import DeviceSettings
from agent.services.devices import build_device, host_device
from agent.services.reading import check, read_all, read_once
from firmware_profiles.loader import load_catalog

CATALOGUE = load_catalog()


def receiver_at(port: int) -> DeviceSettings:
    return DeviceSettings(key="p1-receiver", profile="enigma2/openwebif", address=f"http://127.0.0.1:{port}")


def test_a_device_is_read_once(receiver: int) -> None:
    poll = read_once(build_device(receiver_at(receiver), CATALOGUE, open_link), SystemClock())
    assert poll.readings["signal/cnr_db"] == 12.3
    assert poll.properties == {"Properties/model": "Acme Sat1", "Properties/firmware": "8.3"}


def test_this_computer_is_read_with_its_load() -> None:
    poll = read_once(host_device(PsutilHost(Path("/sys")), CATALOGUE.profile("host/linux")), SystemClock())
    assert isinstance(poll.readings["host/cpu_pct"], float)
    assert isinstance(poll.readings["host/uptime_s"], int)


def test_several_are_read_in_their_order(receiver: int) -> None:
    devices = [build_device(receiver_at(receiver), CATALOGUE, open_link) for _ in range(3)]
    assert [poll.device for poll in read_all(devices, SystemClock())] == ["p1-receiver"] * 3


def test_checking_what_is_well_says_nothing(receiver: int) -> None:
    assert check([receiver_at(receiver)], CATALOGUE, open_link, SystemClock()) == []


def test_checking_tells_mistakes_and_devices_that_do_not_answer(tv: Any, receiver: int) -> None:
    unplugged = DeviceSettings(key="p1-tv", profile="lg/rs232", address=f"serial:{tv.path}")
    wrong = DeviceSettings(key="p2-tv", profile="lg/rs323", address="/dev/ttyUSB1")
    assert check([unplugged, wrong, receiver_at(receiver)], CATALOGUE, open_link, SystemClock()) == [
        'device p2-tv: profile: no profile "lg/rs323"; did you mean "lg/rs232"?',
        f"device p1-tv: {tv.path}: there is no such serial line; is the adapter plugged in?",
    ]


def test_checking_nothing_is_well() -> None:
    assert check([], CATALOGUE, open_link, SystemClock()) == []
