"""Addresses of devices: `serial:/dev/ttyUSB0`, `/dev/ttyUSB0`, `tcp://192.0.2.7:4352`, `https://192.0.2.8`, `dvb:/dev/dvb/…`."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from firmware_profiles.links import Link, Scheme

FORMS = {
    Scheme.SERIAL: "serial:/dev/ttyUSB0",
    Scheme.TCP: "tcp://host:port",
    Scheme.UDP: "udp://host:port",
    Scheme.HTTP: "http://host:port",
    Scheme.HTTPS: "https://host:port",
    Scheme.SNMP: "snmp://host:port",
    Scheme.DVB: "dvb:/dev/dvb/adapter0/frontend0",
    Scheme.CEC: "cec:/dev/cec0",
    Scheme.COMMAND: "command:",
}
USB, REMOTE_LINES = "usb", ("rfc2217", "socket")
"""Other names for serial lines: an adapter wherever it is plugged in, and lines behind a network port."""

_LOCAL = {Scheme.SERIAL, Scheme.DVB, Scheme.CEC}
_USB_FORM = "usb:0403:6001:A50285BI"


class BadAddress(ValueError):
    """The text says what is wrong, and what an address looks like."""


@dataclass(frozen=True, slots=True)
class Address:
    """place is the name of a serial line or of a device file, a host, or the file of a program."""

    scheme: Scheme
    place: str
    port: int = 0

    def __str__(self) -> str:
        if self.scheme in _LOCAL:
            return self.place
        if self.scheme is Scheme.COMMAND:
            return f"{self.scheme.value}:{self.place}"
        host = f"[{self.place}]" if ":" in self.place else self.place
        return f"{self.scheme.value}://{host}:{self.port}"

    @property
    def is_of_one_device(self) -> bool:
        """Whether nobody else may have it: a line, a file. Hosts may answer for many."""
        return self.scheme in _LOCAL


def parse_address(text: str, link: Link) -> Address:
    """`text` as one of the ways that this profile's link offers; a port that is left out is the profile's. Raises BadAddress."""
    scheme, rest = _scheme(text)
    if scheme is None or scheme not in link.schemes:
        forms = " or ".join(FORMS[one] for one in link.schemes)
        raise BadAddress(f'"{text}" is no address for this profile; write {forms}')
    if scheme is Scheme.COMMAND:
        return Address(scheme, rest)
    if scheme is Scheme.SERIAL and rest == text and not text.startswith("/"):
        return Address(scheme, _other_line(text))
    if scheme in _LOCAL:
        if not rest:
            raise BadAddress(f"the address names no device; write {FORMS[scheme]}")
        return Address(scheme, rest)
    return _of_network(scheme, text, link)


def _scheme(text: str) -> tuple[Scheme | None, str]:
    """The scheme and what follows it; all of the text where the name is one of a serial line's others."""
    name, found, rest = text.partition(":")
    if text.startswith("/") or (found and name.lower() in (USB, *REMOTE_LINES)):
        return Scheme.SERIAL, text
    scheme = next((one for one in Scheme if one.value == name.lower()), None)
    return (scheme, rest) if found else (None, text)


def _other_line(text: str) -> str:
    name, _, rest = text.partition(":")
    if name.lower() == USB:
        vendor, product, *_ = (*rest.split(":", 2), "", "")
        if not all(
            len(one) == 4 and all(sign in "0123456789abcdefABCDEF" for sign in one) for one in (vendor, product)
        ):
            raise BadAddress(
                f'"{text}" is no USB adapter; write {_USB_FORM}: vendor, product and, of several, its serial number'
            )
        return f"{USB}:{rest}"
    host, port = _host_and_port(text, f"{name.lower()}://host:port")
    if not port:
        raise BadAddress(f'"{text}" names no port; write {name.lower()}://host:port')
    return f"{name.lower()}://{f'[{host}]' if ':' in host else host}:{port}"


def _of_network(scheme: Scheme, text: str, link: Link) -> Address:
    host, port = _host_and_port(text, FORMS[scheme])
    return Address(scheme, host, port or getattr(link, scheme.value).port)


def _host_and_port(text: str, form: str) -> tuple[str, int | None]:
    wrong = BadAddress(f'"{text}" is no address; write {form}')
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if not host or _has_more(parts) or port == 0:
        raise wrong
    return host, port


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
