"""receiver_failed: a receiver answers no more during class, or it answers but has no lock while another on its dish has.

Where none on the dish has lock, the dish, its LNB, the rain or the satellite is to blame: no sign of this cause.
"""

from hub.detection.dishes import slide_of
from hub.detection.levels import Condition
from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present
from hub.detection.silence import MISSED, SCREEN_WAITS, SILENT
from hub.detection.view import POWER, DeviceView

_LOCK = "signal/lock"
_FAINT_DB = 0.6
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
    if level is not None and (level.relief_db or slide_of(level) > _SANK_DB):
        # Its dish has a fault that is told, or sinks: it is the first of its receivers to lose lock.
        return UNKNOWN
    locked = sorted(other.key for other in scene.view.same_dish(device) if _hears_well(other))
    return present(device.since(_LOCK, POWER), locked=len(locked), witness=locked[0]) if locked else UNKNOWN


def _hears_well(other: DeviceView) -> bool:
    """It is locked, and not just so: where the whole dish is low, some receivers lose lock before others."""
    if other.level is None or other.level.drop is None:
        return other.value(_LOCK) is True
    return other.level.condition is Condition.CLEAR and other.level.drop < _FAINT_DB


def _hold(scene: Scene) -> Span:
    return Span.of_class(scene.settings.no_lock_class_min)


CAUSE = Cause(
    "receiver_failed",
    frozenset({"receiver"}),
    (SILENT, SCREEN_WAITS, MISSED, Sign("no_lock", _no_lock, _hold, numbers=("locked", "witness"))),
    dark=True,
)
