"""Asks what stands at one place, a line, a device file or a host, by each profile that goes there, one after the other."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable

from agent.core.discovery import Answer
from firmware_profiles.links import Scheme
from firmware_profiles.schema import Profile

BY_TCP = (Scheme.TCP, Scheme.HTTP, Scheme.HTTPS)
BY_UDP = (Scheme.UDP, Scheme.SNMP)
Ask = Callable[[str, str, Profile], Answer | None]
Say = Callable[[str], None]
Door = tuple[str, int]


class Places:
    def __init__(self, profiles: Iterable[Profile], ask: Ask, stopping: threading.Event, say: Say) -> None:
        self._profiles = [each for each in profiles if each.recognise.probe and not each.is_host]
        self._ask, self._stopping, self._say = ask, stopping, say

    @property
    def services(self) -> list[str]:
        """Names by which equipment announces itself."""
        return sorted({name for each in self._profiles for name in each.recognise.announces})

    @property
    def tcp_ports(self) -> list[int]:
        """The profiles' own; no others are ever tried."""
        return sorted({port for each in self._profiles for port in _ports(each, BY_TCP)})

    def addresses(self, doors: Iterable[Door], others: Iterable[str] = ()) -> dict[str, list[str]]:
        """By host, where to ask: by TCP at its open doors, by UDP in any case. others: hosts that may have no open door."""
        found = self.by_tcp(doors)
        for host in [*found, *(one for one in others if one not in found)]:
            by_udp = [f"{scheme}://{host}:{port}" for scheme in BY_UDP for port in self._ports_of(scheme)]
            found[host] = found.get(host, []) + by_udp
        return found

    def by_tcp(self, doors: Iterable[Door]) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for host, port in doors:
            found[host] += [f"{scheme}://{host}:{port}" for scheme in BY_TCP if port in self._ports_of(scheme)]
        return dict(found)

    def ask(self, place: str, addresses: Iterable[str]) -> list[Answer]:
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

    def _ports_of(self, scheme: Scheme) -> list[int]:
        return sorted({port for each in self._profiles for port in _ports(each, (scheme,))})


def _ports(profile: Profile, schemes: Iterable[Scheme]) -> list[int]:
    links = (getattr(profile.link, scheme.value) for scheme in schemes)
    return [link.port for link in links if hasattr(link, "port")]


def _scheme_and_port(address: str) -> tuple[Scheme, int]:
    scheme, _, rest = address.partition(":")
    if address.startswith("/"):
        return Scheme.SERIAL, 0
    return Scheme(scheme), int(rest.rpartition(":")[2]) if rest.startswith("//") else 0
