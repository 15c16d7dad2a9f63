from typing import Any

import pytest

from agent.core.devices import DeviceSettings
from agent.core.readings import Equipment
from agent.services.devices import Device, build_devices
from firmware_profiles.loader import load_catalog


def settings(key: str = "p1-tv", **keys: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"key": key, "profile": "lg/rs232", "address": "/dev/ttyUSB0", **keys})


def built(*each: DeviceSettings) -> tuple[list[Device], list[str]]:
    return build_devices(each, load_catalog(), lambda *_: NotImplemented)


def test_a_device_is_what_its_profile_says() -> None:
    devices, mistakes = built(settings(room="P.1"))
    assert mistakes == []
    assert devices[0].equipment == Equipment(
        "p1-tv",
        "tv",
        "P.1",
        "lg/rs232",
        (
            "device/reachable",
            "power/on",
            "input/signal",
            "input/source",
            "panel/temp_c",
            "error/code",
            "panel/hours",
        ),
    )


def test_one_mistake_does_not_cost_the_other_devices() -> None:
    devices, mistakes = built(settings(profile="lg/rs323"), settings("p2-tv", address="/dev/ttyUSB1"))
    assert [device.equipment.key for device in devices] == ["p2-tv"]
    assert mistakes == ['device p1-tv: profile: no profile "lg/rs323"; did you mean "lg/rs232"?']


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"address": "http://192.0.2.1"}, "write serial:/dev/ttyUSB0 or tcp://host:port"),
        ({"profile": "host/linux"}, "put it into the table [host]"),
        ({"set_id": "00"}, 'set_id: "00" cannot be one; write it as 01'),
        ({"set_id": "zz"}, 'set_id: "zz" cannot be one'),
        ({"profile": "pjlink/generic", "address": "tcp://a", "set_id": "01"}, "has none; remove the key"),
    ],
)
def test_a_mistake_is_one_line_with_a_way_out(keys: dict[str, Any], problem: str) -> None:
    devices, mistakes = built(settings(**keys))
    assert devices == []
    assert len(mistakes) == 1
    assert mistakes[0].startswith("device p1-tv: ")
    assert problem in mistakes[0]
    assert "\n" not in mistakes[0]


def test_a_key_belongs_to_one_device() -> None:
    devices, mistakes = built(settings(), settings(address="/dev/ttyUSB1"))
    assert len(devices) == 1
    assert mistakes == ["device p1-tv: key: another device has the same; give each its own"]


def test_a_serial_line_belongs_to_one_device() -> None:
    devices, mistakes = built(settings(), settings("p2-tv", address="serial:/dev/ttyUSB0"))
    assert len(devices) == 1
    assert mistakes == ["device p2-tv: address: p1-tv has the line /dev/ttyUSB0 already; name another"]


def test_an_interval_keeps_the_proportion_of_the_polls() -> None:
    assert built(settings(every_s=5))[0][0].pace == 0.5
