"""The repository's files. Each is there whole or not at all, also after a power cut; what is offered never changes its bytes.

Only timestamp.json is replaced: every other name carries a version or a hash.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.releases.errors import ReleaseMistake

_ROOT = re.compile(r"([1-9][0-9]*)\.root\.json")
_CHUNK = 1 << 20


class Shelf:
    """folder/metadata and folder/targets, served as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.metadata, self.targets = folder, folder / "metadata", folder / "targets"

    @property
    def exists(self) -> bool:
        """Whether clients can begin with it."""
        return (self.metadata / "1.root.json").exists()

    @property
    def newest_root(self) -> int:
        """0 where there is none."""
        if not self.metadata.is_dir():
            return 0
        found = (_ROOT.fullmatch(each.name) for each in self.metadata.iterdir())
        return max((int(each[1]) for each in found if each), default=0)

    def read(self, name: str) -> bytes | None:
        """Of the metadata."""
        try:
            return (self.metadata / name).read_bytes()
        except FileNotFoundError:
            return None

    def target(self, name: str) -> bytes | None:
        try:
            return (self.targets / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Of the metadata."""
        self._put(self.metadata / name, data)

    def lay(self, name: str, source: Path | bytes) -> None:
        """Of the targets; does nothing where it is there already, since the name tells the bytes."""
        path = self.targets / name
        if not path.exists():
            self._put(path, source)

    def drop(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process changes it meanwhile. Raises ReleaseMistake where it cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ReleaseMistake(
                f"{self.folder} cannot be written ({error.strerror}); the hub's user must own it"
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise ReleaseMistake(
                f"{self.folder}: {error.filename or ''} {error.strerror}; nothing was offered"
            ) from None
        finally:
            os.close(lock)

    def _put(self, path: Path, source: Path | bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with draft.open("wb") as file:
            _copy(source, file.fileno())
            os.fsync(file.fileno())
        self._show(draft, path)

    def _show(self, draft: Path, path: Path) -> None:
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _copy(source: Path | bytes, into: int) -> None:
    if isinstance(source, bytes):
        _write_all(into, source)
        return
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            _write_all(into, chunk)


def _write_all(into: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(into, view) :]
