"""What is wrong with the hub. Unknown is not down: what has not been seen since the start counts from the start on."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from hub.watching.settings import WatchSettings
from hub.watching.signs import Signs

_MINUTE_MS = 60_000


class Trouble(StrEnum):
    """`message.hub.<trouble>` has its words, `message.hub.<trouble>_over` those of its end."""

    INGEST_STOPPED = "ingest_stopped"
    """reports are not kept: the database refuses, or a step hangs"""
    BROKER_AWAY = "broker_away"
    NOTHING_HEARD = "nothing_heard"
    """computers are on, the broker is reached, and yet nobody is heard"""
    FALLING_BEHIND = "falling_behind"
    """more comes than can be kept"""
    JUDGING_STOPPED = "judging_stopped"
    """reports are kept and not judged: no fault is found"""
    CHORE_FAILING = "chore_failing"
    MESSAGES_STUCK = "messages_stuck"
    DISK_LOW = "disk_low"


AT_ONCE = frozenset({Trouble.DISK_LOW})
"""Of which the time since the start changes nothing."""
DEAD = frozenset({Trouble.INGEST_STOPPED, Trouble.BROKER_AWAY, Trouble.NOTHING_HEARD})
"""While one of these stands no report comes in and is kept."""


def troubles(signs: Signs, settings: WatchSettings) -> Mapping[Trouble, int]:
    """What is wrong, and since when."""
    in_grace = signs.now - signs.started_at < settings.grace_min * _MINUTE_MS
    found = {}
    for trouble, since_of in _SINCE.items():
        since = since_of(signs, settings)
        if since is not None and (trouble in AT_ONCE or not in_grace):
            found[trouble] = since
    return found


def _stopped(signs: Signs, settings: WatchSettings) -> int | None:
    return _too_long(signs, signs.stepped_at, settings.stuck_min)


def _unjudged(signs: Signs, settings: WatchSettings) -> int | None:
    return _too_long(signs, signs.judged_at, settings.stuck_min)


def _parted(signs: Signs, settings: WatchSettings) -> int | None:
    return _too_long(signs, signs.parted_at, settings.stuck_min)


def _unheard(signs: Signs, settings: WatchSettings) -> int | None:
    if signs.connected_at is None or not signs.online:
        return None
    return _too_long(signs, max(signs.started_at, signs.connected_at, signs.heard_at or 0), settings.silent_min)


def _behind(signs: Signs, settings: WatchSettings) -> int | None:
    return _too_long(signs, signs.idle_at, settings.behind_min)


def _unsent(signs: Signs, settings: WatchSettings) -> int | None:
    return _too_long(signs, signs.unsent_at, settings.unsent_min)


def _undone(signs: Signs, settings: WatchSettings) -> int | None:
    return _too_long(signs, min(signs.chores.values(), default=None), settings.chore_min)


def _full(signs: Signs, settings: WatchSettings) -> int | None:
    return signs.now if signs.disk_free * 100 < settings.disk_free_pct else None


def _too_long(signs: Signs, since: int | None, minutes: float) -> int | None:
    return since if since is not None and signs.now - since >= minutes * _MINUTE_MS else None


_SINCE: Mapping[Trouble, Callable[[Signs, WatchSettings], int | None]] = {
    Trouble.INGEST_STOPPED: _stopped,
    Trouble.BROKER_AWAY: _parted,
    Trouble.NOTHING_HEARD: _unheard,
    Trouble.FALLING_BEHIND: _behind,
    Trouble.JUDGING_STOPPED: _unjudged,
    Trouble.CHORE_FAILING: _undone,
    Trouble.MESSAGES_STUCK: _unsent,
    Trouble.DISK_LOW: _full,
}
