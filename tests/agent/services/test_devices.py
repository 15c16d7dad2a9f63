from typing import Any

import pytest

from agent.core.access import Access, SnmpSettings
from agent.core.devices import DeviceSettings
from agent.core.readings import Equipment
from agent.errors import LinkLost
from agent.ports import Link
from agent.services.devices import Device, build_device, build_devices
from agent.services.transcript import VirtualTime
from firmware_profiles.loader import load_catalog


def settings(key: str = "p1-tv", **keys: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"key": key, "profile": "lg/rs232", "address": "/dev/ttyUSB0", **keys})


def built(*each: DeviceSettings) -> tuple[list[Device], list[str]]:
    devices, mistakes = build_devices(each, load_catalog(), lambda *_: NotImplemented)
    assert [each[mistake.index].key for mistake in mistakes] == [mistake.device for mistake in mistakes]
    return devices, [str(mistake) for mistake in mistakes]


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
        ({"kind": "receiver"}, "kind: a receiver has no input/signal, "),
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


def test_hosts_and_programs_may_answer_for_several_devices() -> None:
    ups = {"profile": "nut/ups", "address": "tcp://192.0.2.1"}
    cec = {"profile": "hdmi-cec/cec-client", "address": "command:"}
    devices, mistakes = built(
        settings("p1-ups", **ups),
        settings("p2-ups", set_id="two", **ups),
        settings("p1-tv", **cec),
        settings("p2-tv", **cec),
    )
    assert (len(devices), mistakes) == (4, [])


def test_a_smart_plug_may_stand_for_a_tv() -> None:
    plug = {"profile": "tasmota/plug", "address": "http://192.0.2.30"}
    as_tv, as_it_is = (built(settings(**plug, **more))[0][0].equipment for more in ({"kind": "tv"}, {}))
    assert (as_tv.kind, as_tv.metrics) == ("tv", ("device/reachable", "power/on"))
    assert as_it_is.kind == "other"


def test_what_a_device_wants_to_know_is_handed_to_its_link() -> None:
    seen: list[object] = []

    def open_link(*given: object) -> Link:
        seen.extend(given)
        raise LinkLost("seen")

    ird = settings(
        profile="pbi/snmp-ird",
        address="snmp://192.0.2.50",
        user="monitor",
        password="bench-secret",
        snmp={"auth": "md5"},
    )
    time = VirtualTime()
    channel = build_device(ird, load_catalog(), open_link).open_channel(time, time.stopping)
    with pytest.raises(LinkLost, match="seen"):
        channel.ask("1.3.6")
    assert seen[2] == Access("monitor", "bench-secret", None, SnmpSettings(auth="md5"))
    assert "bench-secret" not in repr(seen)


def test_an_interval_keeps_the_proportion_of_the_polls() -> None:
    assert built(settings(every_s=5))[0][0].pace == 0.5
