"""What can be tried of the device files without their hardware: that they are told when they are not what they should be."""

from pathlib import Path

import pytest

from agent.adapters.links import open_link
from agent.core.device_address import parse_address
from agent.errors import LinkLost
from agent.ports import Link
from agent.protocols import dvb
from firmware_profiles.links import CecLink, DvbLink
from firmware_profiles.links import Link as Settings

SETTINGS = Settings(dvb=DvbLink(), cec=CecLink(), timeout_ms=500)
REQUESTS = {
    "dvb": [bytes([what, 0, 0, 0]) for what in (dvb.STATUS, dvb.INFO)]
    + [bytes([dvb.PROPERTIES, 0, 0, 0, dvb.CNR, 0, 0, 0])],
    "cec": [bytes.fromhex("03615c80") + bytes(92)],
}


def opened(scheme: str, place: object) -> Link:
    return open_link(parse_address(f"{scheme}:{place}", SETTINGS), SETTINGS)


@pytest.mark.parametrize("scheme", ["dvb", "cec"])
def test_a_device_that_is_not_there_is_told(scheme: str, tmp_path: Path) -> None:
    with pytest.raises(LinkLost, match="there is no such device; is it plugged in"):
        opened(scheme, tmp_path / "absent")


@pytest.mark.parametrize("scheme", ["dvb", "cec"])
def test_a_device_of_another_sort_is_told(scheme: str) -> None:
    link = opened(scheme, "/dev/null")
    for request in REQUESTS[scheme]:
        with pytest.raises(LinkLost, match="no device of that sort"):
            link.send(request)
    assert link.receive(0) is None
    assert link.receive(0.01) is None
    link.close()


@pytest.mark.parametrize("scheme", ["dvb", "cec"])
def test_a_closed_device_is_lost(scheme: str) -> None:
    link = opened(scheme, "/dev/null")
    link.close()
    link.close()
    with pytest.raises(LinkLost):
        link.send(REQUESTS[scheme][0])


def test_a_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(LinkLost):
        opened("dvb", "/dev/\0")
