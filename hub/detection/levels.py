"""How well one receiver hears the satellite, against its own clear sky: clear, low, dark or not seen.

The clear-sky level is learnt from the device's own dry hours and follows slowly. Levels are in dB; a quality in per cent counts
as so many points to the dB. What it means that a level is low is weighed for the whole dish, in dishes.py.
"""

from dataclasses import dataclass, field
from enum import Enum
from statistics import median

from hub.detection.thresholds import LevelSettings

HOUR_MS = 3_600_000
_CNR, _QUALITY = "signal/cnr_db", "signal/quality_pct"
GAUGES = (_CNR, _QUALITY)
"""The metrics that serve as level, the best first."""
_HOURS_KEPT, _DAYS_KEPT, _VALUES_KEPT, _LATELY_KEPT = 72, 45, 40, 40
_STEADY_HOURS = 6
_FIRST_VALUES = 6
_HOLDS_MS = 8 * 60_000
_TUNES_MS, _GOES_MS = 3 * 60_000, 60_000
_NOTED_EVERY_MS = 270_000
_DRY_SHARE = 0.75
"""A day's level is its upper quartile of hours: what rain takes from a quarter of the hours, or three, does not show in it."""


class Condition(Enum):
    """What can be said of a receiver's signal.

    UNSEEN  it is off, answers not, or its node is gone
    CLEAR   as under a clear sky
    LOW     locked, but lower than that
    DARK    without lock
    """

    UNSEEN = "unseen"
    CLEAR = "clear"
    LOW = "low"
    DARK = "dark"


@dataclass(slots=True)
class Level:
    """The signal of one receiver.

    gauge      which metric it reads; empty while it has told only lock
    base       clear-sky level, dB; None before enough was heard
    scatter    how far clear-sky readings usually lie from it, dB
    hours      levels of dry hours, the newest last
    days       [day since 1970, level] of each day, the newest last
    condition  since `since`
    before     the level in the last hours before it ceased to be clear
    lately     [t, level] since it is low, the last hours of it
    tuning_since  it was switched on then and has no lock yet, or lost it then, and may be on its way off
    relief_db   so far below the old clear sky a told fault counts as mended
    lost_since  a loss of lessons for want of lock is kept since then
    strength_base, strength  what came down the cable, in the metric's own unit, under a clear sky and now
    """

    gauge: str = ""
    base: float | None = None
    scatter: float = 0.2
    hours: list[float] = field(default_factory=list)
    days: list[list[float]] = field(default_factory=list)
    condition: Condition = Condition.UNSEEN
    since: int = 0
    before: float | None = None
    lately: list[list[float]] = field(default_factory=list)
    strength_base: float | None = None
    strength: float | None = None
    hour: int = 0
    values: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    fell_at: int = 0
    told_at: int = 0
    lost_since: int | None = None
    relief_db: float = 0.0
    tuning_since: int | None = None
    clear_at: int = 0
    today: list[float] = field(default_factory=list)

    @property
    def level(self) -> float | None:
        """The level now: the middle of the last three readings, so that one odd reading is nothing."""
        return median(self.last) if self.last else None

    @property
    def drop(self) -> float | None:
        """How far it is below clear sky, dB."""
        level = self.level
        return None if self.base is None or level is None else self.base - level

    @property
    def has_gauge(self) -> bool:
        return bool(self.gauge)

    def unsee(self, t: int) -> bool:
        """It can be seen no more."""
        self.last.clear()
        self.tuning_since = None
        return self._turn(Condition.UNSEEN, t)

    def darken(self, t: int) -> bool:
        """It has no lock. One that was just switched on is tuning, and gets some minutes for that before it is dark.

        One that had lock gets a moment: when it is switched off, it loses lock first, and may tell one thing after the other.
        """
        self.last.clear()
        if self.condition is Condition.DARK:
            return False
        if self.tuning_since is None:
            self.tuning_since = t
        return t - self.tuning_since >= self._grace_ms and self._turn(Condition.DARK, self.tuning_since)

    @property
    def _grace_ms(self) -> int:
        return _TUNES_MS if self.condition is Condition.UNSEEN else _GOES_MS

    @property
    def tuned_at(self) -> int | None:
        """When it will have had its time to tune, or to go; None while it does neither."""
        return None if self.tuning_since is None else self.tuning_since + self._grace_ms

    def lighten(self, t: int) -> bool:
        """It has lock and tells nothing else that is new."""
        self.tuning_since = None
        return self._turn(Condition.CLEAR, t) if not self.gauge or self.condition is Condition.UNSEEN else False

    def read(self, t: int, level: float, settings: LevelSettings) -> bool:
        """It is locked, and hears so well. Whether its condition changed."""
        self.tuning_since = None
        hour = t // HOUR_MS
        if hour != self.hour:
            self._close_hour(hour, settings)
        if len(self.values) < _VALUES_KEPT:
            self.values.append(level)
        self.told_at = t
        last = self.last
        last.append(level)
        if len(last) > 3:
            del last[0]
        if self.base is None:
            self._begin()
            return self._turn(Condition.CLEAR, t)
        return self._judge(t, level, settings)

    def settle(self, t: int, settings: LevelSettings) -> bool:
        """Nothing new was told for a while: the last reading holds. Whether the condition changed."""
        if not self.last or self.base is None or t - self.told_at < _HOLDS_MS:
            return False
        level = self.last[-1]
        self.last[:] = [level] * 3
        self.told_at = t
        return self._judge(t, level, settings)

    def _judge(self, t: int, level: float, settings: LevelSettings) -> bool:
        base = self.base or 0.0
        enter = max(settings.enter_db, 4 * self.scatter)
        if level > base - enter:
            self.fell_at = 0
        elif not self.fell_at:
            self.fell_at = t
        now = median(self.last) if len(self.last) > 1 else level
        if self.condition is Condition.LOW:
            self._note(t, now)
            return now >= base - max(settings.leave_db, self.relief_db) and self._turn(Condition.CLEAR, t)
        if now <= base - enter:
            return self._turn(Condition.LOW, self.fell_at or t)
        self.clear_at = t
        return self._turn(Condition.CLEAR, t)

    def begin_anew(self) -> None:
        """Somebody mended it: what it hears now is its clear sky from now on."""
        self.relief_db = 0.0
        level = self.level
        if level is not None and self.base is not None:
            self.base = level
            self.hours[:] = [level]

    def _note(self, t: int, level: float) -> None:
        if not self.lately or t - self.lately[-1][0] >= _NOTED_EVERY_MS:
            self.lately.append([t, level])
            if len(self.lately) > _LATELY_KEPT:
                del self.lately[0]

    def _turn(self, condition: Condition, t: int) -> bool:
        if condition is self.condition:
            return False
        self.tuning_since = None
        if condition in (Condition.LOW, Condition.DARK) and self.condition in (Condition.CLEAR, Condition.UNSEEN):
            # What was low before is not learnt as clear sky: the hours of today tell of it, if there were any.
            recent, dry = self.today[-2:], self.hours[-2:]
            self.before = max(recent) if recent else median(dry) if dry else None
        if condition is Condition.CLEAR:
            self.lately.clear()
        self.condition, self.since = condition, t
        return True

    def _begin(self) -> None:
        """A fresh device has no history: its first readings stand in."""
        if len(self.values) >= _FIRST_VALUES:
            self.base = median(self.values)

    def _close_hour(self, hour: int, settings: LevelSettings) -> None:
        if self.values:
            level = median(self.values)
            self.today.append(level)
            self._learn(level, settings)
        if self.hour and hour // 24 != self.hour // 24:
            self._close_day()
        self.hour = hour
        self.values.clear()

    def _learn(self, level: float, settings: LevelSettings) -> None:
        if self.base is None:
            self.hours.append(level)
            self.base = level
            return
        if level < self.base - max(settings.enter_db, 4 * self.scatter) * 0.7:
            return
        spread = median(abs(each - level) for each in self.values)
        self.scatter += (spread * 1.5 - self.scatter) * 0.05
        self.hours.append(level)
        if len(self.hours) > _HOURS_KEPT:
            del self.hours[0]
        newest = self.hours[-_STEADY_HOURS:]
        if len(newest) == _STEADY_HOURS and min(newest) > self.base + settings.leave_db:
            # It hears better than ever known, for hours: somebody mended or aligned it, or it was first met in the rain.
            self.hours = newest
        self.base = median(self.hours)

    def _close_day(self) -> None:
        if len(self.today) >= 2:
            ranked = sorted(self.today)
            self.days.append([self.hour // 24, ranked[int(len(ranked) * _DRY_SHARE)]])
            if len(self.days) > _DAYS_KEPT:
                del self.days[0]
        self.today.clear()
