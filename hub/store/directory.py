"""The directory that a hub keeps its things in. One hub a directory: two would commit and acknowledge against each other.

The process that judges for a hub holds a lock of its own there, which it is handed. It outlives a hub that is killed by as long
as it takes to notice that: whoever takes the directory next waits for it.
"""

import fcntl
import os
import secrets
import time
from pathlib import Path

from hub.store.errors import StoreError

_SECRET_BYTES = 32
_LEFT_S, _LOOK_S = 60.0, 0.05


class DirectoryTaken(StoreError):
    """Another hub works in it."""


class DirectoryUnusable(StoreError):
    """It cannot be made or written."""


class DataDirectory:
    """Made where it is missing, for nobody else to look into; held until `release`. Raises DirectoryTaken, DirectoryUnusable."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        """shared: with other processes of the same hub, that share its work"""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path / "hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DirectoryUnusable(
                f"data_dir: {path} cannot be written ({error.strerror}); name another with --data-dir DIR"
            ) from None
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise DirectoryTaken(
                f"data_dir: another hub works in {path}; stop it, or give this one another with --data-dir DIR"
            ) from None
        self.path, self._judge = path, None if shared else self._judge_of(path)

    @property
    def judge(self) -> int:
        """The lock of the process that judges, for it to inherit: while that has it open, nobody else has the directory."""
        assert self._judge is not None, "several processes of a hub each judge for themselves"
        return self._judge

    def release(self) -> None:
        """The locks would go with the process as well."""
        if self._judge is not None:
            os.close(self._judge)
        os.close(self._file)

    def _judge_of(self, path: Path) -> int:
        lock, until = os.open(path / "hub.lock.judge", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), time.monotonic()
        until += _LEFT_S
        while not _taken(lock):
            if time.monotonic() > until:
                os.close(lock)
                os.close(self._file)
                raise DirectoryTaken(
                    f"data_dir: a hub that worked in {path} is gone, and its process that judges is not; end hub.apart"
                )
            time.sleep(_LOOK_S)
        return lock


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def kept_secret(path: Path) -> bytes:
    """32 bytes of chance that stay the same. Only the hub's own user can read the file, from its first moment on.

    For a directory that is held: nobody else makes it at the same time.
    """
    if path.exists() and len(found := path.read_bytes()) == _SECRET_BYTES:
        return found
    making = path.with_suffix(".new")
    making.unlink(missing_ok=True)
    secret = secrets.token_bytes(_SECRET_BYTES)
    with os.fdopen(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secret)
    making.replace(path)
    return secret
