"""A set of profiles on its way to the agents, which lay it over those they have built in: `profiles/<version>.zip`.

In it `<vendor>/<model>.toml` and the file `version`; the same bytes for the same files.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from firmware_profiles.loader import VERSION_FILE, load_catalog, require_no_new_program
from firmware_profiles.toml_model import TomlMistake
from hub.releases.errors import ReleaseMistake
from wire.handoff import is_version

MAX_SET_BYTES = 5_000_000
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def profiles_target(version: str) -> str:
    return f"profiles/{version}.zip"


def pack_profiles(folder: Path, version: str) -> bytes:
    """Raises ReleaseMistake, with the first mistake of a profile."""
    if not is_version(version):
        raise ReleaseMistake(f"--version: {version!r:.80} is none; write for example 2026-05-01")
    files = dict(_files(folder))
    if not files:
        raise ReleaseMistake(f"{folder} holds no profiles; there must be <vendor>/<model>.toml in it")
    _require_profiles(folder)
    files[VERSION_FILE] = f"{version}\n".encode()
    data = _zip(files)
    if len(data) > MAX_SET_BYTES:
        raise ReleaseMistake(f"{folder} has {len(data)} bytes when packed; {MAX_SET_BYTES} are taken")
    return data


def version_in(folder: Path) -> str:
    """What the folder says of itself; empty where it says nothing."""
    file = folder / VERSION_FILE
    return file.read_text("utf-8", "replace").strip() if file.is_file() else ""


def files_in(archive: bytes) -> dict[str, bytes]:
    """Of a set, by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return {name: files.read(name) for name in files.namelist()}


def ids_in(archive: bytes) -> frozenset[str]:
    """The profiles of a set."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return frozenset(name.removesuffix(".toml") for name in files.namelist() if name.endswith(".toml"))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*/*.toml")):
        yield f"{path.parent.name}/{path.name}", path.read_bytes()


def _require_profiles(folder: Path) -> None:
    catalogue, packaged = load_catalog(folder), load_catalog()
    for profile_id in catalogue:
        try:
            profile = catalogue.profile(profile_id)
            require_no_new_program(profile, packaged.find(profile_id), f"{profile_id}.toml")
        except (TomlMistake, UnicodeDecodeError) as mistake:
            told = mistake.one_line if isinstance(mistake, TomlMistake) else f"{profile_id}: {mistake}"
            raise ReleaseMistake(f"{folder}: {told}") from None


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return buffer.getvalue()
