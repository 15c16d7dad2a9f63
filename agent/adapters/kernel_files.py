"""What Linux tells in files below /sys: temperatures, wear of eMMC, what machine this is. A file that is not there is None."""

from collections.abc import Iterator
from pathlib import Path

CPU_SENSORS = {"coretemp", "k10temp", "zenpower", "cpu_thermal"}
CPU_ZONES = {"cpu-thermal", "cpu_thermal", "x86_pkg_temp", "soc-thermal", "soc_thermal", "cpu"}
MAX_BYTES = 4096
LIFE_STEP_PCT, LIFE_EXCEEDED = 10.0, 0x0B


class KernelFiles:
    def __init__(self, root: Path) -> None:
        self.root = root

    def text(self, path: str) -> str | None:
        try:
            with (self.root / path).open("rb") as file:
                return file.read(MAX_BYTES).decode("utf-8", "replace").strip("\0 \n")
        except OSError:
            return None

    def number(self, path: str, base: int = 10) -> int | None:
        try:
            return int(self.text(path) or "", base)
        except ValueError:
            return None

    def folders(self, pattern: str) -> Iterator[str]:
        try:
            yield from sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))
        except OSError:
            return

    def monitors(self, names: set[str]) -> Iterator[str]:
        """Folders of the hardware monitors of these names."""
        return (folder for folder in self.folders("class/hwmon/hwmon*") if self.text(f"{folder}/name") in names)

    def cpu_temp_c(self) -> float | None:
        """The hottest of the processor's sensors; those of the mainboard (acpitz) are not the processor's."""
        zones = [one for one in self.folders("class/thermal/thermal_zone*") if self.text(f"{one}/type") in CPU_ZONES]
        milli = [self.number(f"{zone}/temp") for zone in zones]
        for monitor in self.monitors(CPU_SENSORS):
            milli += [self.number(sensor) for sensor in self.folders(f"{monitor}/temp*_input")]
        known = [one for one in milli if one is not None]
        return max(known) / 1000 if known else None

    def disk_life_used_pct(self) -> float | None:
        """Of the most worn eMMC: the upper end of the tenth that it is in. SD cards do not tell."""
        worn = [
            min(100.0, step * LIFE_STEP_PCT)
            for file in self.folders("block/mmcblk*/device/life_time")
            for step in _steps(self.text(file) or "")
        ]
        return max(worn, default=None)

    def hardware(self) -> str | None:
        """Maker and model."""
        model = self.text("firmware/devicetree/base/model")
        if model:
            return model
        names = [self.text(f"class/dmi/id/{file}") for file in ("sys_vendor", "product_name")]
        return " ".join(name for name in names if name) or None

    def serial_number(self) -> str | None:
        return self.text("firmware/devicetree/base/serial-number") or self.text("class/dmi/id/product_serial")


def _steps(text: str) -> Iterator[int]:
    for word in text.split():
        try:
            step = int(word, 16)
        except ValueError:
            continue
        if 0 < step <= LIFE_EXCEEDED:
            yield step
