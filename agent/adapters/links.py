"""Which adapter opens an address. Adapters are imported when an address needs them."""

from agent.core.device_address import Address
from agent.ports import Link
from firmware_profiles import links
from firmware_profiles.links import Scheme


def open_link(address: Address, settings: links.Link) -> Link:
    """Raises LinkLost."""
    timeout_s = settings.timeout_ms / 1000
    if address.scheme is Scheme.SERIAL:
        from agent.adapters.serial_link import SerialLink

        return SerialLink(address, settings.serial or links.SerialLink(), timeout_s)
    from agent.adapters.tcp_link import TcpLink

    return TcpLink(address, timeout_s)
