"""The directory that a hub keeps its things in. One hub a directory: two would commit and acknowledge against each other."""

import fcntl
import os
import secrets
from pathlib import Path

from hub.store.errors import StoreError

_SECRET_BYTES = 32


class DirectoryTaken(StoreError):
    """Another hub works in it."""


class DirectoryUnusable(StoreError):
    """It cannot be made or written."""


class DataDirectory:
    """Made where it is missing, for nobody else to look into; held until `release`. Raises DirectoryTaken, DirectoryUnusable."""

    def __init__(self, path: Path) -> None:
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path / "hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DirectoryUnusable(
                f"data_dir: {path} cannot be written ({error.strerror}); name another with --data-dir DIR"
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise DirectoryTaken(
                f"data_dir: another hub works in {path}; stop it, or give this one another with --data-dir DIR"
            ) from None

    def release(self) -> None:
        """The lock would go with the process as well."""
        os.close(self._file)


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
