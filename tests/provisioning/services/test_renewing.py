import tomllib

import pytest

from provisioning.core.contract import ErrorCode
from provisioning.errors import HubUnreachable, Turned
from provisioning.services.identity import Held
from tests.provisioning.simulators import DAY_MS, NOW, Device, DistrictHub


def held(device: Device) -> Held:
    return device.opened().identity.require()


def later(device: Device, hub: DistrictHub, days: float) -> None:
    hub.now = device.clock.utc = NOW + int(days * DAY_MS)


def test_a_certificate_that_is_not_due_stays(enrolled: Device, hub: DistrictHub) -> None:
    before = held(enrolled)
    later(enrolled, hub, 30)
    enrolled.opened().round.go()
    assert held(enrolled) == before


def test_after_two_thirds_of_its_life_it_is_renewed_with_a_new_key(enrolled: Device, hub: DistrictHub) -> None:
    before = held(enrolled)
    later(enrolled, hub, 61)
    enrolled.opened().round.go()
    after = held(enrolled)
    assert after.certificate.validity.ends > before.certificate.validity.ends
    assert after.key != before.key
    assert enrolled.works


def test_it_is_renewed_after_it_has_ended_while_the_school_was_closed(enrolled: Device, hub: DistrictHub) -> None:
    later(enrolled, hub, 200)
    enrolled.opened().round.go()
    assert not held(enrolled).certificate.validity.is_over(hub.now)


def test_an_ended_certificate_and_a_clock_at_1970_are_mended_together(enrolled: Device, hub: DistrictHub) -> None:
    later(enrolled, hub, 200)
    enrolled.clock.utc = 0
    enrolled.opened().round.go()
    assert not held(enrolled).certificate.validity.is_over(hub.now)
    assert abs(enrolled.clock.utc_ms() - hub.now) < 1000


def test_the_key_may_stay(enrolled: Device, hub: DistrictHub) -> None:
    before = held(enrolled)
    later(enrolled, hub, 61)
    enrolled.opened().renewing.renew(before, new_key=False)
    assert held(enrolled).key == before.key
    assert enrolled.works


def test_when_the_answer_is_lost_it_is_asked_again_with_the_same_key(
    enrolled: Device, hub: DistrictHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(enrolled, hub, 61)
    with monkeypatch.context() as lost:
        lost.setattr("provisioning.services.identity.Identity.keep_answer", _lose)
        with pytest.raises(HubUnreachable):
            enrolled.opened().round.go()
    known = set(hub.newest)
    enrolled.opened().round.go()
    assert set(hub.newest) == known
    assert enrolled.works


def _lose(*_: object) -> None:
    raise HubUnreachable("the line broke")


def test_the_agent_goes_on_while_nothing_but_the_certificate_changes(enrolled: Device, hub: DistrictHub) -> None:
    enrolled.services.calls.clear()
    later(enrolled, hub, 61)
    enrolled.opened().round.go()
    assert enrolled.services.calls == []


def test_one_renewal_follows_another(enrolled: Device, hub: DistrictHub) -> None:
    serials = {held(enrolled).certificate.serial}
    for days in (61, 122, 183):
        later(enrolled, hub, days)
        enrolled.opened().round.go()
        serials.add(held(enrolled).certificate.serial)
    assert len(serials) == 4
    assert len(list(enrolled.layout.identities.iterdir())) == 1


def test_a_hub_that_finds_it_fresh_enough_changes_nothing(enrolled: Device, hub: DistrictHub) -> None:
    before = held(enrolled)
    hub.newest = dict.fromkeys(hub.newest, before.enrolled.certificate) | {
        f"{key} {NOW // DAY_MS}": before.enrolled.certificate for key in hub.newest
    }
    program = enrolled.opened()
    assert program.renewing.renew(before, new_key=False) == before
    later(enrolled, hub, 61)
    enrolled.opened().round.go()
    assert held(enrolled).certificate.serial != before.certificate.serial


def test_who_is_shut_out_is_told_so_and_keeps_what_he_has(enrolled: Device, hub: DistrictHub) -> None:
    later(enrolled, hub, 61)
    hub.refusal = ErrorCode.NODE_REVOKED
    with pytest.raises(Turned, match="shut this device out"):
        enrolled.opened().round.go()
    assert enrolled.works


def test_the_roots_are_learnt_while_the_old_one_still_counts(enrolled: Device, hub: DistrictHub) -> None:
    hub.authority.rotate(NOW)
    enrolled.opened().round.go()
    assert held(enrolled).trust == hub.authority.trust
    assert len(hub.authority.trust) == 2


def test_a_device_that_slept_through_the_rotation_trusts_the_new_root_by_the_old(
    enrolled: Device, hub: DistrictHub
) -> None:
    hub.authority.rotate(NOW)
    old = hub.address
    hub.move()
    settle_address(enrolled, old, hub.address)
    later(enrolled, hub, 61)
    enrolled.opened().round.go()
    assert held(enrolled).trust == hub.authority.trust


def test_a_hub_that_tells_of_its_new_address_is_found_there(enrolled: Device, hub: DistrictHub) -> None:
    before = hub.server
    hub.server = hub._serve()
    hub.told_address = hub.address
    enrolled.opened().round.go()
    before.shutdown()
    before.server_close()
    hub.asked.clear()
    enrolled.opened().round.go()
    assert "/v1/node" in hub.asked
    assert held(enrolled).enrolled.hub == hub.address


def test_a_new_address_at_which_nobody_is_does_not_cut_it_off(enrolled: Device, hub: DistrictHub) -> None:
    hub.told_address = "https://127.0.0.1:1"
    enrolled.opened().round.go()
    hub.told_address = None
    enrolled.opened().round.go()
    assert held(enrolled).enrolled.hub == hub.address


def test_new_brokers_are_put_into_the_settings_and_the_agent_starts_anew(
    enrolled: Device, hub: DistrictHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.provisioning.simulators.BROKER", "mqtts://127.0.0.2:8883")
    enrolled.services.calls.clear()
    enrolled.opened().round.go()
    settings = tomllib.loads(enrolled.layout.config.read_text("utf-8"))
    assert settings["uplink"]["broker"] == ["mqtts://127.0.0.2:8883"]
    assert enrolled.services.calls == ["restart"]


def settle_address(device: Device, old: str, new: str) -> None:
    """As if the hub had come up again at the address that the device knows."""
    memory = device.opened().parts.memory
    memory.keep(memory.record.met(new))
    assert old != new
