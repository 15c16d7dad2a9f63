"""How well one receiver hears the satellite, against its own clear sky: clear, low, dark or not seen.

The clear-sky level is learnt from the device's own dry hours and follows slowly. Levels are in dB; a quality in per cent counts
as so many points to the dB. What it means that a level is low is weighed for the whole dish, in dishes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from statistics import median

from hub.detection.thresholds import LevelSettings

HOUR_MS = 3_600_000
_CNR, _QUALITY = "signal/cnr_db", "signal/quality_pct"
GAUGES = (_CNR, _QUALITY)
"""The metrics that serve as level, the best first."""
_HOURS_KEPT, _DAYS_KEPT, _VALUES_KEPT, _LATELY_KEPT = 72, 45, 40, 40
_STEADY_HOURS, _ESTABLISHED_HOURS = 6, 24
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


_UNSEEN, _CLEAR, _LOW, _DARK = Condition
"""Python 3.11 looks a member of an enumeration up by a call."""


@dataclass(slots=True)
class Level:
    """The signal of one receiver.

    gauge      which metric it reads; empty while it has told only lock
    base       clear-sky level, dB; None before enough was heard
    scatter    how far clear-sky readings usually lie from it, dB
    grain      by how little a quality ever differed from the one before, dB: its scale is the device's own, and may be coarse
    hours      levels of dry hours, the newest last
    days       [day since 1970, level] of each day, the newest last
    condition  since `since`
    before     the level in the last hours before it ceased to be clear
    lately     [t, level] since it is low, the last hours of it
    tuning_since  it was switched on then and has no lock yet, or lost it then, and may be on its way off
    relief_db   so far below the old clear sky a told fault counts as mended
    sinks       a slow decline of its dish is told
    peers       its clear sky is not its own yet: so many receivers of its model hear that much more
    blamed      a fault of the receiver itself is told, and stands; blamed_from: since when
    alone       it was dark while another on its dish was clear, and has had no lock since: its own trouble
    dimmed      it was low or dark in the episode of its dish that lasts
    spoke       on its word alone its dish was told to have that since then: cause and onset. It has had no lock since
    lost_since  a loss of lessons for want of lock is kept since then
    strength_base, strength  what came down the cable, in the metric's own unit, under a clear sky and now
    """

    gauge: str = ""
    base: float | None = None
    scatter: float = 0.2
    grain: float = 0.0
    hours: list[float] = field(default_factory=list)
    days: list[list[float]] = field(default_factory=list)
    condition: Condition = _UNSEEN
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
    sinks: bool = False
    tuning_since: int | None = None
    clear_at: int = 0
    today: list[float] = field(default_factory=list)
    peers: int = 0
    blamed: bool = False
    blamed_from: int = 0
    alone: bool = False
    dimmed: bool = False
    spoke: tuple[str, int] | None = None

    @property
    def level(self) -> float | None:
        """The level now: the middle of the last three readings, so that one odd reading is nothing."""
        return _middle(self.last) if self.last else None

    @property
    def drop(self) -> float | None:
        """How far it is below clear sky, dB."""
        level = self.level
        return None if self.base is None or level is None else self.base - level

    @property
    def is_established(self) -> bool:
        """It has heard clear sky of its own for a day."""
        return len(self.hours) >= _ESTABLISHED_HOURS and not self.peers

    @property
    def has_gauge(self) -> bool:
        return bool(self.gauge)

    def unsee(self, t: int) -> bool:
        """It can be seen no more."""
        self.last.clear()
        self.tuning_since = None
        return self._turn(_UNSEEN, t)

    def darken(self, t: int) -> bool:
        """It has no lock. One that was just switched on is tuning, and gets some minutes for that before it is dark.

        One that had lock gets a moment: when it is switched off, it loses lock first, and may tell one thing after the other.
        """
        self.last.clear()
        if self.condition is _DARK:
            return False
        if self.tuning_since is None:
            self.tuning_since = t
        return t - self.tuning_since >= self._grace_ms and self._turn(_DARK, self.tuning_since)

    @property
    def _grace_ms(self) -> int:
        return _TUNES_MS if self.condition is _UNSEEN else _GOES_MS

    @property
    def due(self) -> int | None:
        """When it will have had its time to tune, or to go, or when an odd reading holds; None while it waits for nothing."""
        if self.tuning_since is not None:
            return self.tuning_since + self._grace_ms
        return self.told_at + _HOLDS_MS if self._is_odd else None

    @property
    def _is_odd(self) -> bool:
        """Its last reading is low while those before were not, or the other way round."""
        seen = self.condition in (Condition.CLEAR, Condition.LOW) and len(self.last) > 1
        return seen and (self.condition is Condition.LOW) != bool(self.fell_at) and self.last[0] != self.last[-1]

    def fall_due(self, due: int, settings: LevelSettings) -> bool:
        """That time is over. Whether its condition changed."""
        return self.settle(due, settings) if self.tuning_since is None else self.darken(due)

    def lighten(self, t: int) -> bool:
        """It has lock and tells nothing else that is new."""
        self.tuning_since = None
        return self._turn(_CLEAR, t) if not self.gauge or self.condition is _UNSEEN else False

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
        step = abs(level - last[-1]) if last and self.gauge == _QUALITY else 0.0
        if step and (step < self.grain or not self.grain):
            self.grain = step
        last.append(level)
        if len(last) > 3:
            del last[0]
        if self.base is None:
            self._begin()
            return self._turn(_CLEAR, t)
        return self._judge(t, level, settings)

    def borrow(self, t: int, heard: Sequence[float], settings: LevelSettings) -> bool:
        """`heard`: the clear sky of established receivers of its model. Whether its condition changed.

        Sites differ, so its own first readings stand unless they are far below the worst of these.
        """
        if self.base is None or len(heard) < settings.borrow_count:
            return False
        least = min(heard) - settings.borrow_db
        if self.base > least - settings.enter_db:
            return False
        self.base, self.peers = least, len(heard)
        return self._judge(t, self.level or least, settings)

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
        now = _middle(self.last) if len(self.last) > 1 else level
        if self.condition is _LOW:
            self._note(t, now)
            return now >= base - max(settings.leave_db, self.relief_db) and self._turn(_CLEAR, t)
        if now <= base - enter:
            return self._turn(_LOW, self.fell_at or t)
        self.clear_at = t
        return self._turn(_CLEAR, t)

    def begin_anew(self) -> None:
        """Somebody mended it: what it hears now is its clear sky from now on."""
        self.relief_db, self.peers = 0.0, 0
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
        if condition in (_LOW, _DARK) and self.condition in (_CLEAR, _UNSEEN):
            # What was low before is not learnt as clear sky: the hours of today tell of it, if there were any.
            recent, dry = self.today[-2:], self.hours[-2:]
            self.before = max(recent) if recent else median(dry) if dry else None
        if condition in (_CLEAR, _LOW):
            self.alone, self.spoke = False, None
        if condition is _CLEAR:
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
        self.peers = 0
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


def _middle(readings: list[float]) -> float:
    """Their median. Mostly there are three, of which it is asked at every report."""
    return sorted(readings)[1] if len(readings) == 3 else median(readings)
