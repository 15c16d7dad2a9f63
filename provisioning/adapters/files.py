"""The disk. A file is replaced whole: written beside, flushed, renamed over the old one, and the folder flushed too.

A power cut leaves the old file or the new one, and at worst a `.new` beside it, which the next write of that file replaces.
"""

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from provisioning.adapters.archive import extract
from provisioning.adapters.owner import as_owner, is_within
from provisioning.errors import DiskFull, OperatorError

NEW = ".new"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_BINARY = getattr(os, "O_BINARY", 0)
"""Windows would otherwise change the ends of lines."""
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """OSError as ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"{what}: the disk is full: make room; it is tried again later") from error
        raise OperatorError(f"{what}: {error.strerror or error}") from error


class DiskFiles:
    """agents: the folder that is the agent's; what is done in it is done as its owner."""

    def __init__(self, agents: Path | None = None) -> None:
        self._agents = agents

    def read(self, path: Path, most: int) -> bytes | None:
        with self._at(path, "read"):
            try:
                # A pipe that the agent has put there is not waited for.
                with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE | _BINARY), "rb") as file:
                    data = file.read(most + 1)
            except (FileNotFoundError, NotADirectoryError):
                return None
        return data if len(data) <= most else None

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        new = path.with_name(path.name + NEW)
        with self._at(path, "written"):
            new.unlink(missing_ok=True)
            # The mode counts from birth: nobody else has a moment to open a key.
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode), "wb") as file:
                _own_as_its_folder(new)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
            _flush_folder(path.parent)

    def folder(self, path: Path, mode: int = 0o755) -> None:
        with self._at(path, "made"):
            # The agent owns some of the folders that root writes into: where root writes, it does not choose.
            if path.is_symlink():
                raise OperatorError(f"{path} is a link, where a folder is wanted: delete it")
            if not path.is_dir():
                if not path.parent.is_dir():
                    self.folder(path.parent)
                path.mkdir(mode)
                _own_as_its_folder(path)
                _flush_folder(path.parent)

    def point(self, link: Path, target: Path) -> None:
        with self._at(link, "changed"):
            if sys.platform == "win32":
                _junction(link, target)
                return
            new = link.with_name(link.name + NEW)
            new.unlink(missing_ok=True)
            new.symlink_to(os.path.relpath(target, link.parent))
            new.replace(link)
            _flush_folder(link.parent)

    def target(self, link: Path) -> Path | None:
        with self._at(link, "read"):
            found = link.resolve() if link.is_dir() else None
        if found and self._agents and is_within(self._agents, link) and not is_within(self._agents, found):
            raise OperatorError(f"{link} leads out of {self._agents}: delete it")
        return found

    def remove(self, path: Path) -> None:
        with self._at(path, "deleted"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def names(self, folder: Path) -> list[str]:
        with self._at(folder, "read"):
            return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []

    def extract(self, archive: Path, into: Path, most: int) -> None:
        with told(f"{archive} cannot be read"), archive.open("rb") as file, self._at(into, "written"):
            extract(file, archive.name, into, most)

    def free_bytes(self, path: Path) -> int:
        with told(f"{path} cannot be looked at"):
            while not path.exists():
                path = path.parent
            return shutil.disk_usage(path).free

    def settle(self) -> None:
        if sys.platform != "win32":
            os.sync()

    @contextlib.contextmanager
    def _at(self, path: Path, done: str) -> Iterator[None]:
        with told(f"{path} cannot be {done}"), as_owner(self._agents, path):
            yield


def _own_as_its_folder(path: Path) -> None:
    """What root writes among the agent's files is the agent's."""
    if sys.platform != "win32" and os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid, follow_symlinks=False)


def _flush_folder(folder: Path) -> None:
    """So that a rename outlives a power cut. Windows has no such thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _junction(link: Path, target: Path) -> None:
    """Not in one step, which Windows cannot: the plan of the slots mends a link that a power cut took away."""
    if sys.platform == "win32":
        import _winapi

        if os.path.lexists(link):
            link.rmdir()
        _winapi.CreateJunction(str(target.absolute()), str(link))
