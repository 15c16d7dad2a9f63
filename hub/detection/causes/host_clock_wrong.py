"""host_clock_wrong: the node's clock is far off.

Its signs are the limits that the computer's profile sets in its name. A small computer has no clock that runs while it is off:
after each start it is wrong until the network tells it the time, which may be after it was born.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import MINUTE_MS, Cause
from hub.detection.view import DeviceView

_UPTIME = "host/uptime_s"
_SETS_MS = 30 * MINUTE_MS


def _settled(device: DeviceView, metric: str) -> bool:
    """What was told right after the start, and not since, says something only where it was so before."""
    offset, uptime = device.readings[metric], device.readings.get(_UPTIME)
    if uptime is None or isinstance(uptime.value, bool) or not isinstance(uptime.value, int | float):
        return True
    started = uptime.t - round(uptime.value * 1000)
    return offset.t - started >= _SETS_MS or offset.since < started


CAUSE = Cause("host_clock_wrong", frozenset({HOST_KIND}), settled=_settled)
