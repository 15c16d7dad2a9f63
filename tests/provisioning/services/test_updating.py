import pytest

from provisioning.core.contract import Kind, Outcome, Result
from provisioning.errors import DiskFull, HubUnreachable, NotTrusted, OperatorError
from provisioning.services.updating import HEALTHY_WITHIN_S
from tests.provisioning.simulators import DEAF, HEALTHY, OBJECTING, SILENT, Device, DistrictHub


def follow(device: Device, hub: DistrictHub, release: str) -> None:
    hub.run(release)
    device.opened().round.go()


def test_a_healthy_release_stays_and_is_told(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    follow(enrolled, hub, "2")
    assert enrolled.release == "2"
    assert hub.outcomes == [Outcome(Kind.UPDATE, "2", Result.HEALTHY, "")]


def test_nothing_is_done_when_it_runs_already(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    follow(enrolled, hub, "2")
    enrolled.services.calls.clear()
    follow(enrolled, hub, "2")
    assert enrolled.services.calls == []
    assert len(hub.outcomes) == 1


@pytest.mark.parametrize(("behaviour", "why"), [(SILENT, "did not start"), (DEAF, "told no hub of itself")])
def test_a_release_that_is_not_healthy_in_time_is_left_and_told(
    enrolled: Device, hub: DistrictHub, behaviour: str, why: str
) -> None:
    hub.offer("2", behaviour)
    before = enrolled.clock.mono_s()
    follow(enrolled, hub, "2")
    assert enrolled.clock.mono_s() - before >= HEALTHY_WITHIN_S
    assert enrolled.release == "1"
    assert [(each.version, each.result) for each in hub.outcomes] == [("2", Result.ROLLED_BACK)]
    assert why in hub.outcomes[0].why


def test_a_release_that_was_left_is_not_tried_again_and_does_not_take_room(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2", SILENT)
    follow(enrolled, hub, "2")
    enrolled.services.calls.clear()
    follow(enrolled, hub, "2")
    assert enrolled.services.calls == []
    assert enrolled.releases == {"1"}


def test_it_is_tried_again_when_somebody_says_so(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2", SILENT)
    follow(enrolled, hub, "2")
    program = enrolled.opened()
    program.updating.forgive()
    program.round.go()
    assert [each.result for each in hub.outcomes] == [Result.ROLLED_BACK, Result.ROLLED_BACK]


def test_a_release_that_fails_its_self_test_is_never_switched_to(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2", OBJECTING)
    enrolled.services.calls.clear()
    follow(enrolled, hub, "2")
    assert enrolled.services.calls == []
    assert hub.outcomes == [Outcome(Kind.UPDATE, "2", Result.REFUSED, "its self-test failed: it objects")]


def test_settings_that_the_running_release_objects_to_as_well_are_not_held_against_the_new_one(
    enrolled: Device, hub: DistrictHub
) -> None:
    config = enrolled.layout.config
    config.write_text(config.read_text("utf-8") + "# refuse-me\n", "utf-8")
    hub.offer("2")
    hub.run("2")
    program = enrolled.opened()
    program.updating.run("2", program.round.offers())
    assert enrolled.release == "2"


def test_two_releases_stay(enrolled: Device, hub: DistrictHub) -> None:
    for version in ("2", "3", "4"):
        hub.offer(version)
        follow(enrolled, hub, version)
    assert enrolled.releases == {"3", "4"}
    assert {path.name for path in enrolled.layout.provisioners.iterdir()} == {"3", "4"}


def test_a_person_can_go_back_and_the_release_that_was_left_is_not_taken_again(
    enrolled: Device, hub: DistrictHub
) -> None:
    hub.offer("2")
    follow(enrolled, hub, "2")
    assert enrolled.opened().updating.go_back() == "1"
    follow(enrolled, hub, "2")
    assert enrolled.release == "1"
    assert Outcome(Kind.UPDATE, "2", Result.ROLLED_BACK, "left by hand") in hub.outcomes


def test_there_may_be_nothing_to_go_back_to(enrolled: Device) -> None:
    with pytest.raises(OperatorError, match="only one"):
        enrolled.opened().updating.go_back()


def test_a_release_that_nobody_signed_for_is_refused(enrolled: Device, hub: DistrictHub) -> None:
    follow(enrolled, hub, "9")
    assert [(each.result, "no release 9" in each.why) for each in hub.outcomes] == [(Result.REFUSED, True)]


def test_a_bundle_that_is_another_than_it_is_called_is_refused(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2", called="3")
    follow(enrolled, hub, "2")
    assert [each.result for each in hub.outcomes] == [Result.REFUSED]
    assert enrolled.release == "1"


def test_a_full_disk_is_told_and_tried_again(
    enrolled: Device, hub: DistrictHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.offer("2")
    with monkeypatch.context() as full:
        full.setattr("provisioning.adapters.files.DiskFiles.free_bytes", lambda *_: 1000)
        with pytest.raises(DiskFull, match="make room"):
            follow(enrolled, hub, "2")
    assert [each.result for each in hub.outcomes] == [Result.FAILED]
    follow(enrolled, hub, "2")
    assert enrolled.release == "2"


def test_without_the_hub_no_release_is_held_to_be_bad(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2", DEAF)
    hub.run("2")
    program = enrolled.opened()
    offers = program.round.offers()
    offers.fetch("releases/2/x86_64.zip", enrolled.root / "fetched.zip")
    program.staging.lay_out(enrolled.root / "fetched.zip")
    hub.close()
    program.updating.run("2", offers)
    record = enrolled.opened().parts.memory.record
    assert record.slots.bad == {}
    assert [each.result for each in record.outbox] == [Result.ROLLED_BACK]
    hub.server = hub._serve()


def test_what_could_not_be_told_is_told_later(enrolled: Device, hub: DistrictHub) -> None:
    memory = enrolled.opened().parts.memory
    memory.keep(memory.record.to_tell(Outcome(Kind.UPDATE, "2", Result.HEALTHY, "")))
    hub.close()
    with pytest.raises(HubUnreachable):
        enrolled.opened().round.go()
    assert hub.outcomes == []
    hub.server = hub._serve()
    memory = enrolled.opened().parts.memory
    memory.keep(memory.record.met(hub.address))
    enrolled.opened().round.go()
    assert [each.version for each in hub.outcomes] == ["2"]
    assert enrolled.opened().parts.memory.record.outbox == ()


def test_the_program_itself_follows_once_the_release_is_in_place(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    follow(enrolled, hub, "2")
    assert enrolled.layout.provisioner.resolve().name == "2"


def test_the_program_stays_as_it_is_where_its_successor_cannot_do_its_work(
    enrolled: Device, hub: DistrictHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.provisioning.simulators.SimulatedWorkshop.doubt", lambda *_: "it cannot")
    hub.offer("2")
    hub.run("2")
    with pytest.raises(Exception, match="cannot do its work"):
        enrolled.opened().round.go()
    assert enrolled.layout.provisioner.resolve().name == "1"
    assert enrolled.release == "2"


def test_a_link_that_leads_nowhere_is_mended(enrolled: Device, hub: DistrictHub) -> None:
    enrolled.layout.current.unlink()
    enrolled.opened().round.go()
    assert enrolled.release == "1"
    assert enrolled.works


def test_a_first_release_is_installed_from_a_bundle(device: Device) -> None:
    assert device.release == "1"
    assert device.layout.provisioner.resolve().name == "1"


def test_a_bundle_over_a_release_that_runs_is_on_probation(enrolled: Device) -> None:
    enrolled.install("2", SILENT)
    assert enrolled.release == "1"
    enrolled.install("3", HEALTHY)
    assert enrolled.release == "3"


def test_what_is_installed_stays_though_its_program_cannot_be_tried_now(
    enrolled: Device, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tests.provisioning.simulators.SimulatedWorkshop.doubt", lambda *_: "the hub is away")
    enrolled.install("3", HEALTHY)
    assert (enrolled.release, enrolled.layout.provisioner.resolve().name) == ("3", "1")
    assert "the hub is away; the daily round tries again" in caplog.text


def test_nothing_is_left_after_uninstalling(enrolled: Device) -> None:
    enrolled.opened().installing.uninstall()
    layout = enrolled.layout
    assert not any(path.exists() for path in (layout.program, layout.settings, layout.state, layout.own))


def test_a_version_that_is_none_becomes_no_path(enrolled: Device, hub: DistrictHub) -> None:
    with pytest.raises(OperatorError, match="no version"):
        follow(enrolled, hub, "1..2")


def test_an_update_that_cannot_be_trusted_is_told_and_changes_nothing(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    hub.spoil = lambda path, data: b"x" * len(data) if path.endswith(".zip") else data
    with pytest.raises(NotTrusted):
        follow(enrolled, hub, "2")
    assert enrolled.release == "1"
    assert [each.result for each in hub.outcomes] == [Result.FAILED]
