"""Searches the networks, and hears who answers or announces himself: without waiting, in whoever's thread asks.

The kernel keeps what comes in until it is fetched, so that nothing wakes the agent in between; what is too much for its
buffer is lost, and is said again. A socket that this computer does not grant, because another program has it, is done without.
"""

import logging
import socket
from collections.abc import Callable, Iterator, Sequence

from agent.core.neighbourhood import Neighbourhood
from agent.protocols import announcements as said

log = logging.getLogger(__name__)

MAX_BYTES = 9000
MAX_AT_ONCE = 500
MAX_NAMES = 8
EVERYBODY = "255.255.255.255"
_Names = Callable[[bytes], list[str]]


class AnnouncementEar:
    """Of these networks alone. services: the names by which profiles' equipment announces itself."""

    def __init__(self, neighbourhoods: Sequence[Neighbourhood], services: Sequence[str]) -> None:
        self._near = list(neighbourhoods)
        self._own = {near.own for near in self._near}
        self._targets = [name for name in services if name.startswith("urn:")]
        self._mdns = [said.ALL_SERVICES, *(name for name in services if name.startswith("_"))]
        self._sockets: list[tuple[socket.socket, _Names]] = []
        self._asking: list[tuple[Neighbourhood, socket.socket, socket.socket]] = []
        for near in self._near:
            self._open(near)
        self._join(said.SSDP_GROUP, said.SSDP_PORT, said.ssdp_names)
        self._join(said.MDNS_GROUP, said.MDNS_PORT, said.mdns_names)
        self._listen(EVERYBODY, said.PJLINK_PORT, said.pjlink_names)

    def search(self) -> None:
        """One question in each of the three ways, and one more by SSDP for each type that a profile names."""
        for near, asking, projectors in self._asking:
            everybody = str(near.network.broadcast_address)
            _send(projectors, said.PJLINK_SEARCH, (everybody, said.PJLINK_PORT))
            for target in (said.SSDP_ROOT, *self._targets):
                _send(asking, said.ssdp_search(target), (said.SSDP_GROUP, said.SSDP_PORT))
            _send(asking, said.mdns_search(self._mdns), (said.MDNS_GROUP, said.MDNS_PORT))

    def heard(self, rests: Callable[[str], bool]) -> dict[str, list[str]]:
        """The names under which hosts spoke since it was asked last. `rests`: hosts that nobody wants to hear of."""
        found: dict[str, list[str]] = {}
        for each, names in self._sockets:
            for host, data in _fetched(each):
                # What is rejected is rejected before it is read: most of a network's chatter is always the same.
                if len(found.get(host, ())) < MAX_NAMES and not rests(host) and self._is_near(host):
                    found[host] = found.get(host, []) + names(data)
        return {host: list(dict.fromkeys(told)) for host, told in found.items() if told}

    def close(self) -> None:
        for each, _ in self._sockets:
            each.close()
        self._sockets, self._asking = [], []

    def _is_near(self, host: str) -> bool:
        return host not in self._own and any(host in near for near in self._near)

    def _open(self, near: Neighbourhood) -> None:
        """The asking socket; and, for projectors, whose answers may come to their own port, one there if it is free."""
        asking = self._listen(near.own, 0, _any_names)
        if asking is None:
            return
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(near.own))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        projectors = self._listen(near.own, said.PJLINK_PORT, said.pjlink_names)
        self._listen(str(near.network.broadcast_address), said.PJLINK_PORT, said.pjlink_names)
        self._asking.append((near, asking, projectors or asking))

    def _listen(self, host: str, port: int, names: _Names) -> socket.socket | None:
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            ear.setblocking(False)
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if port:
                ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            ear.bind((host, port))
        except OSError as error:
            log.debug("announcements at %s:%d are not heard: %s", host, port, error)
            ear.close()
            return None
        self._sockets.append((ear, names))
        return ear

    def _join(self, group: str, port: int, names: _Names) -> None:
        ear = self._listen(group, port, names)
        if ear is None:
            return
        for near, _, _ in self._asking:
            try:
                member = socket.inet_aton(group) + socket.inet_aton(near.own)
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            except OSError as error:
                log.debug("announcements to %s in %s are not heard: %s", group, near.network, error)


def _any_names(data: bytes) -> list[str]:
    """What came back to the socket that asked in all ways."""
    return said.pjlink_names(data) or said.ssdp_names(data) or said.mdns_names(data)


def _send(asking: socket.socket, question: bytes, to: tuple[str, int]) -> None:
    try:
        asking.sendto(question, to)
    except OSError as error:
        log.debug("the search to %s:%d is not sent: %s", *to, error)


def _fetched(ear: socket.socket) -> Iterator[tuple[str, bytes]]:
    for _ in range(MAX_AT_ONCE):
        try:
            data, (host, _) = ear.recvfrom(MAX_BYTES)
        except ConnectionError:
            continue
        except OSError:
            return
        yield host, data
