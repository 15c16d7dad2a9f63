"""The STATE document, with which a host application says whether it is online (Sparkplug 3.0, chapter 6, STATE)."""

import json
from dataclasses import dataclass

from wire.errors import StateError

MAX_STATE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class HostState:
    """online, and since when (ms since 1970 UTC): a death carries the timestamp of the connection that it ends."""

    online: bool
    timestamp: int

    def encode(self) -> bytes:
        return json.dumps({"online": self.online, "timestamp": self.timestamp}, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, data: bytes) -> "HostState":
        """Raises StateError."""
        if len(data) > MAX_STATE_BYTES:
            raise StateError(f"{len(data)} bytes")
        try:
            document = json.loads(data)
            online, timestamp = document["online"], document["timestamp"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise StateError(f"not a STATE document: {data[:80]!r}") from None
        if (
            not isinstance(online, bool)
            or isinstance(timestamp, bool)
            or not isinstance(timestamp, int)
            or timestamp < 0
        ):
            raise StateError(f"not a STATE document: {data[:80]!r}")
        return cls(online, timestamp)

    def outdates(self, earlier: "HostState | None") -> bool:
        """Whether this one counts after `earlier`: the first always does, an older one never."""
        return earlier is None or self.timestamp >= earlier.timestamp
