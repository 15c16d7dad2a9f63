"""This program against the hub's own device API and repository: what one says, the other understands."""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.nodes import Purpose
from hub.enrolment.office import Wish, make_batch, revoke
from hub.releases.repository import SignedRepository
from hub.store.enrolment import EnrolmentRows
from hub.store.opening import open_store
from hub.trust.devices import Devices
from hub.trust.trusting import Trusting
from hub.trust.updates import Versions
from hub.web.devices.releases import RELEASES, ReleaseFiles
from provisioning.core.contract import Kind, Outcome, Result
from provisioning.errors import HubUnreachable, Turned
from provisioning.services.enrolling import Slip
from tests.provisioning.simulators import BROKER, DAY_MS, HARDWARE, NOW, PLATFORM, Device, bundle_of

GROUP, SCHOOL = "cpm3", "36100042"
NODE = NodeKey(GROUP, SCHOOL)


@dataclass
class Office:
    """The hub, and what people do at it."""

    folder: Path
    now: int = NOW
    wanted: Versions = field(default_factory=Versions)
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        told = {
            "data_dir": self.folder,
            "groups": [GROUP],
            "devices": {"listen": "127.0.0.1:0", "brokers": [BROKER]},
        }
        settings = HubSettings.model_validate(told)
        self.store = open_store(settings.store_url)
        self.trusting = Trusting(self.folder / "pki", self.store, lambda: self.now)
        self.repository = SignedRepository(self.folder / "repository", self.folder / "pki")
        self.repository.begin(self.folder / "offline", self.now)
        mounts = {RELEASES: ReleaseFiles(self.folder / "repository")}
        self.devices = Devices(settings, self.trusting, self.store, lambda: self.now, updates=self, mounts=mounts)
        self.devices.start()

    def versions(self, node: NodeKey) -> Versions:
        assert node == NODE
        return self.wanted

    def config(self, _: NodeKey) -> str | None:
        return 'log_level = "debug"\n'

    def heard(self, node: NodeKey, outcome: Outcome, now: int) -> None:
        self.outcomes.append(outcome)

    def slip(self) -> Slip:
        with self.store.begin() as work:
            wish = Wish(GROUP, [SCHOOL], Purpose.FIRST, 30)
            batch = make_batch(EnrolmentRows(work.connection), wish, AT_THE_CONSOLE, secrets.randbelow, self.now)
        pin = self.trusting.authority.active.fingerprint
        return Slip(f"https://127.0.0.1:{self.devices.port}", pin, batch.codes[0].code)

    def shut_out(self) -> None:
        with self.store.begin() as work:
            revoke(EnrolmentRows(work.connection), NODE, "stolen", AT_THE_CONSOLE, self.now)

    def close(self) -> None:
        self.devices.stop()
        self.store.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    yield office
    office.close()


def later(office: Office, device: Device, days: int) -> None:
    office.now = device.clock.utc = NOW + days * DAY_MS


def test_a_slip_of_the_office_makes_an_agent_that_can_report(office: Office, device: Device) -> None:
    device.clock.utc = 0
    told = device.opened().enrolling.enrol(office.slip(), HARDWARE)
    assert (told.group, told.node) == (GROUP, SCHOOL)
    assert device.works
    assert 'log_level = "debug"' in device.layout.config.read_text("utf-8")
    assert abs(device.clock.utc_ms() - NOW) < 1000


def test_a_copy_of_the_disk_is_refused(office: Office, device: Device, tmp_path: Path) -> None:
    slip = office.slip()
    device.opened().enrolling.enrol(slip, HARDWARE)
    copy = Device(tmp_path / "copy")
    with pytest.raises(Turned, match="ask the district office for a new slip"):
        copy.opened().enrolling.enrol(slip, HARDWARE)


@pytest.mark.parametrize("new_key", [False, True])
def test_a_certificate_is_renewed_also_after_it_has_ended(office: Office, device: Device, new_key: bool) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    for days in (61, 300):
        later(office, device, days)
        program = device.opened()
        before = program.identity.require()
        assert program.renewing.renew(before, new_key=new_key).certificate.serial != before.certificate.serial
        assert device.works


def test_a_lost_answer_to_a_new_key_locks_nobody_out(
    office: Office, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    later(office, device, 61)
    with monkeypatch.context() as lost:
        lost.setattr("provisioning.services.identity.Identity.keep_answer", _lose)
        with pytest.raises(HubUnreachable):
            device.opened().round.go()
    device.opened().round.go()
    assert device.works


def _lose(*_: object) -> None:
    raise HubUnreachable("the line broke")


def test_a_copy_of_an_enrolled_disk_comes_to_light_at_its_renewal(
    office: Office, device: Device, tmp_path: Path
) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    shutil.copytree(device.root, tmp_path / "copy", symlinks=True)
    copy = Device(tmp_path / "copy")
    later(office, device, 61)
    device.opened().round.go()
    copy.clock.utc = office.now
    with pytest.raises(Turned, match="another device has taken this one's place"):
        copy.opened().round.go()


def test_asking_again_at_once_gives_the_same_certificate(office: Office, device: Device) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    program = device.opened()
    held = program.identity.require()
    assert program.renewing.renew(held, new_key=False) == held


def test_who_was_shut_out_is_told_so(office: Office, device: Device) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    office.shut_out()
    with pytest.raises(Turned, match="shut this device out"):
        device.opened().round.go()


def test_a_new_root_is_learnt(office: Office, device: Device) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    office.trusting.authority.rotate(office.now)
    device.opened().round.go()
    assert device.opened().identity.require().trust == office.trusting.authority.trust


def test_a_release_a_configuration_and_profiles_of_the_office_are_run_and_told(office: Office, device: Device) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    offline = office.folder / "offline"
    office.repository.add("targets", {f"releases/2/{PLATFORM}.zip": bundle_of("2", "healthy")}, office.now, offline)
    office.repository.add("fleet", {f"config/{GROUP}/{SCHOOL}/c1.toml": b'log_level = "error"\n'}, office.now)
    office.wanted = Versions(release="2", config="c1")
    device.opened().round.go()
    assert device.release == "2"
    assert 'log_level = "error"' in device.layout.config.read_text("utf-8")
    assert office.outcomes == [
        Outcome(Kind.CONFIG, "c1", Result.HEALTHY, ""),
        Outcome(Kind.UPDATE, "2", Result.HEALTHY, ""),
    ]


def test_a_hub_without_releases_yet_keeps_nobody_from_reporting(office: Office, device: Device) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    device.opened().round.go()
    assert device.release == "1"


def test_a_school_is_not_given_the_configuration_of_another_in_which_passwords_stand(
    office: Office, device: Device, tmp_path: Path
) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    theirs = f"config/{GROUP}/{SCHOOL}-2/c1.toml"
    office.repository.add("fleet", {theirs: b'log_level = "error"\n'}, office.now)
    with pytest.raises(HubUnreachable, match="403"):
        device.opened().round.offers().fetch(theirs, tmp_path / "theirs")
    assert not (tmp_path / "theirs").exists()


def test_who_was_shut_out_is_not_even_given_its_own_configuration(
    office: Office, device: Device, tmp_path: Path
) -> None:
    device.opened().enrolling.enrol(office.slip(), HARDWARE)
    ours = f"config/{GROUP}/{SCHOOL}/c1.toml"
    office.repository.add("fleet", {ours: b'log_level = "error"\n'}, office.now)
    office.shut_out()
    with pytest.raises(HubUnreachable, match="403"):
        device.opened().round.offers().fetch(ours, tmp_path / "ours")
