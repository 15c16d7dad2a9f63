"""The directory of the authority. Nobody but its owner may look in: 0700, and each key 0600 from the moment it exists.

A file is there as a whole or not at all, also after a power cut.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.pki.errors import PkiUnusable


class Folder:
    """Made where it is missing. Raises PkiUnusable where others could look in, and for every failure to read or write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _require_private(path, "700")
            owner = path.stat().st_uid
        except OSError as error:
            raise PkiUnusable(f"{path} cannot be used ({error.strerror}); the hub must own it") from None
        if owner != os.geteuid():
            raise PkiUnusable(f"{path} belongs to another user; run this as that one: sudo -u '#{owner}' dltv-hub …")

    def file(self, name: str) -> Path:
        return self.path / name

    def names(self) -> frozenset[str]:
        try:
            return frozenset(each.name for each in self.path.iterdir() if not each.name.startswith("."))
        except OSError as error:
            raise PkiUnusable(f"{self.path} cannot be read ({error.strerror})") from None

    def read(self, name: str, *, secret: bool = False) -> bytes | None:
        """None where there is none. A secret that others could read is one no more, and refused."""
        path = self.path / name
        try:
            with path.open("rb") as file:
                if secret:
                    _require_private(path, "600", os.fstat(file.fileno()))
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PkiUnusable(f"{path} cannot be read ({error.strerror})") from None

    def write(self, name: str, data: bytes) -> None:
        """At once and for good; readable by the owner only."""
        path, draft = self.path / name, self.path / f".{name}.{os.getpid()}"
        try:
            _write(draft, data)
            draft.replace(path)
            _sync(self.path)
        except OSError as error:
            raise PkiUnusable(f"{path} cannot be written ({error.strerror})") from None

    def remove(self, name: str) -> None:
        try:
            (self.path / name).unlink(missing_ok=True)
            _sync(self.path)
        except OSError as error:
            raise PkiUnusable(f"{self.path / name} cannot be removed ({error.strerror})") from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process changes the authority meanwhile."""
        try:
            lock = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise PkiUnusable(f"{self.path} cannot be written ({error.strerror})") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _require_private(path: Path, mode: str, status: os.stat_result | None = None) -> None:
    found = status or path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise PkiUnusable(
            f"{path} may be read by others (mode {stat.S_IMODE(found.st_mode):o}); whoever could has its secrets: "
            f"if nobody did, run chmod {mode} on it, otherwise rotate the authority"
        )


def _write(draft: Path, data: bytes) -> None:
    draft.unlink(missing_ok=True)
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(number, "wb") as file:  # noqa: PTH123  a file descriptor, so that no one else can read it for a moment
        file.write(data)
        file.flush()
        os.fsync(number)


def _sync(directory: Path) -> None:
    number = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
