"""receiver_failed: a receiver answers no more during class, or it answers but has no lock while another on its dish has.

Where none on the dish has lock, the dish, its LNB, the rain or the satellite is to blame: no sign of this cause.
"""

from hub.detection.dishes import slide_of
from hub.detection.levels import GAUGES, Condition
from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present
from hub.detection.silence import MISSED, SCREEN_WAITS, SILENT
from hub.detection.view import POWER, DeviceView

_LOCK = "signal/lock"
_FAINT_DB = 0.6
_WEAK_DB, _AMPLE_DB = 2.5, 4.0
"""Receivers lose lock at levels that differ by a dB or two: one that is locked so near to that proves nothing."""
_KNOWN_HOURS = 6
_SANK_DB = 1.0
"""A receiver whose level sank over days before it lost lock is the first of its dish to lose it, or has a bad cable."""


def _no_lock(scene: Scene) -> Sight:
    device = scene.device
    lock = device.value(_LOCK)
    if lock is None or device.value(POWER) is False:
        return UNKNOWN
    if lock:
        return GONE
    level = device.level
    if level is not None and (level.sinks or level.relief_db or slide_of(level) > _SANK_DB):
        # Its dish has a fault that is told, or sinks: it is the first of its receivers to lose lock.
        return UNKNOWN
    others = scene.view.same_dish(device)
    margins = [margin for other in others if (margin := _margin_db(other, scene)) is not None]
    if margins and max(margins) < _WEAK_DB:
        # The whole dish is weak: some receivers are locked just so, and this one just not.
        return UNKNOWN
    # In light rain one that tells only lock has it still: those that tell a level are asked, where there are any.
    telling = list(filter(_tells, others))
    if not telling and scene.view.wet(scene.view.t or 0):
        # Nobody at the school tells a level, and near by it rains: one of them loses lock before the others do.
        return UNKNOWN
    witnesses = telling or others
    locked = sorted(other.key for other in witnesses if _hears_well(other))
    return present(device.since(_LOCK, POWER), locked=len(locked), witness=locked[0]) if locked else UNKNOWN


def _hears_well(other: DeviceView) -> bool:
    """It is locked, and not just so: where the whole dish is low, some receivers lose lock before others."""
    if other.level is None or other.level.drop is None:
        return other.value(_LOCK) is True
    return other.level.condition is Condition.CLEAR and other.level.drop < _FAINT_DB


def _margin_db(other: DeviceView, scene: Scene) -> float | None:
    """How far a locked receiver is from losing lock, by what it tells of C/N itself; None where it tells none."""
    level, lost_db = other.level, scene.settings.dish.lock_lost_db
    if level is None or level.gauge != GAUGES[0] or level.level is None or lost_db is None:
        return None
    return level.level - lost_db if other.value(_LOCK) is True else None


def _is_fresh(other: DeviceView, scene: Scene) -> bool:
    """It may have been met in the rain: its clear sky is not known yet, and it has not so much that this would show."""
    level, margin_db = other.level, _margin_db(other, scene)
    new = level is not None and level.has_gauge and len(level.hours) < _KNOWN_HOURS
    return new and (margin_db is None or margin_db < _AMPLE_DB)


def _tells(other: DeviceView) -> bool:
    """Its level says something of the sky: one that tells only lock has that in light rain too."""
    return other.level is not None and other.level.has_gauge and other.value(_LOCK) is True


def _hold(scene: Scene) -> Span:
    """A lesson. Where those at the school that could tell do not surely hear clear sky, so long that rain would be over."""
    telling = [each for each in scene.view.receivers if each is not scene.device and _tells(each)]
    clear = any(_hears_well(each) and not _is_fresh(each, scene) for each in telling)
    settings = scene.settings
    return Span.of_class(settings.no_lock_class_min if clear or not telling else settings.dish.low_observed_min)


CAUSE = Cause(
    "receiver_failed",
    frozenset({"receiver"}),
    (SILENT, SCREEN_WAITS, MISSED, Sign("no_lock", _no_lock, _hold, numbers=("locked", "witness"), twice=True)),
    dark=True,
)
