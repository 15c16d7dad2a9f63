"""Which addresses a message may go to: what somebody typed must not lead the hub to what stands beside it.

The check is on the address that is connected to, after the name was resolved: a name that changes its mind gains nothing.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_PUBLIC_V6 = ip_network("2000::/3")
"""All that is given out of IPv6. What lies outside of it is local, or hides an address of IPv4: translators, old transitions."""
_NOT_FOR_MESSAGES = tuple(
    map(
        ip_network,
        (
            # Protocol assignments; one cloud answers questions about its machines there.
            "192.0.0.0/24",
            "192.88.99.0/24",
            # Public by its number, but each machine of one cloud has its own behind it.
            "168.63.129.16/32",
            # 6to4: any address of IPv4 stands in the middle of one of these.
            "2002::/16",
            "3fff::/20",
        ),
    )
)
"""What Python calls global, and what no message goes to."""


class Forbidden(OSError):
    """The name leads to an address that is not for messages."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is no address in the public network; messages.networks can allow it")


def may_reach(address: str, allowed: Sequence[Network]) -> bool:
    """Public addresses, and those that the settings allow."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found.version == network.version and found in network for network in allowed):
        return True
    if isinstance(found, IPv6Address) and found not in _PUBLIC_V6:
        return False
    return found.is_global and not found.is_multicast and not any(found in network for network in _NOT_FOR_MESSAGES)


def resolve(host: str, port: int, allowed: Sequence[Network]) -> str:
    """An address of a name that may be reached. Raises Forbidden, OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    fit = [address for address in addresses if may_reach(address, allowed)]
    if not fit:
        raise Forbidden(host)
    return fit[0]
