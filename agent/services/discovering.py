"""Looks for equipment: first who announces itself, then the profiles' own ports, then each profile's identification.

1. Searches are sent to the networks, and answers gathered.
2. The TCP ports of the profiles, and no others, are tried on each host of these networks.
3. Lines, device files and open ports are asked by the profiles that go there: those of one place one after the other.
Whatever time is left over or not, what was found until then is the result. What it means is judged in agent.core.discovery.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from agent.core.discovery import Answer
from agent.core.neighbourhood import Neighbourhood
from agent.services.places import Ask, Places, Say
from firmware_profiles.schema import Profile

AT_ONCE = 16
Names = dict[str, list[str]]
"""What a host announces itself as."""


class Network(Protocol):
    """What can be learnt of a network without knowing who is there."""

    def search(self, neighbourhood: Neighbourhood, services: Sequence[str]) -> Names: ...

    def open_ports(self, doors: Iterable[tuple[str, int]], tried: Callable[[int], None]) -> list[tuple[str, int]]: ...


@dataclass(frozen=True, slots=True)
class Ground:
    """Where to look. lines, files: as addresses, without those that are configured already."""

    lines: Sequence[str] = ()
    files: Sequence[str] = ()
    neighbourhoods: Sequence[Neighbourhood] = ()


@dataclass(slots=True)
class Outcome:
    """answers: of all profiles; announced: by host; silent: lines and files where nothing answered."""

    answers: list[Answer] = field(default_factory=list)
    announced: Names = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)


class Discovering:
    def __init__(
        self, profiles: Iterable[Profile], ask: Ask, network: Network, stopping: threading.Event, say: Say
    ) -> None:
        self._places = Places(profiles, ask, stopping, say)
        self._network, self._stopping, self._say = network, stopping, say

    def run(self, ground: Ground) -> Outcome:
        outcome = Outcome()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="discover") as pool:
            try:
                local = [pool.submit(self._places.ask, place, [place]) for place in (*ground.lines, *ground.files)]
                remote = self._look_around(pool, ground.neighbourhoods, outcome)
                self._gather(local, outcome)
                self._gather(remote, outcome)
            except BaseException:
                self._stopping.set()
                pool.shutdown(cancel_futures=True)
                raise
        heard = {answer.place for answer in outcome.answers}
        outcome.silent = [place for place in (*ground.lines, *ground.files) if place not in heard]
        return outcome

    def _look_around(
        self, pool: ThreadPoolExecutor, neighbourhoods: Sequence[Neighbourhood], outcome: Outcome
    ) -> list[Future[list[Answer]]]:
        """Who is there, and the asking of them begun."""
        asked: list[Future[list[Answer]]] = []
        for near in neighbourhoods:
            self._say(f"{near.network}: searching by PJLink, SSDP and mDNS")
            outcome.announced |= self._network.search(near, self._places.services)
            for host, addresses in self._addresses(near, outcome.announced).items():
                asked.append(pool.submit(self._places.ask, host, addresses))
        return asked

    def _addresses(self, near: Neighbourhood, announced: Names) -> dict[str, list[str]]:
        """Where the profiles' own ports are open, as addresses by host."""
        ports = self._places.tcp_ports
        doors = [(host, port) for port in ports for host in near.hosts]
        self._say(f"{near.network}: trying ports {', '.join(map(str, ports))}")
        progress = _Progress(f"{near.network}: ports", len(doors), self._say)
        found = self._network.open_ports(doors, progress.tell)
        return self._places.addresses(found, [host for host in announced if host in near])

    @staticmethod
    def _gather(asked: Iterable[Future[list[Answer]]], outcome: Outcome) -> None:
        for each in asked:
            outcome.answers += each.result()


class _Progress:
    """A line each time another tenth is done."""

    def __init__(self, name: str, total: int, say: Say) -> None:
        self._name, self._total, self._say, self._told = name, total, say, 0

    def tell(self, done: int) -> None:
        tenth = 10 * done // max(1, self._total)
        if tenth > self._told:
            self._told = tenth
            self._say(f"{self._name} {10 * tenth} %")
