"""Which networks may be searched: those that this computer itself is in, and none that is too large; the loopback on demand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network

from agent.errors import OperatorError

LARGEST_PREFIX = 22
_LOOPBACK = IPv4Interface("127.0.0.1/8")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A network to search, and this computer's own address from which to do so."""

    network: IPv4Network
    own: str

    @property
    def hosts(self) -> Iterator[str]:
        return (str(host) for host in self.network.hosts())

    def __contains__(self, host: str) -> bool:
        return IPv4Interface(host).ip in self.network


def neighbourhoods(own: Sequence[IPv4Interface], wanted: Iterable[str]) -> tuple[list[Neighbourhood], list[str]]:
    """What to search, and lines about what is too large to be searched whole. Raises OperatorError for an impossible wish."""
    wishes = list(wanted)
    if wishes:
        return [_wished(own, text) for text in wishes], []
    small = {one.network: str(one.ip) for one in own if LARGEST_PREFIX <= one.network.prefixlen < 31}
    large = [
        f"{one.network} is larger than /{LARGEST_PREFIX}: name the part to look at with --subnet"
        for one in own
        if one.network.prefixlen < LARGEST_PREFIX
    ]
    return [Neighbourhood(network, ip) for network, ip in small.items()], large


def _wished(own: Sequence[IPv4Interface], text: str) -> Neighbourhood:
    try:
        network = IPv4Network(text)
    except ValueError:
        raise OperatorError(f"--subnet: {text!r:.60} is no network; write for example 192.168.1.0/24") from None
    if network.prefixlen < LARGEST_PREFIX:
        raise OperatorError(f"--subnet: {network} is larger than /{LARGEST_PREFIX}; name a part of it")
    for one in (*own, _LOOPBACK):
        if network.subnet_of(one.network):
            return Neighbourhood(network, str(one.ip))
    names = ", ".join(str(one.network) for one in own) or "none"
    raise OperatorError(
        f"--subnet: {network} is not a network of this computer, which is in {names}; name one of these"
    )
