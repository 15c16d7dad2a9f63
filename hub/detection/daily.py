"""On how many days of class a set was at work, and on how many it was wanted and did not come: the habit of a room.

A set that says nothing when it is off may be broken or not wanted. Where a room has shown its lesson nearly every day, and all at
once shows none although its other half is on, each such day makes it less likely that nobody wanted to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, exp, log
from typing import NamedTuple, Protocol

_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_HOUR_MS, _LESSON_MS = 60 * _MINUTE_MS, 50 * _MINUTE_MS
_AT_WORK_MS, _WANTED_MS, _SEEN_MS = 10 * _MINUTE_MS, _LESSON_MS, 120 * _MINUTE_MS
_STEADY_MS = 15 * _HOUR_MS
_AWAY = 0.05
"""Of so many days a teacher is ill, or on a journey."""
_KNOWN_DAYS, _HABIT_DAYS = 3, 5
"""Fewer days are no habit; so many without an exception are a strong one."""
_ENDS_KEPT, _SLACK_MIN = 10, 20
_DIES_EARLY = 0.5
"""Sets die while they are at work, or when they are switched on: so often before a usual day of work is over."""
_AT_ONCE = 1.5
"""It fell so much earlier than ever: on one day in nine by chance, at most."""
_PAUSE_DAYS, _PAUSE_KEPT_DAYS = 3, 60
_PAUSES, _PAUSES_SHARE = 2, 0.02
_LONGER = 2
"""Where some pauses are so long, another may be so many times as long: as long as the longest of them is no limit."""


class ClassTime(Protocol):
    """The calendar, as far as this needs it."""

    def class_ms_between(self, start: int, end: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Waiter:
    """What waits for a set, and what that says.

    prior       how surely the set comes when it is waited for, before anything is known of it: so many days to one
    most_a_day  what one day missed says at most, as a logarithm of odds: days on which nobody wants a set come in rows
    today_ms    so much class time it must have waited before a day that is not over counts
    known_days  fewer are no habit
    """

    prior: float
    most_a_day: float
    today_ms: int
    known_days: int = _KNOWN_DAYS


SCREEN = Waiter(4, 2.6, _LESSON_MS)
"""A screen that is on is there to show what the box gives."""
BOX = Waiter(1, 2.3, 6 * _HOUR_MS)
"""A box that is on may be left on: until the day is nearly over somebody may still come and want his one lesson of it."""
RESTLESS = Waiter(1, 1.75, 6 * _HOUR_MS, _HABIT_DAYS)
"""A box that is never off waits for nobody in particular: it does so as well where a class sits in another room for some days.
On which days of the week its room is used is known after a week."""


class Sight(NamedTuple):
    """How a set is seen at `t`.

    work    it is on
    wanted  what belongs to it is on, and has use for it
    others  other rooms are in use, or there are none that ever were
    seen    its node is there, so that anything can be said
    dark    its room has nothing to show
    """

    t: int
    work: bool
    wanted: bool
    others: bool
    seen: bool
    dark: bool = False


@dataclass(slots=True)
class Daily:
    """A set's days of class.

    days, used     on how many it could be seen, and on how many of them it was at work
    idle           days since then on which it was not at work, and not wanted
    missed         days since then on which it was wanted and did not come; `waited_ms`: for how long on all of them
    most           the most days missed before it came again
    day            since 1970; what follows is of this day
    work_ms, wanted_ms, rest_ms  class time in which it was at work; wanted and not at work; neither
    others         other rooms were in use; dark_ms: class time in which its own had nothing to show
    worked_ms      class time in which it was at work, ever; absences: how often it was not for a lesson, and came again
    away_ms        class time since it was last at work
    fell_in_class  it ceased to be at work in the midst of class, before everybody's eyes
    longing_ms     class time in which it was wanted since it was last at work; longest_ms: the longest before it came again
    wanted_at      when it was first wanted anew since it was last at work
    since, work, wanted, dark  how it is, since when
    left_min       class time that was left when it last ceased to be at work although it was wanted; ends: at the end of each of
                   its last days of work
    gap            days since it was last at work on which it could have been; pause: the longest such gap that ended by itself
                   lately, pause_day: on which day
    """

    days: int = 0
    used: int = 0
    idle: int = 0
    missed: int = 0
    waited_ms: int = 0
    most: int = 0
    day: int = 0
    work_ms: int = 0
    wanted_ms: int = 0
    rest_ms: int = 0
    dark_ms: int = 0
    others: bool = False
    worked_ms: int = 0
    absences: int = 0
    away_ms: int = 0
    fell_in_class: bool = False
    longing_ms: int = 0
    longest_ms: int = 0
    wanted_at: int | None = None
    since: int | None = None
    work: bool = False
    wanted: bool = False
    dark: bool = False
    left_min: int = 0
    ends: list[int] = field(default_factory=list)
    gap: int = 0
    pause: int = 0
    pause_day: int = 0

    def note(self, sight: Sight, time: ClassTime) -> None:
        """Account for the time since the last look, then note how it is now."""
        if self.since is not None:
            self._pass(time.class_ms_between(self.since, sight.t))
        if sight.t // _DAY_MS != self.day:
            self._close(sight.t // _DAY_MS)
        self.others |= sight.others
        self.since, seen_before = sight.t if sight.seen else None, self.since is not None
        if sight.wanted and not self.wanted and not sight.work and self.wanted_at is None:
            self.wanted_at = sight.t
        self.wanted, self.dark = sight.wanted, sight.dark
        if sight.seen and sight.work != self.work:
            self.work = sight.work
            if self.work:
                self._come_back()
            else:
                self.fell_in_class = seen_before and time.class_ms_between(sight.t, sight.t + _HOUR_MS) == _HOUR_MS
                # Where it says that it is off, or there was nothing to show, somebody switched it off.
                fell = seen_before and sight.wanted
                left_ms = time.class_ms_between(sight.t, sight.t + _DAY_MS // 2) if fell else 0
                self.left_min = left_ms // _MINUTE_MS

    @property
    def steady(self) -> bool:
        """It has been at work in all class that was watched, for days."""
        return self.worked_ms >= _STEADY_MS and not self.absences

    @property
    def always_came(self) -> bool:
        """On all days on which it was wanted it came, within minutes, and there were enough of them to call that a habit."""
        return self.used >= _HABIT_DAYS and self.longest_ms < _AT_WORK_MS

    @property
    def waiting_ms(self) -> int:
        """For how long it is waited for, on days missed and today."""
        return self.waited_ms + (self.wanted_ms if self.work_ms < _AT_WORK_MS else 0)

    @property
    def fall(self) -> float:
        """What the hour at which it was last at work says for a fault, as a logarithm of odds.

        Who needs a set no more switches it off when its usual day is over; one that dies does so in the midst of it.
        """
        if not self.ends:
            return 0.0
        *before, last = self.ends
        as_early = sum(each >= last - _SLACK_MIN for each in before)
        return log(_DIES_EARLY * (len(before) + 1) / (as_early + 0.5))

    @property
    def fell_at_work(self) -> bool:
        """It ceased to be at work so early on its day as it hardly ever did."""
        return self.fall >= _AT_ONCE

    @property
    def waits_today(self) -> bool:
        """Today too it is waited for, and for a lesson: who comes again comes with the first one."""
        return self.wanted_ms >= _LESSON_MS

    def paused_lately(self, today: int) -> int:
        """Its longest pause of the last weeks; one that runs is none while the set is waited for: it may be broken."""
        ended = self.pause if today - self.pause_day <= _PAUSE_KEPT_DAYS else 0
        return max(ended, 0 if self.missed else self.gap)

    def is_mended(self) -> None:
        """A fault of it was told: somebody has mended it, so its absence was no pause."""
        self.gap = 0

    def _come_back(self) -> None:
        self.absences += self.away_ms >= _LESSON_MS
        self.longest_ms = max(self.longest_ms, self.longing_ms)
        self.away_ms, self.longing_ms, self.wanted_at = 0, 0, None
        if self.missed:
            self.days += self.idle + self.missed
            self.most = max(self.most, self.missed)
            self.idle = self.missed = self.waited_ms = 0

    def odds(self, waiter: Waiter) -> tuple[float, int, int]:
        """How much speaks for a fault, as the logarithm of odds; the days missed; and the time waited on them."""
        today = self._missed_today() and self.wanted_ms >= waiter.today_ms
        missed = self.missed + today
        known = self.days + self.idle
        if known < waiter.known_days or missed <= 2 * self.most:
            return 0.0, missed, self.waited_ms
        usual = (self.used + waiter.prior) / (known + waiter.prior + 1)
        # Who uses a set for two lessons a day has a day without any now and then, by chance alone; and anybody may be away.
        without = _AWAY + (1 - _AWAY) * exp(-self.worked_ms / known / _LESSON_MS)
        a_day = min(-log(1 - usual), -log(without), waiter.most_a_day)
        return missed * a_day, missed, self.waited_ms + today * self.wanted_ms

    def _pass(self, class_ms: int) -> None:
        if self.dark:
            self.dark_ms += class_ms
        if self.work:
            self.work_ms += class_ms
            self.worked_ms += class_ms
            return
        self.away_ms += class_ms
        if self.wanted:
            self.wanted_ms += class_ms
            self.longing_ms += class_ms
        else:
            self.rest_ms += class_ms

    def _missed_today(self) -> bool:
        return self.work_ms < _AT_WORK_MS and self.wanted_ms >= _WANTED_MS and self.others

    def _close(self, day: int) -> None:
        if self.work_ms >= _AT_WORK_MS:
            self.days += self.idle + 1
            self.used += 1
            self.idle = 0
            self.ends = [*self.ends[1 - _ENDS_KEPT :], 0 if self.work else self.left_min]
            self._end_gap()
        elif self._missed_today():
            self.missed += 1
            self.gap += self._is_free
            self.waited_ms += self.wanted_ms
        elif self.work_ms + self.wanted_ms + self.rest_ms >= _SEEN_MS:
            self.idle += 1
            self.gap += self._is_free
        self.day = day
        self.work_ms = self.wanted_ms = self.rest_ms = self.dark_ms = 0
        self.others = False

    @property
    def _is_free(self) -> bool:
        """Today other rooms were in use, and this one could have been."""
        return self.others and self.dark_ms < _LESSON_MS

    def _end_gap(self) -> None:
        outdated = self.day - self.pause_day > _PAUSE_KEPT_DAYS
        if self.gap >= _PAUSE_DAYS and (self.gap >= self.pause or outdated):
            self.pause, self.pause_day = self.gap, self.day
        self.gap = 0


def pause_often(habits: Iterable[Daily], days: int, today: int) -> bool:
    """Whether sets that are used daily may stand unused for so many days of class, and be used again.

    So it is where classes are put together, or teachers sent for training: it shows in sets that stood unused for half as many
    days of late. `habits`: of a district's sets; `today`: since 1970.
    """
    usual = [each for each in habits if each.used >= _KNOWN_DAYS]
    long = max(_PAUSE_DAYS, ceil(days / _LONGER))
    paused = sum(each.paused_lately(today) >= long for each in usual)
    return paused >= max(_PAUSES, _PAUSES_SHARE * len(usual))
