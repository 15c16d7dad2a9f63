"""Searches of the local network, what equipment answers to them, and what it announces unasked: PJLink class 2, SSDP, mDNS.

A search is one datagram. Answers come from anybody: one that is none, or takes leave, is no name; nothing is raised.
"""

import re
import struct
from collections.abc import Iterable, Iterator

PJLINK_PORT, SSDP_PORT, MDNS_PORT = 4352, 1900, 5353
SSDP_GROUP, MDNS_GROUP = "239.255.255.250", "224.0.0.251"
PJLINK_SEARCH = b"%2SRCH\r"
SSDP_ALIVE, SSDP_ROOT = "ssdp:alive", "upnp:rootdevice"
ALL_SERVICES = "_services._dns-sd._udp"
MAX_NAMES = 32
_PJLINK_ANSWER = re.compile(rb"%2(?:ACKN|LKUP)=([0-9A-Fa-f:]{12,17})\r")
_PTR, _SRV, _IN, _UNICAST = 12, 33, 1, 0x8000
_MAX_RECORDS, _MAX_LABELS = 64, 32


def ssdp_search(target: str = "ssdp:all") -> bytes:
    lines = ["M-SEARCH * HTTP/1.1", f"HOST: {SSDP_GROUP}:{SSDP_PORT}", 'MAN: "ssdp:discover"', "MX: 1", f"ST: {target}"]
    return "\r\n".join([*lines, "", ""]).encode()


def mdns_search(services: Iterable[str]) -> bytes:
    """One query for these services, to be answered to the asker alone."""
    names = list(services)
    head = struct.pack(">6H", 0, 0, len(names), 0, 0, 0)
    return head + b"".join(_name(f"{one}.local") + struct.pack(">2H", _PTR, _IN | _UNICAST) for one in names)


def pjlink_names(data: bytes) -> list[str]:
    """ACKN answers a search; LKUP is what a projector says to all when it has come to the network."""
    found = _PJLINK_ANSWER.fullmatch(data)
    return [f"PJLink {found[1].decode()}"] if found else []


def ssdp_names(data: bytes) -> list[str]:
    """The type that it offers, and what software it says it is."""
    text = data.decode("utf-8", "replace")
    unasked = text.startswith("NOTIFY * HTTP/1.1")
    if not unasked and not text.startswith("HTTP/1.1 200"):
        return []
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())
    }
    if unasked and headers.get("nts") != SSDP_ALIVE:
        return []
    return [headers[name] for name in ("nt" if unasked else "st", "server") if headers.get(name)]


def mdns_names(data: bytes) -> list[str]:
    """The services and instances that a response names."""
    try:
        return list(dict.fromkeys(_records(data)))[:MAX_NAMES]
    except (struct.error, IndexError):
        return []


def _name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def _records(data: bytes) -> Iterator[str]:
    _, flags, questions, *counts = struct.unpack_from(">6H", data)
    if not flags & 0x8000:
        return
    at = 12
    for _ in range(min(questions, _MAX_RECORDS)):
        at = _read_name(data, at)[1] + 4
    for _ in range(min(sum(counts), _MAX_RECORDS)):
        name, at = _read_name(data, at)
        kind, _, seconds, length = struct.unpack_from(">HHIH", data, at)
        at += 10
        if not seconds:
            pass  # it takes leave
        elif kind == _PTR:
            yield _without_local(_read_name(data, at)[0])
        elif kind == _SRV:
            yield _without_local(name)
        at += length


def _read_name(data: bytes, at: int) -> tuple[str, int]:
    """The name at a place, and where what follows it begins. Raises IndexError for what has no end."""
    labels: list[str] = []
    end = -1
    for _ in range(_MAX_LABELS):
        length = data[at]
        if length == 0:
            return ".".join(labels), at + 1 if end < 0 else end
        if length & 0xC0 == 0xC0:
            end = at + 2 if end < 0 else end
            at = (length & 0x3F) << 8 | data[at + 1]
        else:
            labels.append(data[at + 1 : at + 1 + length].decode("utf-8", "replace"))
            at += 1 + length
    raise IndexError("a name without an end")


def _without_local(name: str) -> str:
    return name.removesuffix(".local")
