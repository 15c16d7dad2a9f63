"""SSDP (UPnP Device Architecture 1.1): the answer to a search (1.3.3), a unicast datagram for each thing sought, and what a
device tells all others when it comes to the network (1.2.2).

Only `M-SEARCH * HTTP/1.1` with `MAN: "ssdp:discover"` is a search; whatever else comes is not answered. Sockets are lines/'s.
"""

from uuid import NAMESPACE_URL, uuid5

GROUP, PORT = "239.255.255.250", 1900
ALL, ROOT = "ssdp:all", "upnp:rootdevice"


class SsdpDevice:
    """One device of a type. `extra` is a further header line, of which some types have one."""

    def __init__(self, device_type: str, name: str, location: str, extra: str = "") -> None:
        self._type = device_type
        self.uuid = f"uuid:{uuid5(NAMESPACE_URL, f'dltv-bench/{name}')}"
        self._location = location
        self._extra = extra

    def replies(self, datagram: bytes) -> list[bytes]:
        first, *lines = datagram.decode("utf-8", "replace").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if first.strip() != "M-SEARCH * HTTP/1.1" or headers.get("man") != '"ssdp:discover"':
            return []
        sought = headers.get("st", "")
        return [self._reply(target) for target in self._names if sought in (target, ALL)]

    def notices(self) -> list[bytes]:
        """For everybody in the group: one for each of its names."""
        host, alive = f"HOST: {GROUP}:{PORT}", "NTS: ssdp:alive"
        return [self._worded("NOTIFY * HTTP/1.1", (host, f"NT: {name}", alive), name) for name in self._names]

    @property
    def _names(self) -> tuple[str, ...]:
        return ROOT, self.uuid, self._type

    def _reply(self, target: str) -> bytes:
        return self._worded("HTTP/1.1 200 OK", ("EXT:", f"ST: {target}"), target)

    def _worded(self, first: str, special: tuple[str, ...], target: str) -> bytes:
        usn = self.uuid if target == self.uuid else f"{self.uuid}::{target}"
        lines = (
            first,
            "CACHE-CONTROL: max-age=1800",
            f"LOCATION: {self._location}",
            "SERVER: Linux/6.1 UPnP/1.1 dltv-bench/1",
            *special,
            f"USN: {usn}",
            "BOOTID.UPNP.ORG: 1",
            "CONFIGID.UPNP.ORG: 0",
            *([self._extra] if self._extra else []),
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
