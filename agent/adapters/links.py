"""Which adapter opens an address. Adapters are imported when an address needs them."""

from collections.abc import Callable

from agent.core.access import Access
from agent.core.device_address import REMOTE_LINES, Address
from agent.errors import LinkLost
from agent.ports import Link
from firmware_profiles import links
from firmware_profiles.links import Scheme

_Open = Callable[[Address, links.Link, Access, float], Link]


def open_link(address: Address, settings: links.Link, access: Access | None = None) -> Link:
    """Raises LinkLost, and Refused where somebody has to change a setting first."""
    try:
        return _OPENERS[address.scheme](address, settings, access or Access(), settings.timeout_ms / 1000)
    except ImportError as error:
        raise LinkLost(f"{address}: this computer cannot open it, because {error.name} is not installed") from None


def _serial(address: Address, settings: links.Link, access: Access, timeout_s: float) -> Link:
    name, _, rest = address.place.partition("://")
    if name == REMOTE_LINES[1]:
        host, _, port = rest.rpartition(":")
        return _tcp(Address(Scheme.TCP, host.strip("[]"), int(port)), settings, access, timeout_s)
    from agent.adapters.serial_link import SerialLink

    return SerialLink(address, settings.serial or links.SerialLink(), timeout_s)


def _tcp(address: Address, _settings: links.Link, _access: Access, timeout_s: float) -> Link:
    from agent.adapters.tcp_link import TcpLink

    return TcpLink(address, timeout_s)


def _https(address: Address, _settings: links.Link, access: Access, timeout_s: float) -> Link:
    from agent.adapters.tls_link import TlsLink

    return TlsLink(address, access.ca, timeout_s)


def _udp(address: Address, _settings: links.Link, _access: Access, timeout_s: float) -> Link:
    from agent.adapters.udp_link import UdpLink

    return UdpLink(address, timeout_s)


def _snmp(address: Address, _settings: links.Link, access: Access, timeout_s: float) -> Link:
    from agent.adapters.snmp_link import SnmpLink

    return SnmpLink(address, access, timeout_s)


def _dvb(address: Address, _settings: links.Link, _access: Access, _timeout_s: float) -> Link:
    from agent.adapters.dvb_link import DvbLink

    return DvbLink(address)


def _cec(address: Address, _settings: links.Link, _access: Access, _timeout_s: float) -> Link:
    from agent.adapters.cec_link import CecLink

    return CecLink(address)


def _command(address: Address, settings: links.Link, _access: Access, _timeout_s: float) -> Link:
    from agent.adapters.command_link import CommandLink

    assert settings.command is not None, "the address was parsed for this link"
    return CommandLink(address, settings.command)


_OPENERS: dict[Scheme, _Open] = {
    Scheme.SERIAL: _serial,
    Scheme.TCP: _tcp,
    Scheme.HTTP: _tcp,
    Scheme.HTTPS: _https,
    Scheme.UDP: _udp,
    Scheme.SNMP: _snmp,
    Scheme.DVB: _dvb,
    Scheme.CEC: _cec,
    Scheme.COMMAND: _command,
}
