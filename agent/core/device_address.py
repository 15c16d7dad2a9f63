"""Addresses of devices: `serial:/dev/ttyUSB0`, `/dev/ttyUSB0`, `tcp://192.0.2.7:4352`, `http://192.0.2.8`."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from firmware_profiles.links import Link, Scheme

FORMS = {
    Scheme.SERIAL: "serial:/dev/ttyUSB0",
    Scheme.TCP: "tcp://host:port",
    Scheme.HTTP: "http://host:port",
}


class BadAddress(ValueError):
    """The text says what is wrong, and what an address looks like."""


@dataclass(frozen=True, slots=True)
class Address:
    """place is the name of a serial line, or a host."""

    scheme: Scheme
    place: str
    port: int = 0

    def __str__(self) -> str:
        if self.scheme is Scheme.SERIAL:
            return self.place
        host = f"[{self.place}]" if ":" in self.place else self.place
        return f"{self.scheme.value}://{host}:{self.port}"


def parse_address(text: str, link: Link) -> Address:
    """`text` as one of the ways that this profile's link offers; a port that is left out is the profile's. Raises BadAddress."""
    scheme, rest = _scheme(text)
    if scheme is None or scheme not in link.schemes:
        forms = " or ".join(FORMS[one] for one in link.schemes)
        raise BadAddress(f'"{text}" is no address for this profile; write {forms}')
    if scheme is Scheme.SERIAL:
        if not rest:
            raise BadAddress(f"the address names no serial line; write {FORMS[scheme]}")
        return Address(scheme, rest)
    return _of_network(scheme, text, link)


def _scheme(text: str) -> tuple[Scheme | None, str]:
    if text.startswith("/"):
        return Scheme.SERIAL, text
    name, found, rest = text.partition(":")
    scheme = next((one for one in Scheme if one.value == name.lower()), None)
    return (scheme, rest) if found else (None, text)


def _of_network(scheme: Scheme, text: str, link: Link) -> Address:
    wrong = BadAddress(f'"{text}" is no address; write {FORMS[scheme]}')
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if not host or _has_more(parts) or port == 0:
        raise wrong
    settings = link.tcp if scheme is Scheme.TCP else link.http
    assert settings is not None, "the caller checked that the link offers the scheme"
    return Address(scheme, host, port or settings.port)


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
