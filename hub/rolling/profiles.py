"""The port ProfilePages of hub.web: the profiles of the program, those of the newest signed set over them, and who uses them.

A set is published whole. One that is made here is the newest one with one profile more, so that nothing that agents have is lost.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from threading import Lock

from firmware_profiles.checking import Words, check_profile
from firmware_profiles.loader import Catalogue, load_catalog, require_no_new_program, set_version
from firmware_profiles.schema import Profile
from firmware_profiles.toml_model import TomlMistake
from hub.core.people import Principal
from hub.core.profile_uses import Use
from hub.releases.errors import ReleaseMistake
from hub.releases.offered import Offered
from hub.releases.profile_sets import files_in, profiles_target
from hub.releases.publishing import publish_profiles
from hub.releases.repository import SignedRepository
from hub.releases.signing import FLEET
from hub.rollouts.rollout import Kind
from hub.store.audit import AuditLog
from hub.store.profile_uses import counted, uses, versions
from hub.store.unit_of_work import Store
from hub.web.profile_pages import Checked, Mistake, NotPublished, ProfileLine, Spread
from wire.vocabulary import BY_KIND, DEVICE_PROPERTIES, NODE, value_types

_WORDS = Words({kind: value_types(metrics) for kind, metrics in BY_KIND.items()}, value_types(NODE), DEVICE_PROPERTIES)
_NO_FOLDER = PurePath("profile.toml")
"""What was typed into a page has no place yet: what it is called says its id."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The profiles as agents have them that run a set, with their texts; newer: those that the set brings."""

    version: str
    profiles: Mapping[str, Profile]
    texts: Mapping[str, str]
    newer: frozenset[str]


class ProfileDesk:
    def __init__(self, store: Store, repository: SignedRepository, clock: Callable[[], int]) -> None:
        self._store, self._repository, self._clock = store, repository, clock
        self._offered = Offered(repository, clock)
        self._publishing = Lock()
        self._read: _Known | None = None

    def lines(self, groups: Collection[str]) -> Sequence[ProfileLine]:
        with self._store.reading() as connection:
            found = counted(connection, groups)
        known = self._known()
        return [
            ProfileLine(profile, known.version if each in known.newer else "", *found.get(each, (0, 0)))
            for each, profile in known.profiles.items()
        ]

    def line(self, profile_id: str, groups: Collection[str]) -> ProfileLine | None:
        return next((each for each in self.lines(groups) if each.profile.id == profile_id), None)

    def text(self, profile_id: str) -> str:
        return self._known().texts.get(profile_id, "")

    def uses(self, profile_id: str, groups: Collection[str], limit: int) -> Sequence[Use]:
        with self._store.reading() as connection:
            return uses(connection, profile_id, groups, limit)

    def spread(self, groups: Collection[str]) -> Sequence[Spread]:
        with self._store.reading() as connection:
            told = Counter(set_version(each) or "" for each in versions(connection, groups))
        return [Spread(version, nodes) for version, nodes in told.most_common()]

    def newest(self) -> str:
        try:
            return next(iter(self._offered.versions(Kind.PROFILES)), "")
        except ReleaseMistake:
            return ""

    def check(self, text: str) -> Checked:
        try:
            profile, mistakes = check_profile(text, _NO_FOLDER, _WORDS)
            require_no_new_program(profile, load_catalog().find(profile.id), str(_NO_FOLDER))
        except TomlMistake as mistake:
            return Checked(None, tuple(map(_told, (mistake, *mistake.others))))
        if mistakes:
            return Checked(None, tuple(map(_told, mistakes)))
        return Checked(profile, before=self._known().profiles.get(profile.id))

    def publish(self, text: str, who: Principal) -> str | NotPublished:
        checked = self.check(text)
        if checked.profile is None:
            return NotPublished.MISTAKES
        if not self._repository.exists:
            return NotPublished.NO_KEYS
        if self.text(checked.profile.id) == text:
            return NotPublished.SAME
        try:
            with self._publishing:
                return self._publish(checked.profile.id, text, who)
        except (ReleaseMistake, OSError):
            return NotPublished.UNREADABLE

    def _publish(self, profile_id: str, text: str, who: Principal) -> str:
        now = self._clock()
        version = f"{datetime.fromtimestamp(now / 1000, UTC):%Y%m%dT%H%M%SZ}"
        files = {**self._files(self.newest()), f"{profile_id}.toml": text.encode()}
        with tempfile.TemporaryDirectory(prefix="dltv-profiles-") as folder:
            _lay(files, Path(folder))
            ids = publish_profiles(self._repository, Path(folder), version, now)
        AuditLog(self._store).write(who, "profiles.published", f"profiles:{version}", {"profiles": sorted(ids)}, now)
        return version

    def _known(self) -> _Known:
        """Read once for each set."""
        version = self.newest()
        if self._read is None or self._read.version != version:
            self._read = self._read_anew(version)
        return self._read

    def _read_anew(self, version: str) -> _Known:
        try:
            files = self._files(version)
            with tempfile.TemporaryDirectory(prefix="dltv-profiles-") as folder:
                _lay(files, Path(folder))
                return _all_of(load_catalog(over=Path(folder) if files else None), version)
        except (ReleaseMistake, OSError, TomlMistake):
            # A set that cannot be read, or that a newer program has signed: what the program brings is known all the same.
            return _all_of(load_catalog(), version)

    def _files(self, version: str) -> dict[str, bytes]:
        """Of a signed set, by name; of none where there is no version. Raises ReleaseMistake."""
        return files_in(self._repository.read(FLEET, profiles_target(version), self._clock())) if version else {}


def _all_of(catalogue: Catalogue, version: str) -> _Known:
    """Raises TomlMistake."""
    profiles = {each: catalogue.profile(each) for each in catalogue}
    return _Known(version, profiles, {each: catalogue.text(each) for each in catalogue}, catalogue.newer)


def _lay(files: Mapping[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _told(mistake: TomlMistake) -> Mistake:
    return Mistake(mistake.line, mistake.key, mistake.problem, mistake.way_out)
