"""What guessing passwords costs: waits that double, by account and by address.

An attempt is counted as a failure before the password is looked at, and taken back where it was right: a hundred attempts at once
cost as much as one after another. What comes during a wait is refused unseen and prolongs nothing. No wait is longer than the
longest, and addresses from which somebody has signed in before have a count of their own: whoever guesses at an account from
elsewhere cannot shut its owner out.
"""

import hashlib
import ipaddress
from dataclasses import dataclass, replace

from hub.accounts.settings import HOUR_MS, MINUTE_MS, PasswordSettings

_MOST_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong passwords in a row; of one key."""

    count: int = 0
    last_at: int = 0

    def one_more(self, now: int, settings: PasswordSettings) -> "Failures":
        before = 0 if self._is_old(now, settings) else self.count
        return Failures(before + 1, now)

    def one_less(self) -> "Failures":
        return replace(self, count=max(0, self.count - 1))

    def locked_until(self, now: int, tries: int, settings: PasswordSettings) -> int | None:
        """Until when nothing is tried; None where it may be tried now."""
        # A clock that was set back must not lengthen a wait.
        if self.count < tries or now < self.last_at or self._is_old(now, settings):
            return None
        doubled = settings.first_wait_s * 1000 << min(self.count - tries, _MOST_DOUBLINGS)
        until = self.last_at + min(doubled, settings.longest_wait_min * MINUTE_MS)
        return until if now < until else None

    def _is_old(self, now: int, settings: PasswordSettings) -> bool:
        return now - self.last_at > settings.forget_h * HOUR_MS


def account_key(login: str, address: str, *, known: bool) -> str:
    """By what the failures of an account are counted. Hashed: people type passwords where logins belong."""
    name = hashlib.sha256(f"login\n{login}\n{network(address) if known else ''}".encode()).hexdigest()
    return f"account:{name[:32]}"


def address_key(address: str) -> str:
    return f"address:{network(address)}"


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
