"""What an agent says beside what people wrote."""

from dataclasses import replace

import pytest

from hub.assets.filling import is_junk, said_of, taken_over, weighed
from hub.core.assets import Asset

TV = Asset("cpm3", "tv", school="30010012", device="p1-tv")


def test_what_is_empty_is_filled() -> None:
    found = weighed(TV, {"serial": "SN1", "firmware": "1.0"})
    assert found.asset == replace(TV, serial="SN1", firmware="1.0", told=frozenset({"serial", "firmware"}))
    assert found.conflicts == {}


def test_what_people_wrote_is_not_touched() -> None:
    ours = replace(TV, serial="SN-9", firmware="0.9")
    found = weighed(ours, {"serial": "SN1", "firmware": "1.0", "model": "LG"})
    assert (found.asset.serial, found.asset.firmware, found.asset.model) == ("SN-9", "0.9", "LG")
    assert found.conflicts == {"serial": "SN1", "firmware": "1.0"}


def test_the_same_in_other_letters_is_no_conflict() -> None:
    assert weighed(replace(TV, serial="sn 1-a"), {"serial": "SN1A"}).conflicts == {}


def test_newer_firmware_takes_the_place_of_what_the_agent_told() -> None:
    before = weighed(TV, {"firmware": "1.0"}).asset
    assert weighed(before, {"firmware": "1.1"}).asset.firmware == "1.1"


def test_another_serial_number_is_another_device_even_where_the_agent_told_the_first() -> None:
    before = weighed(TV, {"serial": "SN1"}).asset
    found = weighed(before, {"serial": "SN2"})
    assert (found.asset, found.conflicts) == (before, {"serial": "SN2"})


def test_a_conflict_that_is_taken_over_is_none_any_more() -> None:
    then = taken_over(replace(TV, serial="SN9"), "serial", "SN1")
    assert weighed(then, {"serial": "SN1"}).conflicts == {}


@pytest.mark.parametrize(
    "serial",
    ["Default string", "To be filled by O.E.M.", "0000000000", "", "N/A", "xx", "00:00:00", "System Serial Number"],
)
def test_what_many_devices_say_is_no_serial_number(serial: str) -> None:
    assert is_junk(serial)
    assert "serial" not in said_of("p1-tv", {"serial_number": serial}, {})


def test_the_agents_computer_is_told_by_its_node() -> None:
    said = said_of("", {}, {"serial_number": "10000000a1b2", "hardware": "Raspberry Pi 4", "os": "Debian 12"})
    assert said == {"serial": "10000000a1b2", "model": "Raspberry Pi 4", "firmware": "Debian 12"}
