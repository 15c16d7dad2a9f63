"""The catalogue: the profiles that ship with the program, one TOML file each. A profile is read when it is first asked for."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from firmware_profiles.schema import Profile
from firmware_profiles.toml_mistakes import did_you_mean
from firmware_profiles.toml_model import TomlMistake, parse


class UnknownProfile(LookupError):
    """No profile of this id; the text says which one may be meant."""


class Catalogue:
    """Profiles by id, `<vendor>/<model>`."""

    def __init__(self, root: Traversable) -> None:
        self._files = dict(sorted(_toml_files(root)))
        self._profiles: dict[str, Profile] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, profile_id: object) -> bool:
        return profile_id in self._files

    def profile(self, profile_id: str) -> Profile:
        """Raises UnknownProfile, and TomlMistake for a file that is wrong."""
        if profile_id not in self._files:
            raise UnknownProfile(f'no profile "{profile_id}"; {did_you_mean(profile_id, self._files, "there are")}')
        if profile_id not in self._profiles:
            self._profiles[profile_id] = _read(profile_id, self._files[profile_id])
        return self._profiles[profile_id]

    def find(self, profile_id: str) -> Profile | None:
        """The profile, or None where there is none: what a hub asks, whose nodes may be newer than it is."""
        return self.profile(profile_id) if profile_id in self._files else None

    @property
    def version(self) -> str:
        """Changes whenever a profile does: the first digits of a SHA-256 over all files."""
        digest = hashlib.sha256()
        for profile_id, file in self._files.items():
            digest.update(f"{profile_id}\0".encode() + file.read_bytes() + b"\0")
        return digest.hexdigest()[:12]


def load_catalog(root: Traversable | None = None) -> Catalogue:
    """The packaged catalogue, or one under another folder."""
    return Catalogue(files("firmware_profiles") if root is None else root)


def _toml_files(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    for vendor in root.iterdir():
        if vendor.is_dir():
            for file in vendor.iterdir():
                if file.name.endswith(".toml"):
                    yield f"{vendor.name}/{file.name.removesuffix('.toml')}", file


def _read(profile_id: str, file: Traversable) -> Profile:
    source = f"firmware_profiles/{profile_id}.toml"
    profile = parse(file.read_text("utf-8"), Profile, source)
    if profile.id != profile_id:
        raise TomlMistake(source, "id", "differs from the file's name", f'write id = "{profile_id}"')
    return profile
