"""host_clock_wrong: the node's clock is far off.

Its signs are the limits that the computer's profile sets in its name. A small computer has no clock that runs while it is off:
after each start it is wrong until the network tells it the time, which may be after it was born, and some agents say so only
when they ask again, or not at all. What was told anew after the birth, and no otherwise for long, is so.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import MINUTE_MS, Cause, Scene, Span

_UPTIME = "host/uptime_s"
_SETS_MS = 30 * MINUTE_MS


def _patience(scene: Scene, metric: str) -> Span | None:
    """What was told at the birth right after a start, and not so before, says nothing; what was told soon after may change."""
    readings, born = scene.device.readings, scene.device.learnt.on_since
    offset, uptime = readings[metric], readings.get(_UPTIME)
    if uptime is None or isinstance(uptime.value, bool) or not isinstance(uptime.value, int | float):
        return Span(0)
    started = uptime.t - round(uptime.value * 1000)
    if offset.t - started >= _SETS_MS or offset.since < started:
        return Span(0)
    return None if born is None or offset.t <= born else Span.of_clock(scene.settings.clock_again_min)


CAUSE = Cause("host_clock_wrong", frozenset({HOST_KIND}), patience=_patience)
