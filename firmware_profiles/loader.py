"""The catalogue: the profiles that ship with the program, one TOML file each, and those that a newer set lays over them.

A profile is read when it is first asked for. Such a set is a folder like the catalogue's, with its version in the file `version`.
"""

import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from firmware_profiles.schema import Profile
from firmware_profiles.toml_mistakes import did_you_mean
from firmware_profiles.toml_model import TomlMistake, parse


class UnknownProfile(LookupError):
    """No profile of this id; the text says which one may be meant."""


VERSION_FILE = "version"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}", re.ASCII)


class Catalogue:
    """Profiles by id, `<vendor>/<model>`. over: a set whose profiles count instead of those of the same id, or beside them."""

    def __init__(self, root: Traversable, over: Traversable | None = None) -> None:
        newer = dict(_toml_files(over)) if over is not None else {}
        self._packaged = dict(_toml_files(root))
        self._files = dict(sorted({**self._packaged, **newer}.items()))
        self._over = _version(over) if over is not None else ""
        self.newer = frozenset(newer)
        self._profiles: dict[str, Profile] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, profile_id: object) -> bool:
        return profile_id in self._files

    def profile(self, profile_id: str) -> Profile:
        """Raises UnknownProfile, and TomlMistake for a file that is wrong."""
        self._require(profile_id)
        if profile_id not in self._profiles:
            file = self._files[profile_id]
            source = str(file) if profile_id in self.newer else f"firmware_profiles/{profile_id}.toml"
            profile = _read(profile_id, file, source)
            if profile_id in self.newer:
                require_no_new_program(profile, self._packaged_profile(profile_id), source)
            self._profiles[profile_id] = profile
        return self._profiles[profile_id]

    def _packaged_profile(self, profile_id: str) -> Profile | None:
        file = self._packaged.get(profile_id)
        return None if file is None else _read(profile_id, file, f"firmware_profiles/{profile_id}.toml")

    def text(self, profile_id: str) -> str:
        """Its file, as somebody wrote it. Raises UnknownProfile."""
        self._require(profile_id)
        return self._files[profile_id].read_text("utf-8")

    def _require(self, profile_id: str) -> None:
        if profile_id not in self._files:
            raise UnknownProfile(f'no profile "{profile_id}"; {did_you_mean(profile_id, self._files, "there are")}')

    def find(self, profile_id: str) -> Profile | None:
        """The profile, or None where there is none: what a hub asks, whose nodes may be newer than it is."""
        return self.profile(profile_id) if profile_id in self._files else None

    @property
    def version(self) -> str:
        """Changes whenever a profile does: the first digits of a SHA-256 over all files, behind the version of a newer set."""
        digest = hashlib.sha256()
        for profile_id, file in self._files.items():
            digest.update(f"{profile_id}\0".encode() + file.read_bytes() + b"\0")
        return f"{self._over}+{digest.hexdigest()[:12]}" if self._over else digest.hexdigest()[:12]


def require_no_new_program(profile: Profile, packaged: Profile | None, source: str) -> None:
    """A set of profiles is signed by a key that stands on the hub; what runs on a school's computer only releases bring.

    Raises TomlMistake for a profile that starts another program than the packaged one of its id does.
    """
    command = profile.link.command
    if command is not None and (packaged is None or packaged.link.command != command):
        raise TomlMistake(
            source, "link.command", "starts a program, which no set of profiles may", "bring it by a release"
        )


def load_catalog(root: Traversable | None = None, over: Traversable | None = None) -> Catalogue:
    """The packaged catalogue, or one under another folder; a set over it where that is there. Raises TomlMistake."""
    newer = over if over is not None and over.is_dir() else None
    return Catalogue(files("firmware_profiles") if root is None else root, newer)


def set_version(catalogue_version: str) -> str | None:
    """The version of the newer set in a catalogue's version; None where it is the packaged catalogue alone."""
    version, plus, _digest = catalogue_version.rpartition("+")
    return version if plus else None


def _toml_files(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    for vendor in root.iterdir():
        if vendor.is_dir():
            for file in vendor.iterdir():
                if file.name.endswith(".toml"):
                    yield f"{vendor.name}/{file.name.removesuffix('.toml')}", file


def _version(folder: Traversable) -> str:
    file = folder / VERSION_FILE
    text = file.read_text("utf-8").strip() if file.is_file() else ""
    if not _VERSION.fullmatch(text):
        way_out = "give it a line such as 2026-05-01"
        raise TomlMistake(str(file), VERSION_FILE, "names no version of this set of profiles", way_out)
    return text


def _read(profile_id: str, file: Traversable, source: str) -> Profile:
    profile = parse(file.read_text("utf-8"), Profile, source)
    if profile.id != profile_id:
        raise TomlMistake(source, "id", "differs from the file's name", f'write id = "{profile_id}"')
    return profile
