"""Where equipment may be found from here: serial lines, device files, the networks that this computer itself is in."""

import glob
import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Interface
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from agent.core.device_address import USB, Address
from agent.errors import LinkLost
from firmware_profiles.links import Scheme

_BY_ID = Path("/dev/serial/by-id")
_SCHEMES = tuple(scheme.value for scheme in (Scheme.SERIAL, Scheme.DVB, Scheme.CEC))
_LOCAL = tuple(f"{scheme}:/" for scheme in _SCHEMES)


def serial_lines(by_id: Path = _BY_ID) -> list[str]:
    """By names that stay the same wherever the adapter is plugged in, where there are such."""
    from serial.tools import list_ports

    stable = {one.resolve(): str(one) for one in sorted(by_id.iterdir())} if by_id.is_dir() else {}
    return sorted({stable.get(Path(port.device).resolve(), port.device) for port in list_ports.comports()})


def lines_named(patterns: Iterable[str]) -> dict[str, str]:
    """The lines that are there now under such names, each with what `real_place` makes of it."""
    return {name: real_place(name) for name in _there(patterns)}


def files_named(scheme: Scheme, patterns: Iterable[str]) -> dict[str, str]:
    """The same for device files, as addresses."""
    return {f"{scheme.value}:{name}": real_place(name) for name in _there(patterns)}


def _there(patterns: Iterable[str]) -> list[str]:
    # Path.glob refuses some patterns that an operator may write.
    names = [name for pattern in patterns for name in sorted(glob.glob(pattern))]  # noqa: PTH207
    return [name for name in names if Path(name).exists()]


def real_place(address: str) -> str:
    """The same for all names of one line or file, as far as this computer knows them."""
    path = address.partition(":")[2] if address.startswith(_LOCAL) else address
    kind, _, rest = path.partition(":")
    if kind.lower() == USB:
        from agent.adapters.serial_link import line_of

        # One that is not plugged in, and one that was written wrongly.
        with suppress(LinkLost, ValueError):
            return os.path.realpath(line_of(Address(Scheme.SERIAL, f"{USB}:{rest}")))
    return os.path.realpath(path) if path.startswith("/") else address


def is_absent(address: str) -> bool:
    """Whether it names a line or a device file of this computer that is not there now."""
    kind, _, rest = real_place(address).partition(":")
    if kind in _SCHEMES:
        return not Path(rest).exists()
    place = real_place(address)
    return kind.lower() == USB or (place.startswith("/") and not Path(place).exists())


def device_files(root: Path = Path("/dev")) -> list[str]:
    """DVB front ends and CEC adapters, as addresses."""
    dvb = [f"dvb:{one}" for one in sorted(root.glob("dvb/adapter*/frontend*"))]
    return dvb + [f"cec:{one}" for one in sorted(root.glob("cec[0-9]*"))]


def host_of(address: str) -> str | None:
    """The host that an address names, as a number where its name is known; None for what is no host's."""
    try:
        host = urlsplit(address).hostname if "://" in address else None
        return socket.gethostbyname(host) if host else None
    except (OSError, ValueError):
        return None


def own_networks() -> list[IPv4Interface]:
    """This computer's addresses with their networks, the loopback's left out."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return [
        IPv4Interface(f"{each.address}/{each.netmask}")
        for name, addresses in sorted(psutil.net_if_addrs().items())
        for each in addresses
        if name in up and each.family == socket.AF_INET and each.netmask and not each.address.startswith("127.")
    ]
