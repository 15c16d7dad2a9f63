"""Attacks on what is offered, by whoever holds the line or the hub's disk, but not the keys."""

import json
import shutil
from pathlib import Path

import pytest

from provisioning.errors import HubUnreachable, NotTrusted
from provisioning.ports import Repository
from tests.provisioning.simulators import BREAK, DAY_MS, NOW, PLATFORM, Device, DistrictHub

TARGET = f"releases/2/{PLATFORM}.zip"


def offers(device: Device) -> Repository:
    return device.opened().round.offers()


def fetch(device: Device) -> bytes:
    into = device.root / "fetched"
    offers(device).fetch(TARGET, into)
    return into.read_bytes()


def spoiling(hub: DistrictHub, part: str, change: object) -> None:
    hub.spoil = lambda path, data: change(data) if part in path else data  # type: ignore[operator]


def test_what_is_signed_for_comes(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    assert fetch(enrolled)[:2] == b"PK"


def test_what_is_there_already_is_not_fetched_again(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    fetch(enrolled)
    hub.asked.clear()
    fetch(enrolled)
    assert not [path for path in hub.asked if "/targets/releases" in path]


def test_a_download_that_breaks_off_goes_on_from_there(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    breaks = iter([BREAK, BREAK, BREAK])
    hub.spoil = lambda path, data: data + next(breaks, b"") if "/targets/releases" in path else data
    assert fetch(enrolled)[:2] == b"PK"


def test_a_line_that_always_breaks_is_a_matter_of_time(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    hub.spoil = lambda path, data: data + BREAK if "/targets/releases" in path else data
    with pytest.raises(HubUnreachable):
        fetch(enrolled)


@pytest.mark.parametrize("change", [lambda data: data[:-1] + b"x", lambda data: data + b"x" * 10_000, lambda data: b""])
def test_a_release_that_was_changed_is_refused(enrolled: Device, hub: DistrictHub, change: object) -> None:
    hub.offer("2")
    spoiling(hub, "/targets/releases", change)
    with pytest.raises(NotTrusted):
        fetch(enrolled)
    assert not (enrolled.root / "fetched").exists()


@pytest.mark.parametrize("part", ["timestamp", "snapshot", "targets.json"])
def test_metadata_that_was_changed_is_refused(enrolled: Device, hub: DistrictHub, part: str) -> None:
    hub.offer("2")
    spoiling(hub, part, lambda data: data.replace(b'"version"', b'"wersion"'))
    with pytest.raises(NotTrusted):
        fetch(enrolled)


def test_metadata_without_its_signature_is_refused(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")

    def unsigned(data: bytes) -> bytes:
        document = json.loads(data)
        document["signatures"][0]["sig"] = "00" * 64
        return json.dumps(document).encode()

    spoiling(hub, "timestamp", unsigned)
    with pytest.raises(NotTrusted):
        fetch(enrolled)


def test_metadata_without_an_end_is_refused(enrolled: Device, hub: DistrictHub) -> None:
    spoiling(hub, "timestamp", lambda data: data + b" " * 100_000)
    with pytest.raises(NotTrusted):
        offers(enrolled).refresh()


def test_what_was_offered_long_ago_is_not_believed_any_more(enrolled: Device, hub: DistrictHub) -> None:
    """A freeze: somebody goes on showing the old state, so that a fault stays unmended."""
    offers(enrolled).refresh()
    enrolled.clock.utc = NOW + 30 * DAY_MS
    with pytest.raises(NotTrusted, match="out of date"):
        offers(enrolled).refresh()


def test_a_device_whose_clock_may_not_be_set_reckons_with_the_time_of_the_hub(
    enrolled: Device, hub: DistrictHub
) -> None:
    hub.offer("2")
    hub.run("2")
    enrolled.clock.utc, enrolled.clock.settable = NOW + 3000 * DAY_MS, False
    enrolled.opened().round.go()
    assert enrolled.release == "2"


def test_an_older_state_than_was_seen_is_refused(enrolled: Device, hub: DistrictHub) -> None:
    """A rollback: everything is signed, but of yesterday, with the fault that was mended since."""
    folder = hub.folder / "repository"
    yesterday = hub.folder / "yesterday"
    hub.offer("1")
    shutil.copytree(folder, yesterday)
    hub.offer("2")
    assert fetch(enrolled)
    shutil.rmtree(folder)
    shutil.move(yesterday, folder)
    with pytest.raises(NotTrusted):
        offers(enrolled).refresh()


def test_a_snapshot_of_another_day_is_refused(enrolled: Device, hub: DistrictHub) -> None:
    """Mix and match: parts that never belonged together."""
    hub.offer("2")
    folder = hub.folder / "repository" / "metadata"
    older, newer = sorted(folder.glob("*.snapshot.json"), key=lambda path: int(path.name.split(".")[0]))[-2:]
    shutil.copyfile(older, newer)
    with pytest.raises(NotTrusted):
        offers(enrolled).refresh()


def test_new_keys_are_followed(enrolled: Device, hub: DistrictHub) -> None:
    offers(enrolled).refresh()
    for what in ("online", "targets", "root"):
        hub.repository.rotate(what, hub.folder / "offline", hub.now)
    hub.offer("2")
    assert fetch(enrolled)


def test_a_root_of_somebody_elses_is_not_followed(enrolled: Device, hub: DistrictHub, tmp_path: Path) -> None:
    offers(enrolled).refresh()
    from hub.releases.repository import SignedRepository

    stranger = SignedRepository(tmp_path / "stranger", tmp_path / "keys")
    stranger.begin(tmp_path / "offline", NOW)
    stranger.rotate("root", tmp_path / "offline", NOW)
    shutil.rmtree(hub.folder / "repository")
    shutil.copytree(tmp_path / "stranger", hub.folder / "repository")
    with pytest.raises(NotTrusted):
        offers(enrolled).refresh()


def test_metadata_that_a_power_cut_has_emptied_is_fetched_again(enrolled: Device, hub: DistrictHub) -> None:
    hub.offer("2")
    offers(enrolled).refresh()
    for path in enrolled.layout.metadata.glob("*.json"):
        if not path.is_symlink() and path.name != "first_root.json":
            path.write_bytes(b"")
    assert fetch(enrolled)


def test_a_target_that_nobody_signed_for_is_none(enrolled: Device) -> None:
    assert offers(enrolled).length("releases/9/x86_64.zip") is None
    with pytest.raises(NotTrusted):
        offers(enrolled).fetch("releases/9/x86_64.zip", enrolled.root / "fetched")
