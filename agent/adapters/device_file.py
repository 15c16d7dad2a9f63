"""A device file of the Linux kernel, asked by ioctl. Each call is answered at once: what it left is read by the next receive."""

import errno
import fcntl
import os

from agent.core.device_address import Address
from agent.errors import LinkLost

_REASONS = {
    errno.ENOENT: "there is no such device; is it plugged in?",
    errno.ENODEV: "the device was unplugged",
    errno.EACCES: "no right to open this device; add the agent's user to the group video",
    errno.EBUSY: "another program has this device; stop that one",
    errno.ENONET: "no TV is connected to this HDMI socket",
    errno.ENOTTY: "this is no device of that sort",
}


class DeviceFile:
    """Opens it. Raises LinkLost."""

    def __init__(self, address: Address, flags: int) -> None:
        self._name = str(address)
        try:
            self._file: int | None = os.open(address.place, flags | os.O_CLOEXEC)
        except (OSError, ValueError) as error:
            raise LinkLost(f"{self._name}: {_reason(error)}") from None
        self._answers: list[bytes] = []

    def receive(self, timeout_s: float) -> bytes | None:
        return self._answers.pop(0) if self._answers and timeout_s else None

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _answer(self, data: bytes) -> None:
        self._answers.append(data)

    def _call(self, number: int, structure: bytearray) -> None:
        if self._file is None:
            raise LinkLost(f"{self._name}: it is closed")
        try:
            fcntl.ioctl(self._file, number, structure)
        except (OSError, ValueError) as error:
            raise LinkLost(f"{self._name}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return _REASONS.get(number or 0) or getattr(error, "strerror", None) or str(error)
