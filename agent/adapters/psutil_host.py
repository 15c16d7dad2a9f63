"""The agent's own computer behind HostFacts: psutil, the kernel's files, and a probe of the network.

Which groups of facts there are, and how often they are asked, stands in the host profiles.
"""

import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from agent.adapters.kernel_files import KernelFiles
from agent.adapters.net_probe import NetProbe
from agent.adapters.raspberry_pi import RaspberryPi
from agent.core.readings import Value
from agent.errors import Declined

IMAGES = {"squashfs", "iso9660", "udf", "erofs", "cramfs", "romfs"}
CPU_APART_S = 0.1
Facts = dict[str, Value]


class PsutilHost:
    """more: what else belongs to the group `agent`, such as agent/journal_backlog."""

    def __init__(
        self, sysfs: Path, net: NetProbe | None = None, more: Callable[[], Mapping[str, Value]] = dict[str, Value]
    ) -> None:
        self._files, self._net, self._more = KernelFiles(sysfs), net, more
        self._pi = RaspberryPi(self._files)
        self._process = psutil.Process()
        psutil.cpu_percent(None)
        self._cpu_looked_at = time.monotonic()
        self._groups: dict[str, Callable[[], Facts]] = {
            "usage": self._usage,
            "temperature": self._temperature,
            "power": self._pi.power,
            "disk": self._disk,
            "net": lambda: self._net.internet() if self._net else {},
            "clock": lambda: self._net.clock() if self._net else {},
            "agent": self._agent,
        }

    def gather(self, group: str) -> Facts:
        read = self._groups.get(group)
        if read is None:
            raise Declined(f"there are no facts of the group {group!r}")
        return read()

    def properties(self) -> dict[str, str]:
        told = {
            "Properties/os": _system_name(),
            "Properties/hardware": self._files.hardware() or platform.machine(),
            "Properties/serial_number": self._files.serial_number(),
        }
        return {name: text for name, text in told.items() if text}

    def profile_id(self) -> str:
        """The profile for a computer like this one."""
        if sys.platform == "win32":
            return "host/windows"
        return "host/raspberry-pi" if self._pi.is_one else "host/linux"

    def _usage(self) -> Facts:
        facts: Facts = {"host/mem_used_pct": psutil.virtual_memory().percent, "host/uptime_s": _uptime_s()}
        facts["host/cpu_pct"] = self._cpu_pct()
        if hasattr(psutil, "getloadavg") and sys.platform != "win32":
            facts["host/load1"] = psutil.getloadavg()[0]
        return facts

    def _cpu_pct(self) -> float:
        """Since the last look, which must lie some time back: right after the start there is a moment to wait."""
        time.sleep(max(0.0, self._cpu_looked_at + CPU_APART_S - time.monotonic()))
        self._cpu_looked_at = time.monotonic()
        return psutil.cpu_percent(None)

    def _temperature(self) -> Facts:
        celsius = self._files.cpu_temp_c()
        return {} if celsius is None else {"host/cpu_temp_c": celsius}

    def _disk(self) -> Facts:
        facts: Facts = {}
        used = [usage for place in _places() if (usage := _used_pct(place)) is not None]
        if used:
            facts["host/disk_used_pct"] = max(used)
        life = self._files.disk_life_used_pct()
        if life is not None:
            facts["host/disk_life_used_pct"] = life
        return facts

    def _agent(self) -> Facts:
        return {"agent/rss_bytes": self._process.memory_info().rss, **self._more()}


def _places() -> list[str]:
    """Where local file systems that can fill up are mounted, each once."""
    places = {str(Path(sys.executable).anchor): str(Path(sys.executable).anchor)}
    for mounted in psutil.disk_partitions(all=False):
        options = mounted.opts.split(",")
        is_image = mounted.fstype in IMAGES or mounted.device.startswith("/dev/loop")
        if not is_image and "ro" not in options and "cdrom" not in options and Path(mounted.mountpoint).is_dir():
            places.setdefault(mounted.device, mounted.mountpoint)
    return list(places.values())


def _used_pct(place: str) -> float | None:
    try:
        usage = psutil.disk_usage(place)
    except OSError:
        return None
    return usage.percent if usage.total else None


def _uptime_s() -> int:
    if sys.platform == "win32":
        return int(time.monotonic())
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic())


def _system_name() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        return f"{platform.system()} {platform.release()}".strip()
