"""Absences that people make: mains that are switched off when everybody leaves. They are no outage, however often they come."""

from hub.detection.presence import MINUTE_MS, Presence
from hub.detection.progress import ClassTime
from hub.detection.thresholds import PresenceSettings

_DAY_MS = 86_400_000
_NIGHTS_KNOWN = 3
_OVERNIGHT_MS = 10 * 3_600_000


def is_odd(presence: Presence, t: int, time: ClassTime, settings: PresenceSettings) -> bool:
    """Whether nobody would go away at this hour: in class, or at night where a node otherwise runs day and night."""
    if presence.is_usual(t, settings):
        return False
    return bool(time.class_ms_between(t, t + MINUTE_MS)) or _runs_at_night(presence, t, settings)


def recurring(presence: Presence, cause: str, t: int, time: ClassTime, settings: PresenceSettings) -> tuple[int, ...]:
    """When the absences of this cause began that are too many to be chance; none where they are few, or a habit."""
    counted = tuple(
        start
        for start, end, code in presence.past
        if code == cause
        and end >= t - settings.recurring_days * _DAY_MS
        # One that nobody could feel counts only where the node otherwise runs day and night.
        and (time.class_ms_between(start, end) or _runs_at_night(presence, start, settings))
    )
    return counted if len(counted) >= settings.recurring_count and not _is_habit(presence, counted, settings) else ()


def _runs_at_night(presence: Presence, t: int, settings: PresenceSettings) -> bool:
    known = presence.known_since is not None and presence.known_since < t - _NIGHTS_KNOWN * _DAY_MS
    return known and presence.days_away_at(t, _NIGHTS_KNOWN + 1, settings) <= 1


def _is_habit(presence: Presence, starts: tuple[int, ...], settings: PresenceSettings) -> bool:
    """They lie at one hour of the day and last until another day: somebody switches the mains off when leaving."""
    hours = [(start - starts[0] + _DAY_MS // 2) % _DAY_MS for start in starts]
    ends = {start: end for start, end, _ in presence.past}
    overnight = all(ends[start] - start > _OVERNIGHT_MS for start in starts)
    return overnight and max(hours) - min(hours) <= round(settings.usual_min * MINUTE_MS)
