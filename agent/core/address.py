"""Where a broker is: `mqtt[s]://[user:password@]host[:port]`, read once."""

from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Without secrets, for logs."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"

    def or_by(self, user: str | None, password: str | None) -> "BrokerAddress":
        """With these, where the URL held no user."""
        return self if self.user is not None or user is None else replace(self, user=user, password=password)

    @classmethod
    def parse(cls, url: str) -> "BrokerAddress":
        """Raises ValueError, whose text never repeats the URL: it may hold a password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("has a host or a port that is none; write mqtt://host:port") from None
        if parts.scheme not in PORTS or not parts.hostname or port == 0:
            raise ValueError("is no broker; write mqtt://host:port or mqtts://user:password@host:port")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("has a path, and a broker has none; write mqtt://host:port")
        user, password = parts.username, parts.password
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            tls=parts.scheme == "mqtts",
            user=None if user is None else unquote(user),
            password=None if password is None else unquote(password),
        )
