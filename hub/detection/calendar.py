"""Class time: which milliseconds belong to lessons. Weekdays, hours, terms and holidays come from the settings.

A day holds at most one stretch of class. Days are worked out once and kept; sums run over days, not over hours.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

from hub.detection.settings import CalendarSettings

DAY_MS = 86_400_000
_FIRST, _LAST = 0, 7_258_118_400_000
"""1970 to 2200: times beyond are taken for these, so that a broken clock cannot make a date that does not exist."""
_HORIZON_DAYS = 800
"""Longer than any holiday: where no class comes within so long, the terms have run out."""
_KEPT_DAYS = 4096
_COUNTRY = "TH"

Stretch = tuple[int, int]


class Calendar:
    """The class hours of a school. All times are ms since 1970 UTC."""

    def __init__(self, settings: CalendarSettings) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._public = country_holidays(_COUNTRY) if settings.holidays is None else frozenset(settings.holidays)
        self._days: dict[int, Stretch | None] = {}

    def in_class(self, t: int) -> bool:
        """Whether there is class at `t`."""
        stretch = self._stretch(self._day(t))
        return stretch is not None and stretch[0] <= t < stretch[1]

    def class_ms_between(self, start: int, end: int) -> int:
        """Class time from `start` to `end`; none where `end` is not after `start`."""
        if end <= start:
            return 0
        stretches = map(self._stretch, range(self._day(start), self._day(end) + 1))
        return sum(max(0, min(end, last) - max(start, first)) for first, last in filter(None, stretches))

    def when_class_time_reached(self, start: int, class_ms: int) -> int | None:
        """The first moment at which so much class time has passed since `start`; None where it never will."""
        if class_ms <= 0:
            return start
        missing = class_ms
        today = self._day(start)
        for stretch in filter(None, map(self._stretch, range(today, today + _HORIZON_DAYS))):
            first = max(start, stretch[0])
            if missing <= stretch[1] - first:
                return first + missing
            missing -= max(0, stretch[1] - first)
        return None

    def _day(self, t: int) -> int:
        return datetime.fromtimestamp(min(max(t, _FIRST), _LAST) / 1000, self._zone).toordinal()

    def _stretch(self, day: int) -> Stretch | None:
        try:
            return self._days[day]
        except KeyError:
            if len(self._days) >= _KEPT_DAYS:
                self._days.clear()
            return self._days.setdefault(day, self._work_out(date.fromordinal(day)))

    def _work_out(self, day: date) -> Stretch | None:
        if day.weekday() not in self._settings.weekdays or day in self._public or not self._in_term(day):
            return None
        first, last = self._settings.class_hours
        return self._moment(day, first), self._moment(day, last)

    def _in_term(self, day: date) -> bool:
        if self._settings.terms is None:
            return _in_yearly_term(day)
        return any(first <= day <= last for first, last in self._settings.terms)

    def _moment(self, day: date, at: time) -> int:
        if at == time.max:
            day, at = day + timedelta(days=1), time.min
        return round(datetime.combine(day, at, self._zone).timestamp() * 1000)


def _in_yearly_term(day: date) -> bool:
    """The ministry's rule: 16 May to 10 October, 1 November to 31 March."""
    return (5, 16) <= (day.month, day.day) <= (10, 10) or day.month in (11, 12, 1, 2, 3)
