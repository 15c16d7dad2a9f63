"""Somebody who is signed in: from when to when, and from where. The secret is in their cookie; the hub has its hash."""

from dataclasses import dataclass

from hub.accounts.settings import DAY_MS, HOUR_MS, MINUTE_MS, SessionSettings
from hub.core.people import Principal, Role

_TOUCH_MS = 5 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, as far as it says so itself.

    address   of the connection
    agent     the browser's own name
    session   the secret of the session that the request came with: signing in ends it, so that none can be slipped in before
    """

    address: str
    agent: str = ""
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One browser of one person; or, on a hub that shows itself, of a role and no person."""

    digest: str
    person_id: int | None
    opened_at: int
    seen_at: int
    address: str
    agent: str
    demo: Role | None = None
    ended_at: int | None = None
    id: int = 0

    def is_alive(self, now: int, settings: SessionSettings) -> bool:
        return self.ended_at is None and now < self.ends_at(settings)

    def ends_at(self, settings: SessionSettings) -> int:
        """When it ends, if nothing more is asked."""
        idle = self.seen_at + int(settings.idle_h * HOUR_MS)
        return min(idle, self.opened_at + int(settings.longest_days * DAY_MS))

    def is_to_be_touched(self, now: int, settings: SessionSettings) -> bool:
        """Not at each request: that would be a write each."""
        return now - self.seen_at >= min(_TOUCH_MS, int(settings.idle_h * HOUR_MS / 10))


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a request is, by its session."""

    session: Session
    principal: Principal
