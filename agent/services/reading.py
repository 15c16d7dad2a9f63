"""Devices read once, for a person at the command line: `dltv-agent check` and `dltv-agent read`."""

import threading
from collections.abc import Iterable

from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.ports import Clock
from agent.services.devices import Device, OpenLink, build_devices
from agent.services.driver import Driver
from firmware_profiles.loader import Catalogue

SETTLING_S = 0.2
"""A processor's load is measured between two looks at it."""


def read_once(device: Device, clock: Clock) -> Poll:
    """Everything that the device tells, now. What is wrong with it is the poll's `problem`."""
    stopping = threading.Event()
    if device.equipment.key is None:
        stopping.wait(SETTLING_S)
    driver = Driver(device, device.open_channel(clock, stopping), clock)
    try:
        return driver.round()
    finally:
        driver.close()


def read_all(devices: Iterable[Device], clock: Clock) -> list[Poll]:
    """All at the same time, in their order."""
    from concurrent.futures import ThreadPoolExecutor

    listed = list(devices)
    with ThreadPoolExecutor(max_workers=max(1, len(listed))) as pool:
        return list(pool.map(lambda device: read_once(device, clock), listed))


def check(settings: Iterable[DeviceSettings], catalogue: Catalogue, open_link: OpenLink, clock: Clock) -> list[str]:
    """One line for each device that is set up wrongly or does not answer."""
    devices, mistakes = build_devices(settings, catalogue, open_link)
    polls = read_all(devices, clock)
    return mistakes + [f"device {poll.device}: {poll.problem}" for poll in polls if poll.problem is not None]
