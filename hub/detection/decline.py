"""Slow decline: daily levels of a dish's receivers sink over days to weeks. Told before lock is lost, with the date of that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from hub.core.findings import Finding, FindingCleared, FindingOpened, Place
from hub.detection.signs import Number
from hub.detection.texts import DEGRADING, TREND, decline, gone
from hub.detection.thresholds import DishSettings
from hub.detection.trend import Forecast, is_step, trend_of

_DAY_MS = 86_400_000
_WINDOW_DAYS = 28
_NOW_DAYS = 2
_TOP_SHARE = 0.8
_FLAT_DB = 0.3
_FLAT_SHARE = 1 / 3
_SINKS_ON_DB, _AT_LEAST = 0.35, 0.5
"""So far the middle one of its receivers, and half of it each: they count in steps of a dB, or of some points."""
_AS_STEEP = 0.3
"""What fell by some dB within a day, and then by tenths, did step: a decline goes on at a like pace."""
_ALONE_DAYS = 2
"""A receiver that is alone on its dish is believed on the third day: one day may be a rainy one."""
_BEFORE_DAYS = 4
"""Days before a decline by which a step on its first day is told from it."""
_EPOCH = date(1970, 1, 1).toordinal()
_BACK_SHARE = 0.4
"""Where so much of the decline at most is left, it is mended."""

Days = Sequence[Sequence[float]]
"""[day since 1970, level in dB], the newest last."""


@dataclass(frozen=True, slots=True)
class Decline:
    """What the days of one receiver show.

    top    the level from which it sank
    onset  the last day on which it had it
    """

    top: float
    now: float
    onset: int
    slope: float
    forecast: Forecast | None

    @property
    def drop(self) -> float:
        return self.top - self.now


@dataclass(slots=True)
class Told:
    """A decline that stands."""

    top: float
    drop: float
    onset_at: int


@dataclass(slots=True)
class Declines:
    """The declines of a school that have been told, by what they befell: `dish/` and the dish, or the key of a device."""

    told: dict[str, Told] = field(default_factory=dict)

    def look(
        self, dish: Place, receivers: Sequence[tuple[Place, Days]], t: int, settings: DishSettings
    ) -> Iterator[Finding]:
        """A day is complete. One whole dish sinks, or one receiver's cable; a receiver of a told dish is not told again."""
        if not receivers:
            return
        found = {place: decline_in(days, settings) for place, days in receivers}
        whole = whole_decline(receivers, settings)
        yield from self._note(f"dish/{dish.dish}", dish, whole, receivers, t)
        if len(receivers) > 1 and f"dish/{dish.dish}" not in self.told:
            flat = _flat(receivers, settings)
            for place, days in receivers:
                alone = found[place] is not None and all(each == place or each in flat for each, _ in receivers)
                yield from self._note(place.device.device, place, found[place] if alone else None, [(place, days)], t)

    def has_told(self, dish: str) -> bool:
        """Whether a decline of the whole dish stands."""
        return f"dish/{dish}" in self.told

    def _note(
        self, key: str, place: Place, found: Decline | None, receivers: Sequence[tuple[Place, Days]], t: int
    ) -> Iterator[Finding]:
        told = self.told.get(key)
        if told is None and found is not None:
            onset_at = (found.onset + 1) * _DAY_MS
            self.told[key] = Told(found.top, found.drop, onset_at)
            text = decline(onset_at, t, _numbers(found, len(receivers)))
            yield FindingOpened(place, DEGRADING, TREND, onset_at, t, (text,))
        elif told is not None and _is_back(told, receivers):
            del self.told[key]
            text = gone(DEGRADING, TREND, told.onset_at, t)
            yield FindingCleared(place, DEGRADING, TREND, t, (text,))


def whole_decline(receivers: Sequence[tuple[Place, Days]], settings: DishSettings) -> Decline | None:
    """The decline of the dish itself: one of its receivers sinks, and none that was seen lately says otherwise."""
    found = [each for each in (decline_in(days, settings) for _, days in receivers) if each is not None]
    return (
        sorted(found, key=lambda each: each.drop)[len(found) // 2] if found and not _flat(receivers, settings) else None
    )


def sinks_on(receivers: Sequence[tuple[Place, Days]], onset_at: int) -> bool:
    """Whether what fell at `onset_at` has gone on falling on the days after it: then it was no step."""
    onset = onset_at // _DAY_MS
    split = [
        ([each for each in days if each[0] <= onset], [each for each in days if each[0] > onset])
        for _, days in receivers
    ]
    known = [(until, after) for until, after in split if len(after) > 1]
    if not known or (len(known) == 1 and len(known[0][1]) <= _ALONE_DAYS):
        return False
    falls = [after[0][1] - after[-1][1] for _, after in known]
    if median(falls) < _SINKS_ON_DB or min(falls) < _SINKS_ON_DB * _AT_LEAST:
        return False
    return all(not until or _slope(after) >= _AS_STEEP * _slope([_top(until), after[0]]) for until, after in known)


def _top(until: Days) -> Sequence[float]:
    """What it had before it fell: on the day itself, or on the one before."""
    return max(until[-2:], key=lambda each: each[1])


def _slope(days: Days) -> float:
    """How far it sinks a day."""
    return (days[0][1] - days[-1][1]) / (days[-1][0] - days[0][0])


def decline_in(days: Days, settings: DishSettings) -> Decline | None:
    """The decline that lasts to this day, if these days show one."""
    window = [(int(day), level) for day, level in days if day > days[-1][0] - _WINDOW_DAYS]
    if len(window) < settings.trend_days + 1:
        return None
    ranked = sorted(level for _, level in window)
    top = ranked[min(len(ranked) - 1, int(len(ranked) * _TOP_SHARE))]
    now = median(level for _, level in window[-_NOW_DAYS:])
    if top - now < settings.trend_db:
        return None
    onset = max((day for day, level in window if level >= top - _FLAT_DB), default=window[0][0])
    ramp = [(day + _EPOCH, level) for day, level in window if day >= onset]
    trend = trend_of(ramp)
    before = [(day + _EPOCH, level) for day, level in window if day < onset][-_BEFORE_DAYS:]
    if len(ramp) < settings.trend_days or trend is None or not trend.falls or is_step([*before, *ramp]):
        return None
    return Decline(
        top,
        now,
        onset,
        trend.slope,
        trend.forecast(settings.lock_lost_db, ramp[-1][0]) if settings.lock_lost_db is not None else None,
    )


def _sunk(days: Days) -> float:
    """How far the last days lie below the best of the window, whatever their shape."""
    window = sorted(level for day, level in days if day > days[-1][0] - _WINDOW_DAYS)
    return window[min(len(window) - 1, int(len(window) * _TOP_SHARE))] - median(level for _, level in days[-_NOW_DAYS:])


def _flat(receivers: Sequence[tuple[Place, Days]], settings: DishSettings) -> set[Place]:
    """Receivers that were seen lately and have hardly sunk."""
    newest = max(days[-1][0] for _, days in receivers)
    return {
        place
        for place, days in receivers
        if days[-1][0] >= newest - _NOW_DAYS and _sunk(days) < settings.trend_db * _FLAT_SHARE
    }


def _is_back(told: Told, receivers: Sequence[tuple[Place, Days]]) -> bool:
    return all(told.top - days[-1][1] <= _BACK_SHARE * told.drop for _, days in receivers)


def _numbers(found: Decline, receivers: int) -> Mapping[str, Number]:
    forecast = found.forecast
    return {
        "receivers": receivers,
        "drop_db": round(found.drop, 1),
        "days": round(found.drop / -found.slope),
        "db_per_day": round(-found.slope, 2),
        "lost_on": forecast.expected.isoformat() if forecast else None,
        "lost_earliest": forecast.earliest.isoformat() if forecast else None,
        "lost_latest": forecast.latest.isoformat() if forecast else None,
    }
