"""A hub of a district and a device of a school, as tests/provisioning/simulators.py has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provisioning.simulators import Device, DistrictHub, district


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[DistrictHub]:
    with district(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def device(tmp_path: Path) -> Device:
    """With release 1 on it, as an installer leaves it."""
    device = Device(tmp_path / "device")
    device.install()
    return device


@pytest.fixture
def enrolled(device: Device, hub: DistrictHub) -> Device:
    device.enrol(hub)
    return device
