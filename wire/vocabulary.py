"""The metric vocabulary: names that mean the same at every school. Units stand in the names; the names are stable API."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from wire.metrics import DataType

_F, _I, _U, _B, _S = DataType.FLOAT, DataType.INT64, DataType.UINT64, DataType.BOOLEAN, DataType.STRING

NODE: dict[str, DataType] = {
    "host/cpu_pct": _F,
    "host/cpu_temp_c": _F,
    "host/load1": _F,
    "host/mem_used_pct": _F,
    "host/disk_used_pct": _F,
    "host/disk_life_used_pct": _F,
    "host/uptime_s": _I,
    "host/clock_offset_s": _F,
    "host/undervoltage": _B,
    "host/undervoltage_seen": _B,
    "host/throttled": _B,
    "net/internet": _B,
    "net/rtt_ms": _F,
    "ups/on_battery": _B,
    "ups/charge_pct": _F,
    "agent/journal_backlog": _U,
    "agent/rss_bytes": _U,
}
NODE_PROPERTIES = (
    "Properties/agent_version",
    "Properties/os",
    "Properties/hardware",
    "Properties/serial_number",
    "Properties/profiles_version",
)

REACHABLE = "device/reachable"
_DEVICE: dict[str, DataType] = {REACHABLE: _B}
DEVICE_PROPERTIES = (
    "Properties/kind",
    "Properties/profile",
    "Properties/room",
    "Properties/model",
    "Properties/firmware",
    "Properties/serial_number",
)

_RECEIVER: dict[str, DataType] = {
    "signal/lock": _B,
    "signal/cnr_db": _F,
    "signal/quality_pct": _F,
    "signal/strength_dbm": _F,
    "signal/strength_pct": _F,
    "signal/ber": DataType.DOUBLE,
    "signal/uncorrected_blocks": _U,
    "tuner/frequency_khz": _I,
    "tuner/service": _S,
    "power/on": _B,
}
_TV: dict[str, DataType] = {
    "power/on": _B,
    "input/source": _S,
    "input/signal": _B,
    "panel/hours": _I,
    "panel/temp_c": _F,
    "error/code": _S,
}
_PROJECTOR: dict[str, DataType] = {
    **_TV,
    "lamp/hours": _I,
    "lamp/life_used_pct": _F,
    "error/lamp": DataType.INT32,
    "error/fan": DataType.INT32,
    "error/temp": DataType.INT32,
    "error/filter": DataType.INT32,
}
_UPS: dict[str, DataType] = {
    "ups/on_battery": _B,
    "ups/charge_pct": _F,
    "ups/runtime_s": _I,
    "ups/replace_battery": _B,
}

BY_KIND: dict[str, dict[str, DataType]] = {
    "receiver": {**_DEVICE, **_RECEIVER},
    "tv": {**_DEVICE, **_TV},
    "projector": {**_DEVICE, **_PROJECTOR},
    "computer": {**_DEVICE, **NODE},
    "ups": {**_DEVICE, **_UPS},
    "other": {**_DEVICE, "power/on": _B},
}
KINDS = tuple(BY_KIND)


def value_types(metrics: Mapping[str, DataType]) -> dict[str, type]:
    """What the values of each are in a program that does not tell the widths of numbers apart: bool, str or float."""
    plain = {DataType.BOOLEAN: bool, DataType.STRING: str}
    return {name: plain.get(datatype, float) for name, datatype in metrics.items()}


@dataclass(frozen=True, slots=True)
class Unit:
    """How a figure is shown: its sign and its decimals."""

    sign: str
    decimals: int


_UNITS = {
    "_pct": Unit("%", 0),
    "_c": Unit("°C", 1),
    "_db": Unit("dB", 1),
    "_dbm": Unit("dBm", 1),
    "_s": Unit("s", 0),
    "_ms": Unit("ms", 0),
    "_khz": Unit("kHz", 0),
    "_bytes": Unit("B", 0),
    "/hours": Unit("h", 0),
}


@lru_cache(1024)
def unit_of(name: str) -> Unit | None:
    """The unit that stands in a metric's name, or None."""
    return next((unit for suffix, unit in _UNITS.items() if name.endswith(suffix)), None)
