import io
import tomllib
import zipfile

import pytest

from provisioning.core.contract import Kind, Outcome, Result
from tests.provisioning.simulators import Device, DistrictHub

GOOD = b'log_level = "warning"\n[[device]]\nkey = "p1-tv"\nprofile = "lg/rs232"\naddress = "serial:/dev/ttyUSB0"\n'


def config(hub: DistrictHub, version: str, data: bytes) -> None:
    hub.publish({f"config/cpm3/36012/{version}.toml": data}, "fleet")
    hub.run(config=version)


def profiles(hub: DistrictHub, version: str, text: str = "x", name: str = "lg/rs232.toml") -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, text)
    hub.publish({f"profiles/{version}.zip": data.getvalue()}, "fleet")
    hub.run(profiles=version)


def told(hub: DistrictHub) -> list[tuple[Kind, str, Result]]:
    return [(each.kind, each.version, each.result) for each in hub.outcomes]


def test_a_configuration_takes_effect_without_a_restart_and_is_told(enrolled: Device, hub: DistrictHub) -> None:
    enrolled.services.calls.clear()
    config(hub, "c1", GOOD)
    enrolled.opened().round.go()
    settings = tomllib.loads(enrolled.layout.config.read_text("utf-8"))
    assert (settings["log_level"], settings["device"][0]["key"], settings["node"]) == ("warning", "p1-tv", "36012")
    assert enrolled.services.calls == ["reload"]
    assert hub.outcomes == [Outcome(Kind.CONFIG, "c1", Result.HEALTHY, "")]


def test_it_is_put_in_place_once(enrolled: Device, hub: DistrictHub) -> None:
    config(hub, "c1", GOOD)
    enrolled.opened().round.go()
    enrolled.services.calls.clear()
    enrolled.opened().round.go()
    assert enrolled.services.calls == []
    assert len(hub.outcomes) == 1


@pytest.mark.parametrize("data", [b'x = "refuse-me"\n', b"[", b"\xff"])
def test_a_configuration_that_the_agent_refuses_is_not_put_in_place_and_told_once(
    enrolled: Device, hub: DistrictHub, data: bytes
) -> None:
    before = enrolled.layout.config.read_bytes()
    config(hub, "c1", data)
    enrolled.opened().round.go()
    enrolled.opened().round.go()
    assert enrolled.layout.config.read_bytes() == before
    assert told(hub) == [(Kind.CONFIG, "c1", Result.REFUSED)]
    assert not list(enrolled.layout.settings.glob("*candidate*"))


def test_a_refusal_names_the_file_as_people_know_it(enrolled: Device, hub: DistrictHub) -> None:
    config(hub, "c1", b'x = "refuse-me"\n')
    enrolled.opened().round.go()
    assert hub.outcomes[0].why == f"{enrolled.layout.config}: refuse-me is wrong"


def test_a_configuration_of_another_school_is_never_asked_for(enrolled: Device, hub: DistrictHub) -> None:
    hub.publish({"config/cpm3/99999/c1.toml": GOOD}, "fleet")
    hub.run(config="c1")
    enrolled.opened().round.go()
    assert told(hub) == [(Kind.CONFIG, "c1", Result.REFUSED)]


def test_the_role_of_the_fleet_cannot_vouch_for_a_release(enrolled: Device, hub: DistrictHub) -> None:
    hub.publish({"releases/2/x86_64.zip": b"evil"}, "fleet")
    hub.run("2")
    enrolled.opened().round.go()
    assert told(hub) == [(Kind.UPDATE, "2", Result.REFUSED)]
    assert enrolled.release == "1"


def test_profiles_take_effect_without_a_restart(enrolled: Device, hub: DistrictHub) -> None:
    enrolled.services.calls.clear()
    profiles(hub, "p1", "first")
    enrolled.opened().round.go()
    profiles(hub, "p2", "second")
    enrolled.opened().round.go()
    assert (enrolled.layout.profiles / "lg" / "rs232.toml").read_text() == "second"
    assert [path.name for path in enrolled.layout.profile_sets.iterdir()] == ["p2"]
    assert enrolled.services.calls == ["reload", "reload"]
    assert told(hub)[-1] == (Kind.PROFILES, "p2", Result.HEALTHY)


def test_profiles_that_lead_outside_are_refused(enrolled: Device, hub: DistrictHub) -> None:
    profiles(hub, "p1", name="../../evil.toml")
    enrolled.opened().round.go()
    assert told(hub) == [(Kind.PROFILES, "p1", Result.REFUSED)]
    assert not list(enrolled.root.rglob("evil.toml"))


def test_what_cannot_be_followed_does_not_keep_the_rest_from_its_turn(enrolled: Device, hub: DistrictHub) -> None:
    hub.publish({"config/cpm3/36012/c1.toml": b"["}, "fleet")
    hub.offer("2")
    hub.run("2", config="c1")
    enrolled.opened().round.go()
    assert enrolled.release == "2"


def test_a_refused_one_is_asked_for_again_when_somebody_says_so(enrolled: Device, hub: DistrictHub) -> None:
    config(hub, "c1", b"[")
    enrolled.opened().round.go()
    program = enrolled.opened()
    program.updating.forgive()
    program.round.go()
    assert told(hub) == [(Kind.CONFIG, "c1", Result.REFUSED)] * 2
