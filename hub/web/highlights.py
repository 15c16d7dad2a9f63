"""Which of a device's values a list shows, and in which order all of them stand on its own page."""

from collections.abc import Iterable

from hub.core.equipment import Reported
from hub.core.views import Condition, DeviceView
from wire.vocabulary import BY_KIND, KINDS, REACHABLE

_HIGHLIGHTS: dict[str, tuple[str, ...]] = {
    "receiver": ("signal/lock", "signal/cnr_db", "signal/quality_pct", "signal/strength_pct", "tuner/service"),
    "tv": ("input/signal", "input/source", "panel/temp_c", "error/code"),
    "projector": ("input/signal", "lamp/life_used_pct", "lamp/hours", "error/code"),
    "ups": ("ups/on_battery", "ups/charge_pct", "ups/runtime_s"),
    "computer": ("host/cpu_pct", "host/mem_used_pct", "host/disk_used_pct", "host/cpu_temp_c", "net/internet"),
}
QUIET_AFTER_MS = 15 * 60_000
"""A node that is online reports every ten minutes at least; one that is silent for half as long again is not simply fine."""
_MOST = 3
# Figures that somebody has set: a curve of them tells nothing.
_SETTINGS = frozenset({"tuner/frequency_khz"})
HOST_ICONS = {
    "host/cpu_pct": "cpu",
    "host/mem_used_pct": "memory",
    "host/disk_used_pct": "disk",
    "host/cpu_temp_c": "heat",
    "net/internet": "internet",
    "host/uptime_s": "clock",
}
"""What the page of a school tells of the agent's computer, in this order, each with its icon."""
KNOWN_KINDS = frozenset(KINDS)
"""Kinds that have an icon of their own."""
_RANK = {name: rank for rank, name in enumerate(name for kind in BY_KIND.values() for name in kind)}
# What a set reported while it was on says nothing once it is off: the picture source, the signal, errors.
_ONLY_WHEN_ON = ("signal/", "input/", "tuner/", "error/")


def highlights(device: DeviceView) -> list[tuple[str, Reported]]:
    """The few values that tell most of a device of this kind."""
    known = [(name, device.latest[name]) for name in _HIGHLIGHTS.get(device.kind, ()) if name in device.latest]
    telling = [(name, reported) for name, reported in known if reported.value not in (None, "")]
    if device.condition is Condition.OFF:
        telling = [pair for pair in telling if not pair[0].startswith(_ONLY_WHEN_ON)]
    return telling[:_MOST]


def in_order(names: Iterable[str]) -> list[str]:
    """Metrics in the order of the vocabulary; those of others after them, by name."""
    return sorted(names, key=lambda name: (_RANK.get(name, len(_RANK)), name))


def charted(device: DeviceView) -> tuple[list[str], list[str]]:
    """The metrics that a chart can show: figures as curves, yes and no as bands."""
    values = {name: device.latest[name].value for name in in_order(device.latest)}
    bands = [name for name, value in values.items() if isinstance(value, bool)]
    figures = [name for name, value in values.items() if isinstance(value, int | float) and name not in bands]
    curves = [name for name in figures if name not in _SETTINGS]
    return curves, [name for name in bands if name != REACHABLE] + [name for name in bands if name == REACHABLE]
