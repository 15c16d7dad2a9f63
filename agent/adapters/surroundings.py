"""Where equipment may be found from here: serial lines, device files, the networks that this computer itself is in."""

import socket
from ipaddress import IPv4Interface
from pathlib import Path

import psutil

_BY_ID = Path("/dev/serial/by-id")


def serial_lines(by_id: Path = _BY_ID) -> list[str]:
    """By names that stay the same wherever the adapter is plugged in, where there are such."""
    from serial.tools import list_ports

    stable = {one.resolve(): str(one) for one in sorted(by_id.iterdir())} if by_id.is_dir() else {}
    return sorted({stable.get(Path(port.device).resolve(), port.device) for port in list_ports.comports()})


def device_files(root: Path = Path("/dev")) -> list[str]:
    """DVB front ends and CEC adapters, as addresses."""
    dvb = [f"dvb:{one}" for one in sorted(root.glob("dvb/adapter*/frontend*"))]
    return dvb + [f"cec:{one}" for one in sorted(root.glob("cec[0-9]*"))]


def own_networks() -> list[IPv4Interface]:
    """This computer's addresses with their networks, the loopback's left out."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return [
        IPv4Interface(f"{each.address}/{each.netmask}")
        for name, addresses in sorted(psutil.net_if_addrs().items())
        for each in addresses
        if name in up and each.family == socket.AF_INET and each.netmask and not each.address.startswith("127.")
    ]
