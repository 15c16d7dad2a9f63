"""The metric that speaks for a ticket: what its small chart draws, of which equipment, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.core.equipment import DeviceKey
from hub.core.views import DeviceView, TicketView

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_SIGNAL = ("signal/cnr_db", "signal/quality_pct", "signal/strength_pct", "signal/lock", "device/reachable")
_SPEAK: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("dish_misaligned", "signal_degrading", "lnb_failed", "receiver_failed"), _SIGNAL),
    **dict.fromkeys(("rain_fade", "sun_outage", "satellite_outage"), _SIGNAL),
    "tv_failed": ("device/reachable", "error/code"),
    "tv_no_signal": ("input/signal",),
    "lamp_worn": ("lamp/life_used_pct", "lamp/hours"),
    "host_overheating": ("host/cpu_temp_c",),
    "host_disk_full": ("host/disk_used_pct",),
    "host_disk_worn": ("host/disk_life_used_pct", "host/disk_used_pct"),
    "host_undervoltage": ("host/undervoltage",),
    "host_clock_wrong": ("host/clock_offset_s",),
}
_SLOW = {"signal_degrading": 45 * _DAY_MS, "lamp_worn": 30 * _DAY_MS, "host_disk_full": 14 * _DAY_MS}
"""What comes on over weeks; other causes step within minutes."""
_BEFORE, _AFTER = 6 * _HOUR_MS, 12 * _HOUR_MS
_MOST = 4


@dataclass(frozen=True, slots=True)
class Speaking:
    """is_switch: it is either so or not, which a chart draws as steps"""

    metric: str
    devices: tuple[DeviceKey, ...]
    since: int
    until: int
    is_switch: bool


def speaking(view: TicketView, now: int) -> Speaking | None:
    """None where nothing that was reported tells of it."""
    metric = _first(_SPEAK.get(view.line.cause, ()), view.concerned)
    if metric is None:
        return None
    devices = [each for each in view.concerned if metric in each.latest]
    onset = view.line.onset_at
    ended = view.line.recovered_at or view.line.closed_at or now
    since = onset - _SLOW.get(view.line.cause, _BEFORE)
    until = max(onset + _HOUR_MS, min(now, ended + _AFTER, onset + max(onset - since, 10 * _DAY_MS)))
    switch = isinstance(devices[0].latest[metric].value, bool)
    return Speaking(metric, tuple(each.key for each in devices[:_MOST]), since, min(until, max(now, onset)), switch)


def _first(metrics: Sequence[str], devices: Sequence[DeviceView]) -> str | None:
    """What is said of how a thing is counts more than whether it answers."""
    return next((name for name in metrics if any(name in each.latest for each in devices)), None)
