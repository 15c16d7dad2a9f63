"""When somebody wants to be told of what, and when a message is due then. One's own choice stands over that of one's roles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from hub.messages.kinds import Kind


class When(StrEnum):
    """The more pressing first."""

    ALWAYS = "always"
    """at once, in quiet hours too"""
    NOW = "now"
    """at once; what comes in quiet hours, at their end"""
    DIGEST = "digest"
    """once a day, with the others"""
    NEVER = "never"


_PRESSING = tuple(When)
USUAL: Mapping[Kind, When] = {
    Kind.REQUESTS: When.NOW,
    Kind.LIMITS: When.NOW,
    Kind.TICKETS: When.DIGEST,
    Kind.INCIDENTS: When.NOW,
    Kind.SURVEYS: When.NOW,
    Kind.SUPPLY: When.DIGEST,
    Kind.HUB: When.NOW,
    Kind.OTHER: When.NOW,
}
"""For whom nobody has chosen."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day, from one minute to another; they may go over midnight. The same twice: none."""

    start: int
    end: int

    def holds(self, minute: int) -> bool:
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody has chosen, or a role.

    times      for the kinds that they have chosen something for
    digest_at  minute of the day
    version    0: nothing has been chosen yet
    """

    language: str = "th"
    times: Mapping[Kind, When] = field(default_factory=dict)
    quiet: Quiet | None = Quiet(21 * 60, 6 * 60)
    digest_at: int = 7 * 60
    version: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """When a message is to be sent, and whether it is gathered with others."""

    at: int
    digest: bool = False


def chosen(own: Choice | None, roles: Iterable[Choice], kind: Kind) -> When:
    """One's own word, else the most pressing of one's roles, else the usual."""
    if own is not None and kind in own.times:
        return own.times[kind]
    said = [each.times[kind] for each in roles if kind in each.times]
    return min(said, key=_PRESSING.index) if said else USUAL[kind]


def due(when: When, choice: Choice, at: int, zone: tzinfo) -> Due | None:
    """When what is known at `at` is to be sent; None: never."""
    if when is When.NEVER:
        return None
    if when is When.DIGEST:
        return Due(_next(choice.digest_at, at, zone), digest=True)
    if when is When.NOW and choice.quiet is not None and choice.quiet.holds(_minute(at, zone)):
        return Due(_next(choice.quiet.end, at, zone))
    return Due(at)


def _minute(at: int, zone: tzinfo) -> int:
    local = datetime.fromtimestamp(at / 1000, zone)
    return local.hour * 60 + local.minute


def _next(minute: int, at: int, zone: tzinfo) -> int:
    """The first such minute of a day that is not before."""
    local = datetime.fromtimestamp(at / 1000, zone)
    day = local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    if round(day.timestamp() * 1000) < at:
        day += timedelta(days=1)
    return round(day.timestamp() * 1000)
