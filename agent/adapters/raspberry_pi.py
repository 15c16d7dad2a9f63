"""What only a Raspberry Pi tells: whether its supply is weak and whether its firmware throttles it."""

import shutil
import subprocess
import time

from agent.adapters.kernel_files import KernelFiles
from agent.core.readings import Value

FIRMWARE = "devices/platform/soc/soc:firmware/get_throttled"
VCGENCMD_EVERY_S = 60.0
"""A process is dear: the command is the last resort, and what it said holds for a while."""
UNDERVOLTAGE, CAPPED, THROTTLED, UNDERVOLTAGE_SEEN = 1 << 0, 1 << 1, 1 << 2, 1 << 16


class RaspberryPi:
    def __init__(self, files: KernelFiles) -> None:
        self._files = files
        self._command = shutil.which("vcgencmd")
        self._asked_at: float | None = None
        self._said: int | None = None

    @property
    def is_one(self) -> bool:
        return (self._files.text("firmware/devicetree/base/model") or "").startswith("Raspberry Pi")

    def power(self) -> dict[str, Value]:
        facts: dict[str, Value] = {}
        bits = self._throttled_bits()
        if bits is not None:
            facts["host/undervoltage"] = bool(bits & UNDERVOLTAGE)
            facts["host/undervoltage_seen"] = bool(bits & UNDERVOLTAGE_SEEN)
            facts["host/throttled"] = bool(bits & (CAPPED | THROTTLED))
        for monitor in self._files.monitors({"rpi_volt"}):
            alarm = self._files.number(f"{monitor}/in0_lcrit_alarm")
            if alarm is not None:
                facts["host/undervoltage"] = bool(alarm) or facts.get("host/undervoltage") is True
        return facts

    def _throttled_bits(self) -> int | None:
        bits = self._files.number(FIRMWARE, 16)
        return bits if bits is not None or not self.is_one else self._of_command()

    def _of_command(self) -> int | None:
        now = time.monotonic()
        if self._command and (self._asked_at is None or now - self._asked_at >= VCGENCMD_EVERY_S):
            self._asked_at, self._said = now, _asked(self._command)
        return self._said


def _asked(command: str) -> int | None:
    """`throttled=0x50005` as its bits."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell, no input of others
            [command, "get_throttled"], capture_output=True, timeout=2, check=True, stdin=subprocess.DEVNULL
        )
        return int(done.stdout[:100].decode().strip().partition("=")[2], 16)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
