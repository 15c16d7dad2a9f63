"""tv_failed: a TV or projector answers no more during class although it would in standby, or reports an error.

A lamp that is reported belongs to lamp_worn. Warnings (1) are the set's own business until they become errors (2).
"""

from collections.abc import Callable

from hub.detection.signs import BETWEEN, GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present
from hub.detection.silence import MISSED, PLUGGED, SILENT, WAITED_FOR

_ERROR = 2


def _error_code(scene: Scene) -> Sight:
    code = scene.device.value("error/code")
    if code is None:
        return UNKNOWN
    return present(scene.device.since("error/code"), error=code) if code else GONE


def _part(metric: str) -> Callable[[Scene], Sight]:
    def see(scene: Scene) -> Sight:
        level = scene.device.number(metric)
        if level is None:
            return UNKNOWN
        if level >= _ERROR:
            return present(scene.device.since(metric))
        return BETWEEN if level else GONE

    return see


def _hold(scene: Scene) -> Span:
    return Span.of_class(scene.settings.error_class_min)


CAUSE = Cause(
    "tv_failed",
    frozenset({"tv", "projector"}),
    (
        SILENT,
        PLUGGED,
        WAITED_FOR,
        MISSED,
        Sign("error_code", _error_code, _hold, numbers=("error",), watches=frozenset({"error/code"}), alone=True),
        *(
            Sign(f"error_{part}", _part(f"error/{part}"), _hold, watches=frozenset({f"error/{part}"}), alone=True)
            for part in ("fan", "temp", "filter")
        ),
    ),
    dark=True,
)
