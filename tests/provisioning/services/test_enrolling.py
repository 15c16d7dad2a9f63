import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.core.contract import ErrorCode
from provisioning.errors import HubBusy, HubUnreachable, NotOurHub, Turned
from tests.provisioning.simulators import BROKER, HARDWARE, NOW, OTHER_CODE, Device, DistrictHub

Y1970, Y2020, Y2040 = 60_000, 1_577_836_800_000, 2_208_988_800_000


def test_a_slip_makes_an_agent_that_can_report(device: Device, hub: DistrictHub) -> None:
    told = device.opened().enrolling.enrol(hub.slip, HARDWARE)
    assert (told.group, told.node) == ("cpm3", "36012")
    assert device.works
    assert device.services.is_running()


def test_the_settings_say_who_it_is_and_where_to_report_and_what_the_hub_configured(enrolled: Device) -> None:
    settings = tomllib.loads(enrolled.layout.config.read_text("utf-8"))
    assert (settings["group"], settings["node"], settings["host_id"]) == ("cpm3", "36012", "hub-cpm3")
    assert settings["uplink"]["broker"] == [BROKER]
    assert settings["uplink"]["key"] == str(enrolled.layout.identity / "key.pem")
    assert settings["log_level"] == "debug"


def test_nobody_else_may_read_the_key(enrolled: Device) -> None:
    assert (enrolled.layout.identity / "key.pem").stat().st_mode & 0o777 == 0o600


def test_the_same_slip_again_is_fine_and_asks_nothing(enrolled: Device, hub: DistrictHub) -> None:
    key = (enrolled.layout.identity / "key.pem").read_bytes()
    hub.asked.clear()
    enrolled.enrol(hub)
    assert (enrolled.layout.identity / "key.pem").read_bytes() == key
    assert hub.asked == []


def test_whose_releases_are_believed_is_fixed_with_the_slip(enrolled: Device) -> None:
    assert (enrolled.layout.metadata / "first_root.json").exists()


def test_another_slip_makes_another_identity_and_starts_the_agent_anew(enrolled: Device, hub: DistrictHub) -> None:
    key = (enrolled.layout.identity / "key.pem").read_bytes()
    enrolled.services.calls.clear()
    enrolled.opened().enrolling.enrol(replace(hub.slip, code=OTHER_CODE), HARDWARE)
    assert (enrolled.layout.identity / "key.pem").read_bytes() != key
    assert len(list(enrolled.layout.identities.iterdir())) == 1
    assert "restart" in enrolled.services.calls


def test_a_refused_slip_leaves_the_identity_as_it_is(enrolled: Device, hub: DistrictHub) -> None:
    hub.refusal = ErrorCode.CODE_EXPIRED
    with pytest.raises(Turned, match="expired: ask the district office for a new slip"):
        enrolled.opened().enrolling.enrol(replace(hub.slip, code=OTHER_CODE), HARDWARE)
    assert enrolled.works


def test_a_copy_of_the_disk_cannot_enrol_by_the_same_slip(enrolled: Device, hub: DistrictHub, tmp_path: Path) -> None:
    copy = Device(tmp_path / "copy")
    copy.install()
    with pytest.raises(Turned, match="used already"):
        copy.enrol(hub)


def test_who_cannot_show_the_fingerprint_is_not_our_hub_and_is_told_no_code(device: Device, hub: DistrictHub) -> None:
    with pytest.raises(NotOurHub, match="this is not your district's hub"):
        device.opened().enrolling.enrol(replace(hub.slip, pin="0" * 64), HARDWARE)
    assert "/v1/enrol" not in hub.asked


def test_a_hub_that_cannot_be_reached_is_a_matter_of_time(device: Device, hub: DistrictHub) -> None:
    slip = hub.slip
    hub.close()
    with pytest.raises(HubUnreachable, match="cannot be reached"):
        device.opened().enrolling.enrol(slip, HARDWARE)
    hub.server = hub._serve()
    device.enrol(hub)
    assert device.works


def test_too_many_tries_are_a_matter_of_time(device: Device, hub: DistrictHub) -> None:
    hub.refusal = ErrorCode.TOO_MANY_TRIES
    with pytest.raises(HubBusy, match="wait a quarter of an hour"):
        device.enrol(hub)


@pytest.mark.parametrize("own", [Y1970, Y2020, Y2040])
def test_a_device_without_a_clock_enrols_and_gets_the_time_of_the_hub(
    device: Device, hub: DistrictHub, own: int
) -> None:
    device.clock.utc = own
    device.enrol(hub)
    assert device.works
    assert abs(device.clock.utc_ms() - NOW) < 1000


def test_a_clock_that_may_not_be_set_does_not_keep_it_from_enrolling(device: Device, hub: DistrictHub) -> None:
    device.clock.utc, device.clock.settable = Y1970, False
    device.enrol(hub)
    assert device.works


def test_a_slip_that_names_an_older_root_holds_after_the_authority_was_rotated(
    device: Device, hub: DistrictHub
) -> None:
    pin = hub.slip.pin
    hub.authority.rotate(NOW)
    hub.move()
    device.opened().enrolling.enrol(replace(hub.slip, pin=pin), HARDWARE)
    assert device.works
