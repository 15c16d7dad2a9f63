"""The signs that a profile declares: a metric past a limit, for long enough. One sign for each metric that has limits."""

from collections.abc import Callable

from firmware_profiles.schema import Limit
from hub.detection.facts import ProfileFacts
from hub.detection.signs import BETWEEN, GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, at_once, present
from wire.metrics import Value

_NUMBERS = (int, float)
PAST_LIMIT = "past_limit"
"""The code of such a sign is `past_limit:<metric>`; its wording is that of `past_limit`."""


def limit_signs(cause: Cause, profile: ProfileFacts) -> tuple[Sign, ...]:
    """The signs of `cause` that the limits of `profile` make."""
    metrics = dict.fromkeys(limit.metric for limit in profile.limits if limit.cause == cause.code)
    return tuple(_sign(metric, tuple(profile.limits_on(cause.code, metric)), cause.patience) for metric in metrics)


def _sign(metric: str, limits: tuple[Limit, ...], patience: Callable[[Scene, str], Span | None]) -> Sign:
    def see(scene: Scene) -> Sight:
        value = scene.device.value(metric)
        if value is None or patience(scene, metric) is None:
            return UNKNOWN
        passed = _passed(limits, value)
        if passed is not None:
            return present(metric=metric, value=value, limit=_bound(passed))
        for limit in limits:
            if not _is_back(limit, value):
                return BETWEEN
        return GONE

    def hold(scene: Scene) -> Span:
        value = scene.device.value(metric)
        least = patience(scene, metric) or Span(0)
        return _share(max((_passed(limits, value) or limits[0]).for_s, least.ms / 1000), scene)

    def clear(scene: Scene) -> Span:
        return _share(max(limit.clear_for_s for limit in limits), scene)

    return Sign(
        f"{PAST_LIMIT}:{metric}",
        see,
        hold,
        clear,
        numbers=("metric", "value", "limit"),
        watches=frozenset({metric}),
        alone=patience is at_once,
    )


def _share(seconds: float, scene: Scene) -> Span:
    return Span(round(seconds * 1000 * scene.settings.limit_time_share))


def _passed(limits: tuple[Limit, ...], value: Value) -> Limit | None:
    for limit in limits:
        if _is_past(limit, value):
            return limit
    return None


def _is_past(limit: Limit, value: Value) -> bool:
    if limit.equals is not None:
        return type(value) is type(limit.equals) and value == limit.equals
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return False
    return (limit.above is not None and value > limit.above) or (limit.below is not None and value < limit.below)


def _is_back(limit: Limit, value: Value) -> bool:
    if limit.clear is None or isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return not _is_past(limit, value)
    return value <= limit.clear if limit.above is not None else value >= limit.clear


def _bound(limit: Limit) -> Value:
    return next(bound for bound in (limit.equals, limit.above, limit.below) if bound is not None)
