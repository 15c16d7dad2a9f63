"""Looks for equipment: first who announces itself, then the profiles' own ports, then each profile's identification.

1. Searches are sent to the networks, and answers gathered.
2. The TCP ports of the profiles, and no others, are tried on each host of these networks.
3. Lines, device files and open ports are asked by the profiles that go there: those of one place one after the other.
Whatever time is left over or not, what was found until then is the result. What it means is judged in agent.core.discovery.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from agent.core.discovery import Answer
from agent.core.neighbourhood import Neighbourhood
from firmware_profiles.links import Scheme
from firmware_profiles.schema import Profile

AT_ONCE = 16
_BY_TCP = (Scheme.TCP, Scheme.HTTP, Scheme.HTTPS)
_BY_UDP = (Scheme.UDP, Scheme.SNMP)
Say = Callable[[str], None]
Ask = Callable[[str, str, Profile], Answer | None]
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
        self._profiles = [each for each in profiles if each.recognise.probe and not each.is_host]
        self._ask, self._network, self._stopping, self._say = ask, network, stopping, say

    def run(self, ground: Ground) -> Outcome:
        outcome = Outcome()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="discover") as pool:
            try:
                local = [pool.submit(self._place, place, [place]) for place in (*ground.lines, *ground.files)]
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
        services = sorted({name for each in self._profiles for name in each.recognise.announces})
        for near in neighbourhoods:
            self._say(f"{near.network}: searching by PJLink, SSDP and mDNS")
            outcome.announced |= self._network.search(near, services)
            for host, addresses in self._addresses(near, outcome.announced).items():
                asked.append(pool.submit(self._place, host, addresses))
        return asked

    def _addresses(self, near: Neighbourhood, announced: Names) -> dict[str, list[str]]:
        """Where the profiles' own ports are open, as addresses by host."""
        ports = sorted({port for each in self._profiles for port in _ports(each, _BY_TCP)})
        doors = [(host, port) for port in ports for host in near.hosts]
        self._say(f"{near.network}: trying ports {', '.join(map(str, ports))}")
        progress = _Progress(f"{near.network}: ports", len(doors), self._say)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for host, port in self._network.open_ports(doors, progress.tell):
            found[host] += [f"{scheme}://{host}:{port}" for scheme in _BY_TCP if self._any(scheme, port)]
        for host in [*found, *(one for one in announced if one in near and one not in found)]:
            found[host] += [f"{scheme}://{host}:{port}" for scheme in _BY_UDP for port in self._ports_of(scheme)]
        return dict(found)

    def _any(self, scheme: Scheme, port: int) -> bool:
        return any(port in _ports(each, (scheme,)) for each in self._profiles)

    def _ports_of(self, scheme: Scheme) -> list[int]:
        return sorted({port for each in self._profiles for port in _ports(each, (scheme,))})

    def _place(self, place: str, addresses: list[str]) -> list[Answer]:
        answers: list[Answer] = []
        for address in addresses:
            scheme, port = _scheme_and_port(address)
            for profile in self._profiles:
                if scheme not in profile.link.schemes or port not in (0, *_ports(profile, (scheme,))):
                    continue
                if self._stopping.is_set():
                    return answers
                self._say(f"{address}: {profile.id}?")
                answer = self._ask(place, address, profile)
                answers += [answer] if answer else []
        return answers

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


def _ports(profile: Profile, schemes: Iterable[Scheme]) -> list[int]:
    links = (getattr(profile.link, scheme.value) for scheme in schemes)
    return [link.port for link in links if hasattr(link, "port")]


def _scheme_and_port(address: str) -> tuple[Scheme, int]:
    scheme, _, rest = address.partition(":")
    if address.startswith("/"):
        return Scheme.SERIAL, 0
    return Scheme(scheme), int(rest.rpartition(":")[2]) if rest.startswith("//") else 0
