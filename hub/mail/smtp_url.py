"""Where a mail server stands, read from a URL. No user and no password stand in it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"smtp": 25, "smtps": 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MISTAKE = "is no mail server's URL; write smtp://HOST[:PORT] or smtps://HOST[:PORT], without user and password"


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """smtp://host[:port], smtps:// for TLS from the start."""

    host: str
    port: int
    tls: bool = False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'smtps' if self.tls else 'smtp'}://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return self.host in _LOOPBACK

    @classmethod
    def parse(cls, text: str) -> "SmtpUrl":
        """Raises ValueError, whose text shows nothing of `text`: somebody may have written a password into it."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(_MISTAKE) from None
        more = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
        if parts.scheme not in _PORTS or not host or more:
            raise ValueError(_MISTAKE)
        return cls(host, _PORTS[parts.scheme] if port is None else port, parts.scheme == "smtps")
