"""The class time of schools, from the calendars that detection judges by."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.detection.calendar import Calendar
from hub.detection.calendars import Calendars

_MINUTE_MS = 60_000


class Bells:
    """Fills hub.core.class_time.ClassTime. Schools that do the same share a calendar, and what was counted for it."""

    def __init__(self, calendars: Calendars, zone: ZoneInfo) -> None:
        self._calendars, self._zone = calendars, zone
        self._counted: dict[tuple[int, date, date], int] = {}

    def minutes(self, school: str, start: int, end: int) -> float:
        return self._calendars.of(school).class_ms_between(start, end) / _MINUTE_MS

    def days(self, school: str, first: date, last: date) -> int:
        calendar = self._calendars.of(school)
        key = (id(calendar), first, last)
        if key not in self._counted:
            if len(self._counted) > 1000:
                self._counted.clear()
            self._counted[key] = _days(calendar, first, last)
        return self._counted[key]

    def span(self, first: date, last: date) -> tuple[int, int]:
        """From the beginning of one day to the end of another, in ms."""
        begin = datetime.combine(first, time.min, self._zone)
        end = datetime.combine(last + timedelta(days=1), time.min, self._zone)
        return round(begin.timestamp() * 1000), round(end.timestamp() * 1000)


def _days(calendar: Calendar, first: date, last: date) -> int:
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return sum(calendar.class_span(day) is not None for day in days)
