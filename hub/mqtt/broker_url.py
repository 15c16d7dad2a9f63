"""Where a broker stands and how to get in, read from a URL. Its text never shows the password."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class BrokerUrl:
    """mqtt://[user[:password]@]host[:port], mqtts:// for TLS."""

    host: str
    port: int
    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> "BrokerUrl":
        """Raises ValueError, whose text says what to write and shows nothing of `text`: there may be a password in it."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("is no broker's URL; write mqtt://HOST:PORT or mqtts://HOST:PORT") from None
        if parts.scheme not in _PORTS or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("is no broker's URL; write mqtt://HOST:PORT or mqtts://HOST:PORT")
        return cls(
            host=host,
            port=_PORTS[parts.scheme] if port is None else port,
            tls=parts.scheme == "mqtts",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )
