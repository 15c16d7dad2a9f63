"""Class time: which milliseconds belong to lessons. Weekdays, hours, terms, holidays and exceptions come from the settings.

A day holds one stretch of class, less the maintenance. The stretches of a year are worked out once and kept with their sums, so
that class time between two moments is a difference; and the stretch, or the gap, that the last question fell into answers most of
the next ones. All times are ms since 1970 UTC; a stretch holds its start, not its end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, groupby
from zoneinfo import ZoneInfo

from holidays import country_holidays

from hub.detection.settings import CalendarSettings, Maintenance

DAY_MS = 86_400_000
_FIRST, _LAST = 0, 7_258_118_400_000
"""1970 to 2200: times beyond are taken for these, so that a broken clock cannot make a date that does not exist."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_HORIZON_YEARS = 3
"""Longer than any holiday: where no class comes in so many years, the terms have run out."""
_COUNTRY = "TH"

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Year:
    """One year's class. `before`: class time of the year before each stretch; `days`: the ordinal of the day of each."""

    number: int
    first: int
    last: int
    days: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def elapsed(self, t: int) -> int:
        """Class time of this year up to `t`."""
        at = bisect_right(self.starts, t) - 1
        return self.before[at] + min(t, self.ends[at]) - self.starts[at] if at >= 0 else 0

    def reached(self, class_ms: int) -> int:
        """When so much class time has passed: more than none, and not more than all."""
        at = bisect_left(self.before, class_ms) - 1
        return self.starts[at] + class_ms - self.before[at]

    def around(self, t: int) -> tuple[int, int, bool]:
        """The stretch or the gap that `t` lies in, and whether it is class."""
        at = bisect_right(self.starts, t) - 1
        if at >= 0 and t < self.ends[at]:
            return self.starts[at], self.ends[at], True
        following = self.starts[at + 1] if at + 1 < len(self.starts) else self.last
        return (self.ends[at] if at >= 0 else self.first), following, False


_NO_YEAR = _Year(0, 0, 0, (), (), (), (), 0)


class Calendar:
    """The class hours of a school."""

    def __init__(self, settings: CalendarSettings, maintenance: Iterable[Maintenance] = ()) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._holidays = None if settings.holidays is None else frozenset(settings.holidays)
        self._closed = _merged(self._window(each) for each in maintenance)
        self._years: dict[int, _Year] = {}
        self._year = _NO_YEAR
        self._around = (0, 0, False)
        self._today = (0, 0, date(_FIRST_YEAR, 1, 1))

    def in_class(self, t: int) -> bool:
        """Whether there is class at `t`."""
        first, last, there_is = self._around
        if first <= t < last:
            return there_is
        self._around = around = self._holding(t).around(t)
        return around[2]

    def maintained(self, t: int) -> bool:
        """Whether a maintenance window holds `t`."""
        return any(start <= t < end for start, end in self._closed)

    def class_ms_between(self, start: int, end: int) -> int:
        """Class time from `start` to `end`; none where `end` is not after `start`."""
        if end <= start:
            return 0
        first, last, there_is = self._around
        if first <= start and end <= last:
            return end - start if there_is else 0
        if not first <= end < last:
            self.in_class(end)
        early, late = self._holding(start), self._holding(end)
        if early is late:
            return early.elapsed(end) - early.elapsed(start)
        between = sum(self._year_of(number).total for number in range(early.number + 1, late.number))
        return early.total - early.elapsed(start) + between + late.elapsed(end)

    def when_class_time_reached(self, start: int, class_ms: int) -> int | None:
        """The first moment at which so much class time has passed since `start`; None where it never will."""
        if class_ms <= 0:
            return start
        missing = class_ms
        for year in self._years_from(start):
            missing += year.elapsed(start)
            if missing <= year.total:
                return year.reached(missing)
            missing -= year.total
        return None

    def day_of(self, t: int) -> date:
        """The date on the school's wall at `t`."""
        first, last, day = self._today
        if not first <= t < last:
            day = self._local(t).date()
            self._today = (self._moment(day, time.min), self._moment(day, time.max), day)
        return day

    def class_span(self, day: date) -> Stretch | None:
        """From the first to the last moment of class of a day; what is between may have gaps of maintenance."""
        stretches = self.class_stretches(day)
        return (stretches[0][0], stretches[-1][1]) if stretches else None

    def class_days(self, first: date, last: date) -> list[date]:
        """The days with class from one to another, both included, in order."""
        found: list[date] = []
        for number in range(max(first.year, _FIRST_YEAR), min(last.year, _LAST_YEAR) + 1):
            days = self._year_of(number).days
            held = days[bisect_left(days, first.toordinal()) : bisect_right(days, last.toordinal())]
            found.extend(map(date.fromordinal, sorted(set(held))))
        return found

    def class_stretches(self, day: date) -> tuple[Stretch, ...]:
        """The class of a day: mostly one stretch, none, or several around maintenance."""
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return ()
        year, ordinal = self._year_of(day.year), day.toordinal()
        held = slice(bisect_left(year.days, ordinal), bisect_right(year.days, ordinal))
        return tuple(zip(year.starts[held], year.ends[held], strict=True))

    def class_ms_by_day(self, start: int, end: int) -> Iterable[tuple[date, int]]:
        """Each day with class from `start` to `end`, in order, and how much."""
        first, last, there_is = self._around
        if first <= start < end <= last:
            return ((self.day_of(start), end - start),) if there_is else ()
        return self._by_day(start, end)

    def _by_day(self, start: int, end: int) -> Iterator[tuple[date, int]]:
        parts = ((day, min(end, last) - max(start, first)) for day, first, last in self._stretches(start, end))
        for day, same in groupby(parts, key=lambda part: part[0]):
            yield date.fromordinal(day), sum(ms for _, ms in same)

    def _stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Those that lie in a span, at least in part."""
        if end <= start:
            return
        for number in range(self._holding(start).number, self._holding(end).number + 1):
            year = self._year_of(number)
            held = slice(bisect_right(year.ends, start), bisect_left(year.starts, end))
            yield from zip(year.days[held], year.starts[held], year.ends[held], strict=True)

    def _years_from(self, t: int) -> Iterator[_Year]:
        number = self._holding(t).number
        return map(self._year_of, range(number, min(number + _HORIZON_YEARS, _LAST_YEAR) + 1))

    def _holding(self, t: int) -> _Year:
        """The year that `t` lies in."""
        year = self._year
        if not year.first <= t < year.last:
            self._year = year = self._year_of(self._local(t).year)
        return year

    def _year_of(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._work_out(number)
        return year

    def _work_out(self, number: int) -> _Year:
        first, last = (self._moment(date(each, 1, 1), time.min) for each in (number, number + 1))
        holidays = _public_holidays(number) if self._holidays is None else self._holidays
        closed = [window for window in self._closed if window[0] < last and window[1] > first]
        ordinals = range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal())
        days = [day for day in map(date.fromordinal, ordinals) if self._has_class(day, holidays)]
        rows = [(day.toordinal(), start, end) for day in days for start, end in _open(self._bells(day), closed)]
        sums = list(accumulate((end - start for _, start, end in rows), initial=0))
        ordinal, starts, ends = zip(*rows, strict=True) if rows else ((), (), ())
        return _Year(number, first, last, ordinal, starts, ends, tuple(sums[:-1]), sums[-1])

    def _has_class(self, day: date, holidays: frozenset[date]) -> bool:
        settings = self._settings
        if day in settings.no_class:
            return False
        usual = day.weekday() in settings.weekdays and day not in holidays and self._in_term(day)
        return usual or day in settings.also_class

    def _in_term(self, day: date) -> bool:
        if self._settings.terms is None:
            return _in_yearly_term(day)
        return any(first <= day <= last for first, last in self._settings.terms)

    def _bells(self, day: date) -> Stretch:
        first, last = self._settings.class_hours
        return self._moment(day, first), self._moment(day, last)

    def _window(self, maintenance: Maintenance) -> Stretch:
        return self._ms(maintenance.start), self._ms(maintenance.end)

    def _moment(self, day: date, at: time) -> int:
        return self._ms(datetime.combine(day, at))

    def _ms(self, moment: datetime) -> int:
        """The last microsecond of a day stands for its end."""
        if moment.time() == time.max:
            moment = datetime.combine(moment.date() + timedelta(days=1), time.min, moment.tzinfo)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).timestamp() * 1000)

    def _local(self, t: int) -> datetime:
        return datetime.fromtimestamp(min(max(t, _FIRST), _LAST) / 1000, self._zone)


def _merged(windows: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _open(stretch: Stretch, closed: Iterable[Stretch]) -> Iterator[Stretch]:
    """What `closed`, in order and without overlaps, leaves of a stretch."""
    start, end = stretch
    for first, last in closed:
        if start < min(first, end):
            yield start, min(first, end)
        start = max(start, last)
    if start < end:
        yield start, end


@lru_cache(maxsize=512)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays(_COUNTRY, years=year))


def _in_yearly_term(day: date) -> bool:
    """The ministry's rule: 16 May to 10 October, 1 November to 31 March."""
    return (5, 16) <= (day.month, day.day) <= (10, 10) or day.month in (11, 12, 1, 2, 3)
