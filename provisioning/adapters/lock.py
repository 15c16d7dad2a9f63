"""One run at a time. The system lets go of the lock with the process, however that ends."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from provisioning.adapters.files import told
from provisioning.errors import Busy


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Raises Busy."""
    with told(f"{folder} cannot be used (is this run with the rights to install? try sudo)"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Busy("another run of dltv-provision has this device; it ends by itself") from None
