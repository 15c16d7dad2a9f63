"""How often one address, and all together, may ask: buckets that fill up again with time. Kept in memory; a restart forgives."""

import ipaddress
from dataclasses import dataclass, field

_MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class Bucket:
    """Holds `size`, and fills up within `per_ms`."""

    size: float
    per_ms: float
    left: float
    at: int

    def level(self, now: int) -> float:
        return min(self.size, self.left + max(0, now - self.at) * self.size / self.per_ms)

    def take(self, now: int) -> bool:
        level = self.level(now)
        self.left, self.at = (level - 1 if level >= 1 else level), now
        return level >= 1


@dataclass(slots=True)
class Limit:
    """`take` for each address; an address of which nothing was heard for a while is forgotten."""

    size: int
    per_ms: float
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, address: str, now: int) -> bool:
        """Whether there was one left."""
        return self._bucket(address, now).take(now)

    def has(self, address: str, now: int) -> bool:
        found = self._buckets.get(source(address))
        return found is None or found.level(now) >= 1

    def _bucket(self, address: str, now: int) -> Bucket:
        key = source(address)
        if key not in self._buckets:
            self._make_room(now)
            self._buckets[key] = Bucket(self.size, self.per_ms, self.size, now)
        return self._buckets[key]

    def _make_room(self, now: int) -> None:
        if len(self._buckets) < _MOST_ADDRESSES:
            return
        for key in [key for key, bucket in self._buckets.items() if bucket.level(now) >= bucket.size]:
            del self._buckets[key]
        # Still full: the one that was made first goes.
        while len(self._buckets) >= _MOST_ADDRESSES:
            del self._buckets[next(iter(self._buckets))]


def source(address: str) -> str:
    """Whoever has one IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
