"""Who proves that a silent device is itself at fault: something that answers, and would not if the power were gone."""

from dataclasses import dataclass
from enum import Enum

from hub.core.equipment import HOST
from hub.detection.view import DeviceView, SiteView

_ON_BATTERY = "ups/on_battery"


class Testimony(Enum):
    """What the others say of a device's silence."""

    IT_ALONE = "it_alone"
    ALL_TOGETHER = "all_together"
    NO_POWER = "no_power"


@dataclass(frozen=True, slots=True)
class Witness:
    """`by` is the key of the device that answers; HOST is the node itself, for a device that has no other."""

    testimony: Testimony
    by: str = HOST


def hear(view: SiteView, device: DeviceView, together_ms: int) -> Witness:
    """Another device of its room is asked first, then one elsewhere in the school, at last the node itself."""
    if any(each.value(_ON_BATTERY) is True for each in view.devices.values()):
        return Witness(Testimony.NO_POWER)
    for circle in (view.room_mates(device), view.elsewhere(device)):
        on_mains = [other for other in circle if other.facts.kind != "ups"]
        answering = sorted(other.key for other in on_mains if other.answers)
        if answering:
            return Witness(Testimony.IT_ALONE, answering[0])
        if any(_together(device, other, together_ms) for other in on_mains):
            return Witness(Testimony.ALL_TOGETHER)
    return Witness(Testimony.IT_ALONE)


def _together(one: DeviceView, other: DeviceView, together_ms: int) -> bool:
    if one.silent_since is None or other.silent_since is None or not other.learnt.answered:
        return False
    return abs(one.silent_since - other.silent_since) <= together_ms
