"""The repository as tuf's own client reads it: while it is made, published to, given new keys, and after each power cut."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tuf.api.exceptions import ExpiredMetadataError, RepositoryError

from hub.releases.errors import ReleaseMistake
from hub.releases.repository import SignedRepository
from hub.releases.shelf import Shelf
from hub.releases.signing import FLEET, TARGETS

ZIP = "releases/1.0/aarch64.zip"
CONFIG = "config/cpm3/36010001/c1.toml"
DAY = 86_400_000


@pytest.fixture
def now() -> int:
    return int(time.time() * 1000)


def test_a_release_is_fetched_as_it_was_added(site: Any, now: int) -> None:
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    assert site.client().fetch(ZIP) == b"one"


def test_the_hub_alone_signs_for_configurations_and_profiles(site: Any, now: int) -> None:
    site.repository.add(FLEET, {CONFIG: b"a = 1", "profiles/p1.zip": b"zip"}, now)
    client = site.client()
    assert client.fetch(CONFIG) == b"a = 1"
    assert client.fetch("profiles/p1.zip") == b"zip"


def test_the_hubs_own_keys_are_believed_for_no_release(site: Any, now: int) -> None:
    site.repository.add(FLEET, {ZIP: b"evil", "config/too/short.toml": b"x"}, now)
    client = site.client()
    assert client.fetch(ZIP) is None
    assert client.fetch("config/too/short.toml") is None


def test_without_the_offline_keys_no_release_is_added(site: Any, now: int) -> None:
    with pytest.raises(ReleaseMistake, match="--keys DIR"):
        site.repository.add(TARGETS, {ZIP: b"one"}, now)
    assert site.client().fetch(ZIP) is None


def test_a_name_never_stands_for_other_bytes(site: Any, now: int) -> None:
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    with pytest.raises(ReleaseMistake, match="another version"):
        site.repository.add(TARGETS, {ZIP: b"two"}, now, site.keys)
    assert site.client().fetch(ZIP) == b"one"


def test_what_is_withdrawn_is_offered_no_more(site: Any, now: int) -> None:
    site.repository.add(FLEET, {CONFIG: b"a = 1"}, now)
    site.repository.withdraw(FLEET, frozenset({CONFIG}), now)
    assert site.client().fetch(CONFIG) is None


def test_keys_are_for_their_owner_alone(site: Any, now: int) -> None:
    files = [*site.keys.glob("*.pem"), *site.online.glob("*.pem")]
    assert len(files) == 5
    assert {each.stat().st_mode & 0o777 for each in files} == {0o600}
    files[0].chmod(0o640)
    with pytest.raises(ReleaseMistake, match="chmod 600"):
        site.repository.refresh(now, site.keys, force=True)


def test_a_second_repository_is_not_made_over_the_first(site: Any, now: int) -> None:
    with pytest.raises(ReleaseMistake, match="--rotate"):
        site.repository.begin(site.keys, now)


def test_the_running_hub_signs_again_before_its_word_ends(site: Any, now: int) -> None:
    assert site.repository.refresh(now + DAY) == ()
    assert site.repository.refresh(now + 12 * DAY) == ("timestamp",)
    assert site.repository.refresh(now + 40 * DAY) == (FLEET, "snapshot", "timestamp")
    assert site.client().fetch(ZIP) is None


def test_a_word_that_has_ended_is_not_believed(tmp_path: Path, new_site: Callable[[Path], Any], now: int) -> None:
    site = new_site(tmp_path)
    site.repository.begin(site.keys, now - 30 * DAY)
    client = site.client()
    with pytest.raises(ExpiredMetadataError):
        client.fetch(ZIP)
    site.repository.refresh(now)
    assert client.fetch(ZIP) is None


def test_years_of_signing_again_leave_no_heap(site: Any, now: int) -> None:
    for n in range(40):
        site.repository.refresh(now + n, site.keys, force=True)
    files = [each.name for each in (site.folder / "metadata").iterdir()]
    assert len([name for name in files if name.endswith("snapshot.json")]) < 15
    assert len([name for name in files if name.endswith("root.json")]) == 41
    assert site.client().fetch(ZIP) is None


@pytest.mark.parametrize("what", ["root", "targets", "online"])
def test_after_new_keys_old_and_new_clients_follow(site: Any, now: int, what: str) -> None:
    old = site.client()
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    assert old.fetch(ZIP) == b"one"
    for _ in range(2):
        site.repository.rotate(what, site.keys, now)
        assert old.fetch(ZIP) == b"one"
    site.repository.add(FLEET, {CONFIG: b"a = 1"}, now)
    site.repository.add(TARGETS, {"releases/1.1/aarch64.zip": b"two"}, now, site.keys)
    for client in (old, site.client()):
        assert client.fetch("releases/1.1/aarch64.zip") == b"two"
        assert client.fetch(CONFIG) == b"a = 1"
    assert len(list(site.online.glob("*.pem"))) == 3


def test_a_root_key_that_was_replaced_makes_no_root_more(site: Any, now: int, tmp_path: Path) -> None:
    thief = site.copy(tmp_path / "thief")
    client = site.client()
    site.repository.rotate("root", site.keys, now)
    assert client.fetch(ZIP) is None
    for _ in range(3):
        thief.repository.refresh(now, thief.keys, force=True)
    client._repository = thief.folder
    with pytest.raises(RepositoryError):
        client.fetch(ZIP)


@pytest.mark.parametrize("what", ["targets", "online"])
def test_a_key_that_was_replaced_signs_for_nothing_more(site: Any, now: int, what: str, tmp_path: Path) -> None:
    """Whoever had all but the key of root."""
    thief = site.copy(tmp_path / "thief")
    client = site.client()
    site.repository.rotate(what, site.keys, now)
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    assert client.fetch(ZIP) == b"one"
    for _ in range(20):
        thief.repository.add(TARGETS, {ZIP: b"evil"}, now, thief.keys)
    for root in (site.folder / "metadata").glob("*.root.json"):
        shutil.copy(root, thief.folder / "metadata")
    client._repository = thief.folder
    with pytest.raises(RepositoryError):
        client.fetch(ZIP)


@pytest.mark.parametrize("what", ["root", "targets", "online"])
def test_without_the_old_offline_keys_no_new_ones_are_made(site: Any, now: int, what: str, tmp_path: Path) -> None:
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    client = site.client()
    with pytest.raises(ReleaseMistake, match="--keys DIR"):
        site.repository.rotate(what, tmp_path / "another stick", now)
    for each in (client, site.client()):
        assert each.fetch(ZIP) == b"one"
    assert site.repository.refresh(now, force=True)


class Killed(BaseException):
    """The power is cut."""


class FragileShelf(Shelf):
    """Loses its power at the n-th of its moments: before and after each draft is shown."""

    def __init__(self, folder: Path, moments: int) -> None:
        super().__init__(folder)
        self.left = moments

    def _show(self, draft: Path, path: Path) -> None:
        self._live()
        super()._show(draft, path)
        self._live()

    def _live(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


def fragile(site: Any, moments: int) -> tuple[SignedRepository, FragileShelf]:
    repository, shelf = SignedRepository(site.folder, site.online), FragileShelf(site.folder, moments)
    repository._shelf = shelf
    return repository, shelf


DEEDS: dict[str, Callable[[SignedRepository, Any, int], None]] = {
    "release": lambda repository, site, now: repository.add(
        TARGETS, {"releases/1.1/x86_64.zip": b"two"}, now, site.keys
    ),
    "config": lambda repository, _site, now: repository.add(FLEET, {CONFIG: b"a = 1"}, now),
    "refresh": lambda repository, site, now: repository.refresh(now, site.keys, force=True) and None,
    "root": lambda repository, site, now: repository.rotate("root", site.keys, now),
    "targets": lambda repository, site, now: repository.rotate("targets", site.keys, now),
    "online": lambda repository, site, now: repository.rotate("online", site.keys, now),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_power_cut_at_any_moment_leaves_a_repository_that_clients_believe(
    site: Any, now: int, tmp_path: Path, deed: str
) -> None:
    site.repository.add(TARGETS, {ZIP: b"one"}, now, site.keys)
    for moment in range(100):
        here = site.copy(tmp_path / str(moment))
        knows = here.client()
        assert knows.fetch(ZIP) == b"one"
        repository, shelf = fragile(here, moment)
        try:
            DEEDS[deed](repository, here, now)
        except Killed:
            for client in (knows, here.client()):
                assert client.fetch(ZIP) == b"one", moment
            DEEDS[deed](SignedRepository(here.folder, here.online), here, now)
        for client in (knows, here.client()):
            assert client.fetch(ZIP) == b"one", moment
        if shelf.left >= 0:
            assert moment >= 2
            return
    pytest.fail("it never came to an end")


def test_a_power_cut_while_it_is_made_leaves_none_or_one(
    tmp_path: Path, new_site: Callable[[Path], Any], now: int
) -> None:
    for moment in range(100):
        here = new_site(tmp_path / str(moment))
        repository, shelf = fragile(here, moment)
        try:
            repository.begin(here.keys, now)
        except Killed:
            if not here.repository.exists:
                here.repository.begin(here.keys, now)
        assert here.client().fetch(ZIP) is None
        if shelf.left >= 0:
            return
    pytest.fail("it never came to an end")
