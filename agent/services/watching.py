"""Watches for equipment that nobody configured: on lines, in device files, in the network. What it is becomes a device.

1. lines and device files that were not there before are asked once, and again only after they were unplugged
2. a search goes to the networks, and hosts that announce themselves are tried at the profiles' own ports, and asked there
Read-only, in one thread of its own: the polls of devices go on beside it. What is new is decided in agent.core.arrivals and
agent.core.callers, what it is in agent.core.discovery, what becomes of it in agent.services.newcomers.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from agent.core.arrivals import Arrivals
from agent.core.proposals import shown
from agent.ports import Clock
from agent.services.devices import OpenLink
from agent.services.listening import Listening, Nearby, OpenEar
from agent.services.newcomers import Newcomers
from agent.services.places import Door, Places
from agent.services.recognition import Recognition
from firmware_profiles.loader import Catalogue

log = logging.getLogger(__name__)

STOP_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Lines:
    """present: the lines and files that are there, by name, with their real places; real: the real place of an address."""

    present: Callable[[], Mapping[str, str]]
    real: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Network:
    """knock: which of these doors are open; host_of: the host of an address, as a number."""

    nearby: Nearby
    open_ear: OpenEar
    knock: Callable[[Iterable[Door], threading.Event], list[Door]]
    host_of: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Ways:
    """Where to look, and by what to tell what it is. catalogue: read anew each time, which is rare, and not kept."""

    lines: Lines
    network: Network | None
    open_link: OpenLink
    catalogue: Callable[[], Catalogue]


class Watching:
    """start, stop; then it is done. every_s 0: it never looks."""

    def __init__(self, ways: Ways, newcomers: Newcomers, clock: Clock, *, every_s: float) -> None:
        self._ways, self._newcomers, self._clock, self._every_s = ways, newcomers, clock, every_s
        self._arrivals = Arrivals()
        self._listening: Listening | None = None
        self._stopping = threading.Event()
        self._recognition = Recognition(ways.open_link, clock, self._stopping)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        if self._every_s:
            self._thread.start()

    def stop(self) -> None:
        """A line that hangs is left to its daemon thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            for look in (self._look_at_lines, self._look_around):
                try:
                    look()
                except Exception:
                    log.exception("looking for new equipment failed")
            self._stopping.wait(self._every_s)
        if self._listening is not None:
            self._listening.close()

    def _look_at_lines(self) -> None:
        lines = self._ways.lines
        new = self._arrivals.take(lines.present(), {lines.real(each) for each in self._newcomers.addresses})
        if not new:
            return
        places = self._places()
        for name in new:
            self._ask(places, name, [name], name)

    def _look_around(self) -> None:
        network = self._ways.network
        if network is None or self._stopping.is_set():
            return
        if self._listening is None:
            services = self._places().services
            self._listening = Listening(network.nearby, network.open_ear, services, self._clock, self._stopping)
        used = {host for each in self._newcomers.addresses if (host := network.host_of(each))}
        hosts = self._listening.look(used)
        if not hosts:
            return
        places = self._places()
        for host, names in hosts.items():
            doors = network.knock([(host, port) for port in places.tcp_ports], self._stopping)
            title = f"{host} ({shown(', '.join(names))})" if self._listening.is_first(host) else ""
            self._ask(places, host, places.by_tcp(doors).get(host, []), title)

    def _ask(self, places: Places, place: str, addresses: Iterable[str], title: str) -> None:
        """title: how to call it where nothing is recognised; empty: that was said before."""
        answers = places.ask(place, addresses)
        if self._stopping.is_set():
            return
        doubt = self._newcomers.take(answers, self._ways.open_link)
        if doubt and title:
            log.info("%s: %s", title, doubt)

    def _places(self) -> Places:
        catalogue = self._ways.catalogue()
        profiles = (catalogue.profile(profile_id) for profile_id in catalogue)
        return Places(profiles, self._recognition.ask, self._stopping, log.debug)
