"""lamp_worn: the lamp is past the hours that its profile gives it, or the projector itself reports it. Planned work.

Where the profile sets a limit of its own on a metric, that limit is the sign, and the one here is silent.
"""

from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, present

_LAMP, _HOURS, _LIFE_USED = "error/lamp", "lamp/hours", "lamp/life_used_pct"
_CODE, _WARNING = "lamp_worn", 1
_ALL_PCT = 100
_NUMBERS = ("metric", "value", "limit")


def _number(scene: Scene, metric: str) -> float | None:
    return None if any(scene.profile.limits_on(_CODE, metric)) else scene.device.number(metric)


def _reported(scene: Scene) -> Sight:
    level = _number(scene, _LAMP)
    if level is None:
        return UNKNOWN
    return present(scene.device.since(_LAMP)) if level >= _WARNING else GONE


def _past_life(scene: Scene) -> Sight:
    hours, life = _number(scene, _HOURS), scene.profile.lamp_life_h
    if hours is None or life is None:
        return UNKNOWN
    return present(metric=_HOURS, value=hours, limit=life) if hours >= life else GONE


def _used_up(scene: Scene) -> Sight:
    used = _number(scene, _LIFE_USED)
    if used is None:
        return UNKNOWN
    return present(metric=_LIFE_USED, value=used, limit=_ALL_PCT) if used >= _ALL_PCT else GONE


def _hold(scene: Scene) -> Span:
    return Span.of_class(scene.settings.lamp_class_min)


CAUSE = Cause(
    _CODE,
    frozenset({"projector"}),
    (
        Sign("reported", _reported, _hold, watches=frozenset({_LAMP}), alone=True),
        Sign("past_life", _past_life, _hold, numbers=_NUMBERS, watches=frozenset({_HOURS}), alone=True),
        Sign("used_up", _used_up, _hold, numbers=_NUMBERS, watches=frozenset({_LIFE_USED}), alone=True),
    ),
)
