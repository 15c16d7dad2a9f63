"""One backup as one file: a compressed tar whose first member lists all others with their sizes and digests.

It holds every secret of the hub: 0600 from the moment it exists, there as a whole or not at all.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from hub.backups.errors import BackupMistake

MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_MAX_MANIFEST = 4 << 20
_BROKEN = (
    *(OSError, EOFError, tarfile.TarError, zlib.error),
    # Of a list that is none.
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """version  of the release that made it; schema: of the database; files: SHA-256 by name"""

    made_at: int
    version: str
    schema: str
    files: Mapping[str, str]

    def encode(self) -> bytes:
        told = {"made_at": self.made_at, "version": self.version, "schema": self.schema, "files": dict(self.files)}
        return json.dumps(told, indent=1).encode()

    @classmethod
    def decode(cls, data: bytes) -> "Manifest":
        """Raises ValueError."""
        told = json.loads(data)
        files = {str(name): str(digest) for name, digest in told["files"].items()}
        if not all(_is_plain(name) for name in files):
            raise ValueError("names outside of its folder")
        return cls(int(told["made_at"]), str(told["version"]), str(told["schema"]), files)


def write(target: Path, manifest: Manifest, folder: Path) -> None:
    """The files of the manifest, which stand in the folder. Raises OSError."""
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    number = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
                _add(tar, MANIFEST, io.BytesIO(manifest.encode()), len(manifest.encode()))
                for name in manifest.files:
                    with (folder / name).open("rb") as source:
                        _add(tar, name, source, (folder / name).stat().st_size)
            file.flush()
            os.fsync(number)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def unpack(source: Path, folder: Path) -> Manifest:
    """Into an empty folder, every file checked. Raises BackupMistake."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            members = iter(tar)
            manifest = _manifest(tar, members)
            missing = dict(manifest.files)
            for member in members:
                _take(tar, member, folder, missing.pop(member.name, None))
    except _BROKEN as error:
        raise BackupMistake(
            f"{source} is no whole backup: {error or type(error).__name__}; use an earlier one"
        ) from None
    if missing:
        raise BackupMistake(f"{source} lacks {min(missing)}; use an earlier one")
    return manifest


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(tar: tarfile.TarFile, name: str, source: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, source)


def _manifest(tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo]) -> Manifest:
    first = next(members, None)
    file = None if first is None or first.name != MANIFEST else tar.extractfile(first)
    if file is None:
        raise ValueError("it does not begin with its list")
    return Manifest.decode(file.read(_MAX_MANIFEST))


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, wanted: str | None) -> None:
    """Written by ourselves: nothing but plain files, under names that were checked."""
    file = tar.extractfile(member) if member.isreg() and wanted else None
    if file is None:
        raise ValueError(f"{member.name[:80]!r} is not on its list")
    path = folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    found = hashlib.sha256()
    with os.fdopen(number, "wb") as target:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(number)
    if found.hexdigest() != wanted:
        raise ValueError(f"{member.name} is damaged")


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and str(path) == name
