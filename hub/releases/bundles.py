"""Bundles on their way into the repository: read as `dltv-hub bundle build` wrote them, checked against their own lists.

A release is `releases/<version>/<platform>.zip` for each platform, and `releases/<version>.json`, which lists them.
"""

import hashlib
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.releases.errors import ReleaseMistake
from hub.releases.repository import Signed, Source
from wire.handoff import is_version

MAX_LIST_BYTES = 256 * 1024
_BROKEN = (*(OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),)
_PLATFORM = re.compile(r"[a-z0-9_]{1,32}")
_FORMATS = (1,)
_TARGET = re.compile(r"releases/([^/]+)/([^/]+)\.zip")


@dataclass(frozen=True, slots=True)
class Bundle:
    version: str
    platform: str
    path: Path
    signed: Signed

    @property
    def target(self) -> str:
        return f"releases/{self.version}/{self.platform}.zip"


def read_bundles(paths: Iterable[Path]) -> list[Bundle]:
    """Of PLATFORM.zip, or VERSION.json, which stands for all that it lists. Raises ReleaseMistake."""
    found = [each for path in paths for each in (_listed(path) if path.suffix == ".json" else [_bundle(path)])]
    if not found:
        raise ReleaseMistake("no bundle is named; give the files that dltv-hub bundle build wrote")
    return found


def files_of(bundles: Iterable[Bundle], offered: Mapping[str, Signed]) -> dict[str, Source]:
    """What to sign for: the bundles, and for each version the list of its platforms, also of those that are offered already."""
    files: dict[str, Source] = {}
    platforms: dict[str, dict[str, Signed]] = {}
    for name, signed in offered.items():
        if found := _TARGET.fullmatch(name):
            platforms.setdefault(found[1], {})[found[2]] = signed
    for each in bundles:
        files[each.target] = each.path
        platforms.setdefault(each.version, {})[each.platform] = each.signed
    for version in {each.version for each in bundles}:
        files[f"releases/{version}.json"] = _list(version, platforms[version])
    return files


def releases_in(offered: Mapping[str, Signed]) -> dict[str, dict[str, Signed]]:
    """By version, the platforms of each."""
    found: dict[str, dict[str, Signed]] = {}
    for name, signed in offered.items():
        if match := _TARGET.fullmatch(name):
            found.setdefault(match[1], {})[match[2]] = signed
    return found


def _listed(path: Path) -> list[Bundle]:
    document = _document(path, _read(path))
    platforms = document.get("platforms")
    version = document.get("version")
    if not isinstance(platforms, dict) or not is_version(version):
        raise ReleaseMistake(f"{path} lists no bundles; give what dltv-hub bundle build wrote")
    found = []
    for name, mark in platforms.items():
        bundle = _bundle(path.parent / str(version) / f"{name}.zip")
        if not isinstance(mark, dict) or mark.get("sha256") != bundle.signed.sha256 or bundle.platform != name:
            raise ReleaseMistake(f"{bundle.path} is not the one that {path} lists; build both again")
        found.append(bundle)
    return found


def _bundle(path: Path) -> Bundle:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("release.json") as file:
            data = file.read(MAX_LIST_BYTES + 1)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    except _BROKEN as error:
        raise ReleaseMistake(f"{path} is no bundle ({error}); make one with dltv-hub bundle build") from None
    document = _document(path, data)
    version, platform = document.get("version"), document.get("platform")
    if not isinstance(version, str) or not is_version(version) or not _is_platform(platform):
        raise ReleaseMistake(f"{path} names no version and platform; make it again with dltv-hub bundle build")
    return Bundle(version, str(platform), path, Signed(digest, size))


def _is_platform(name: object) -> bool:
    return isinstance(name, str) and _PLATFORM.fullmatch(name) is not None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise ReleaseMistake(f"{path} cannot be read ({error.strerror})") from None


def _document(path: Path, data: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(data) if len(data) <= MAX_LIST_BYTES else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") not in _FORMATS:
        raise ReleaseMistake(f"{path} says what this hub does not know; make it with the bundle build of this version")
    return document


def _list(version: str, platforms: Mapping[str, Signed]) -> bytes:
    marks = {name: {"sha256": each.sha256, "size": each.size} for name, each in platforms.items()}
    document = {"format": _FORMATS[-1], "version": version, "platforms": marks}
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
