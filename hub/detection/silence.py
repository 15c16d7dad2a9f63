"""The sign `silent`: a device answers no more, although it would if it were whole.

Silence has several meanings: a set that is switched off may answer nothing. It counts only where the device is known to answer
in standby, from its profile or from its own history, and where something else shows that the power is there.
"""

from hub.detection.signs import GONE, HOUR_MS, MINUTE_MS, UNKNOWN, Scene, Sight, Sign, Span, present
from hub.detection.witness import Testimony, hear


def _see(scene: Scene) -> Sight:
    device = scene.device
    if device.answers:
        return GONE
    if not device.silent or not device.learnt.answered or not _silence_says_something(scene):
        return UNKNOWN
    witness = hear(scene.view, device, round(scene.settings.together_min * MINUTE_MS))
    if witness.testimony is not Testimony.IT_ALONE:
        return UNKNOWN
    return present(device.silent_since, witness=witness.by)


def _silence_says_something(scene: Scene) -> bool:
    learnt = scene.device.learnt
    if learnt.answered_while_off or scene.profile.standby == "answers":
        return True
    return scene.profile.standby == "unknown" and learnt.longest_ms >= scene.settings.always_on_h * HOUR_MS


def _hold(scene: Scene) -> Span:
    return Span.of_class(scene.settings.silent_class_min)


SILENT = Sign("silent", _see, _hold, numbers=("witness",))
