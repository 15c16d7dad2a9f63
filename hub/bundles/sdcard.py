"""What lies on the boot partition of an SD card so that its first start makes it the agent of a school. Pure.

The computer is told where the hub is, by which fingerprint it knows it, and its code: all of a slip. Its own key it makes itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "provisioning" / "sdcard"
CMDLINE = "cmdline.txt"
FIRST_RUN = (
    " systemd.run=/boot/firmware/firstrun.sh systemd.run_success_action=reboot systemd.unit=kernel-command-line.target"
)


@dataclass(frozen=True, slots=True)
class Wifi:
    name: str
    key: str
    country: str


@dataclass(frozen=True, slots=True)
class Card:
    """until: the last moment at which its code is good, in words."""

    school: str
    hub: str
    pin: str
    code: str
    until: str
    wifi: Wifi | None = None


def card_files(card: Card) -> dict[str, bytes]:
    """By their names on the partition; the bundle is not among them."""
    files = {f"dltv/{name}": (SOURCES / name).read_bytes() for name in ("first-boot.sh",)}
    files |= {name: (SOURCES / name).read_bytes() for name in ("firstrun.sh", "user-data")}
    files["meta-data"] = f"instance-id: dltv-{card.school}\n".encode()
    files["dltv/slip.toml"] = _toml({"hub": card.hub, "pin": card.pin, "code": card.code})
    readme = (SOURCES / "README.txt").read_text("utf-8")
    told = {"CMDLINE": FIRST_RUN.strip(), "SCHOOL": card.school, "UNTIL": card.until}
    for mark, value in told.items():
        readme = readme.replace(f"@{mark}@", value)
    files["README.txt"] = readme.encode()
    if card.wifi is not None:
        files["dltv/wifi"] = f"{card.wifi.name}\n{card.wifi.key}\n{card.wifi.country}\n".encode()
        files["network-config"] = _netplan(card.wifi)
    return files


def with_first_run(cmdline: str) -> str:
    """One line, whatever was there before; added once."""
    line = cmdline.strip()
    return (line if "systemd.run=" in line else line + FIRST_RUN) + "\n"


def _toml(values: Mapping[str, str]) -> bytes:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()).encode()


def _netplan(wifi: Wifi) -> bytes:
    """As JSON, which is YAML too: no name or key can break out of it."""
    access = {wifi.name: {"password": wifi.key}}
    wlan = {"dhcp4": True, "optional": True, "regulatory-domain": wifi.country, "access-points": access}
    wire = {"dhcp4": True, "optional": True}
    network = {"version": 2, "ethernets": {"eth0": wire}, "wifis": {"wlan0": wlan}}
    return json.dumps({"network": network}, ensure_ascii=False, indent=1).encode() + b"\n"
