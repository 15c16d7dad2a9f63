from collections.abc import Callable
from pathlib import Path

import pytest

from agent.adapters.kernel_files import KernelFiles
from agent.adapters.raspberry_pi import RaspberryPi

Write = Callable[..., KernelFiles]


@pytest.fixture
def sysfs(tmp_path: Path) -> Write:
    """A tree of kernel files: path to text."""

    def write(files: dict[str, str] | None = None) -> KernelFiles:
        for path, text in (files or {}).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(text.encode())
        return KernelFiles(tmp_path)

    return write


def test_a_machine_without_these_files_tells_nothing(sysfs: Write) -> None:
    files = sysfs()
    assert files.cpu_temp_c() is None
    assert files.disk_life_used_pct() is None
    assert files.hardware() is None
    assert files.serial_number() is None
    assert RaspberryPi(files).power() == {}


def test_the_hottest_of_the_processors_sensors_counts(sysfs: Write) -> None:
    files = sysfs(
        {
            "class/thermal/thermal_zone0/type": "acpitz\n",
            "class/thermal/thermal_zone0/temp": "90000\n",
            "class/thermal/thermal_zone1/type": "x86_pkg_temp\n",
            "class/thermal/thermal_zone1/temp": "51000\n",
            "class/hwmon/hwmon0/name": "coretemp\n",
            "class/hwmon/hwmon0/temp1_input": "52500\n",
            "class/hwmon/hwmon0/temp2_input": "rubbish\n",
            "class/hwmon/hwmon1/name": "nvme\n",
            "class/hwmon/hwmon1/temp1_input": "70000\n",
        }
    )
    assert files.cpu_temp_c() == 52.5


@pytest.mark.parametrize(
    ("text", "used"),
    [("0x02 0x01\n", 20.0), ("0x01 0x0a\n", 100.0), ("0x0b 0x01\n", 100.0), ("0x00 0x00\n", None), ("x y\n", None)],
)
def test_the_wear_of_emmc_is_the_upper_end_of_its_tenth(sysfs: Write, text: str, used: float | None) -> None:
    assert sysfs({"block/mmcblk0/device/life_time": text}).disk_life_used_pct() == used


def test_a_pi_is_known_by_its_device_tree(sysfs: Write) -> None:
    files = sysfs(
        {
            "firmware/devicetree/base/model": "Raspberry Pi 4 Model B Rev 1.4\0",
            "firmware/devicetree/base/serial-number": "10000000abcdef01\0",
        }
    )
    assert RaspberryPi(files).is_one
    assert files.hardware() == "Raspberry Pi 4 Model B Rev 1.4"
    assert files.serial_number() == "10000000abcdef01"


def test_a_pc_is_known_by_its_maker(sysfs: Write) -> None:
    files = sysfs({"class/dmi/id/sys_vendor": "Acme\n", "class/dmi/id/product_name": "Desk 1\n"})
    assert files.hardware() == "Acme Desk 1"


@pytest.mark.parametrize(
    ("bits", "undervoltage", "seen", "throttled"),
    [
        ("0\n", False, False, False),
        ("50005\n", True, True, True),
        ("50000\n", False, True, False),
        ("2\n", False, False, True),
    ],
)
def test_the_firmwares_bits_are_told_apart(
    sysfs: Write, bits: str, undervoltage: bool, seen: bool, throttled: bool
) -> None:
    files = sysfs({"devices/platform/soc/soc:firmware/get_throttled": bits})
    assert RaspberryPi(files).power() == {
        "host/undervoltage": undervoltage,
        "host/undervoltage_seen": seen,
        "host/throttled": throttled,
    }


@pytest.mark.parametrize(("alarm", "undervoltage"), [("1\n", True), ("0\n", False)])
def test_the_kernels_alarm_tells_undervoltage_alone(sysfs: Write, alarm: str, undervoltage: bool) -> None:
    files = sysfs({"class/hwmon/hwmon0/name": "rpi_volt\n", "class/hwmon/hwmon0/in0_lcrit_alarm": alarm})
    assert RaspberryPi(files).power() == {"host/undervoltage": undervoltage}


def test_on_a_pi_without_either_the_firmwares_command_is_asked(
    sysfs: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "bin" / "vcgencmd"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\n[ "$1" = get_throttled ] && echo throttled=0x50005\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=":")
    pi = RaspberryPi(sysfs({"firmware/devicetree/base/model": "Raspberry Pi 3 Model B Plus Rev 1.3\0"}))
    assert pi.power()["host/undervoltage"] is True


def test_a_command_that_fails_tells_nothing(sysfs: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "bin" / "vcgencmd"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\necho rubbish; exit 1\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=":")
    assert RaspberryPi(sysfs({"firmware/devicetree/base/model": "Raspberry Pi 3\0"})).power() == {}
