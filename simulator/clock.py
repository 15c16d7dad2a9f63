"""Seconds since 1970 UTC and the local days of Thailand, which has no summer time."""

from datetime import UTC, date, datetime, timedelta

MINUTE, HOUR, DAY = 60, 3600, 86400
OFFSET = 7 * HOUR
"""Asia/Bangkok is seven hours ahead of UTC, all year."""
_EPOCH = date(1970, 1, 1).toordinal()


def midnight(day: date) -> int:
    """When the local day begins."""
    return (day.toordinal() - _EPOCH) * DAY - OFFSET


def day_of(t: float) -> date:
    """The local day that `t` falls in."""
    return date.fromordinal(int(t + OFFSET) // DAY + _EPOCH)


def hour_of(t: float) -> float:
    """The local time of day, in hours."""
    return ((t + OFFSET) % DAY) / HOUR


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


def iso(t: float) -> str:
    """For messages: the moment in UTC."""
    return datetime.fromtimestamp(t, UTC).isoformat()
