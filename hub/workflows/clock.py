"""Working time of the office: how much of it lies between two moments, and when so much of it will have passed.

Half-open: the moment at which the office closes is no working time any more, and what is due then is due at that moment.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from hub.workflows.settings import OfficeSettings

HOUR_MS = 3_600_000
_COUNTRY = "TH"
_MOST_DAYS = 4000
_LAST_MS = 4_102_444_800_000
"""The year 2100: no calendar of holidays goes further, and nobody waits so long."""


class OfficeCalendar:
    """Which milliseconds are working time."""

    def __init__(self, settings: OfficeSettings, zone: ZoneInfo) -> None:
        self.zone = zone
        self._settings = settings
        self._holidays = None if settings.holidays is None else frozenset(settings.holidays)

    def worked(self, start: int, end: int) -> int:
        """Working time in [start, end), in ms; none where the end is not after the start."""
        total = 0
        for opens, closes in self._days(start):
            if opens >= end:
                break
            total += max(0, min(closes, end) - max(opens, start))
        return total

    def after(self, start: int, amount: int) -> int:
        """The first moment at which `amount` ms of working time have passed since `start`."""
        left = amount
        if left <= 0:
            return start
        for opens, closes in self._days(start):
            begin = max(opens, start)
            if closes - begin >= left:
                return begin + left
            left -= max(0, closes - begin)
        return _LAST_MS

    def before(self, moment: int, amount: int) -> int:
        """The last moment from which `amount` ms of working time are left until `moment`."""
        left = amount
        if left <= 0:
            return moment
        day = self.day(moment)
        for _ in range(_MOST_DAYS):
            opens, closes = self._hours(day)
            end = min(closes, moment)
            if end - opens >= left:
                return end - left
            left -= max(0, end - opens)
            day -= timedelta(days=1)
        return 0

    def is_open(self, moment: int) -> bool:
        opens, closes = self._hours(self.day(moment))
        return opens <= moment < closes

    def day(self, moment: int) -> date:
        return datetime.fromtimestamp(min(max(moment, 0), _LAST_MS) / 1000, self.zone).date()

    def works_on(self, day: date) -> bool:
        settings = self._settings
        if day in settings.also_open:
            return True
        holidays = _public_holidays(day.year) if self._holidays is None else self._holidays
        return day.weekday() in settings.weekdays and day not in holidays and day not in settings.closed

    def closing(self, day: date) -> int:
        """When the office closes on a day, or would."""
        return self.moment(day, self._settings.closes)

    def moment(self, day: date, at: time) -> int:
        return round(datetime.combine(day, at, self.zone).astimezone(UTC).timestamp() * 1000)

    def _days(self, start: int) -> Iterator[tuple[int, int]]:
        """Opening and closing of each day from that of `start` on; of a day without work, twice the same moment."""
        first = self.day(start)
        return (self._hours(first + timedelta(days=n)) for n in range(_MOST_DAYS))

    def _hours(self, day: date) -> tuple[int, int]:
        opens = self.moment(day, self._settings.opens)
        return opens, self.moment(day, self._settings.closes) if self.works_on(day) else opens


@lru_cache(maxsize=256)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays(_COUNTRY, years=year))
