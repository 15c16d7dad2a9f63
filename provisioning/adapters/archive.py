"""Zip archives from outside: nothing leads out of the folder, and nothing grows past what was allowed."""

import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from provisioning.errors import BadRelease

MAX_FILES = 2000
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error, lzma.LZMAError)


def extract(archive: IO[bytes], name: str, into: Path, most: int) -> None:
    """Raises BadRelease, and OSError."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = [each for each in zipped.infolist() if not each.is_dir()]
            _require(members, name, most)
            for member in members:
                _extract(zipped, member, into)
    except _BROKEN as error:
        raise BadRelease(f"{name} is no archive that can be read: {error}") from None


def _require(members: list[zipfile.ZipInfo], name: str, most: int) -> None:
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > most:
        raise BadRelease(f"{name} holds more than {MAX_FILES} files or {most} bytes")
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename:
            raise BadRelease(f"{name} holds a file that would lead outside: {member.filename!r:.80}")


def _extract(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    """What a file says of its own length is held to: zipfile reads no further, and then finds the checksum wrong."""
    target = into / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipped.open(member) as source, target.open("wb") as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)
