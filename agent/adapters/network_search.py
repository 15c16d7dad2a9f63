"""The searches of agent.protocols.announcements, sent to one network; and which ports are open there."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from agent.adapters.port_sweep import Door, open_ports
from agent.adapters.udp_search import search
from agent.core.neighbourhood import Neighbourhood
from agent.protocols import announcements as said

WITHIN_S = 2.5
MAX_NAMES = 16
_Reading = Callable[[bytes], list[str]]


class NetworkSearch:
    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def search(self, neighbourhood: Neighbourhood, services: Sequence[str]) -> dict[str, list[str]]:
        """What each host of the network announces itself as."""
        everybody = str(neighbourhood.network.broadcast_address)
        targets = [name for name in services if name.startswith("urn:")]
        mdns = [said.ALL_SERVICES, *(name for name in services if name.startswith("_"))]
        asked: list[tuple[tuple[str, int], list[bytes], _Reading]] = [
            ((everybody, said.PJLINK_PORT), [said.PJLINK_SEARCH], said.pjlink_names),
            ((said.SSDP_GROUP, said.SSDP_PORT), [said.ssdp_search(), *map(said.ssdp_search, targets)], said.ssdp_names),
            ((said.MDNS_GROUP, said.MDNS_PORT), [said.mdns_search(mdns)], said.mdns_names),
        ]
        names: defaultdict[str, list[str]] = defaultdict(list)
        with ThreadPoolExecutor(len(asked), thread_name_prefix="search") as pool:
            for found in pool.map(lambda one: self._one(neighbourhood, *one), asked):
                for host, name in found:
                    if name not in names[host] and len(names[host]) < MAX_NAMES:
                        names[host].append(name)
        return dict(names)

    def open_ports(self, doors: Iterable[Door], tried: Callable[[int], None]) -> list[Door]:
        return open_ports(doors, self._stopping, tried)

    def _one(
        self, near: Neighbourhood, to: tuple[str, int], questions: list[bytes], read: _Reading
    ) -> list[tuple[str, str]]:
        answers = search(near.own, to, questions, WITHIN_S, self._stopping)
        return [(host, name) for host, data in answers if host in near for name in read(data)]
