"""Wheels as files: what is said in them, and how one is written so that the same contents are the same bytes."""

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from io import BytesIO
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from hub.bundles.errors import BundleMistake

EPOCH = (2020, 2, 2, 0, 0, 0)
"""The time of every file in what we write, which is the one that hatchling takes."""
_FILE = 0o100644


@dataclass(frozen=True, slots=True)
class Wheel:
    """What its metadata say; `tags`: where it can be installed."""

    path: Path
    name: str
    version: Version
    tags: frozenset[Tag]
    requires: tuple[Requirement, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def read_wheel(path: Path) -> Wheel:
    """Raises BundleMistake for a file that is none, or that says something else than its name."""
    try:
        name, version, _, tags = parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as archive:
            [metadata] = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
            said = HeaderParser().parsestr(archive.read(metadata).decode())
        told = canonicalize_name(said["Name"] or ""), Version(said["Version"] or "")
    except (InvalidWheelFilename, InvalidVersion, zipfile.BadZipFile, ValueError, OSError) as error:
        raise BundleMistake(f"{path.name} is no wheel: {error}; delete it and make the bundle again") from None
    if told != (name, version):
        raise BundleMistake(f"{path.name} says of itself that it is {told[0]} {told[1]}; do not use it")
    return Wheel(path, name, version, tags, tuple(map(Requirement, said.get_all("Requires-Dist", []))))


def write_zip(files: Mapping[str, bytes], *, compressed: bool = True) -> bytes:
    """The same bytes for the same files, in the order of their names."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, _FILE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            archive.writestr(entry, files[name], compresslevel=9 if compressed else None)
    return buffer.getvalue()


def write_wheel(files: Mapping[str, bytes]) -> bytes:
    """With a RECORD of its own, whatever it had."""
    [info] = {name.partition("/")[0] for name in files if ".dist-info/" in name}
    kept = {name: data for name, data in files.items() if name != f"{info}/RECORD"}
    record = [f"{name},sha256={_digest(kept[name])},{len(kept[name])}" for name in sorted(kept)]
    return write_zip({**kept, f"{info}/RECORD": "\n".join([*record, f"{info}/RECORD,,", ""]).encode()})


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
