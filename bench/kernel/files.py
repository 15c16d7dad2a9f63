"""Stands where `fcntl.ioctl` stands: calls on files that are simulated go to their device, all others to the real kernel."""

import errno
import fcntl
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

REAL = fcntl.ioctl


class Device(Protocol):
    def ioctl(self, number: int, structure: bytearray) -> None:
        """Changes the structure as the kernel would. Raises OSError."""


class KernelFiles:
    """`devices` by the names of (ordinary, empty) files that stand for them."""

    def __init__(self, devices: Mapping[Path, Device]) -> None:
        self._devices = {path.resolve(): device for path, device in devices.items()}

    def ioctl(self, file: int, number: int, structure: bytearray) -> int:
        device = self._devices.get(Path(f"/proc/self/fd/{file}").readlink())
        if device is None:
            REAL(file, number, structure)
        else:
            device.ioctl(number, structure)
        return 0


def failure(number: int) -> OSError:
    return OSError(number, os.strerror(number))


NO_SUCH_CALL, UNPLUGGED_NOW, IO_ERROR = errno.ENOTTY, errno.ENODEV, errno.EIO
