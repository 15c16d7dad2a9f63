"""Whether rooms are in use: a TV or projector is on, and a receiver that feeds it is locked. Also what sets learn from that."""

from collections.abc import Iterable

from hub.detection.rooms import Ledger
from hub.detection.view import LOCK, POWER, DeviceView, SiteView
from hub.detection.world import Calendar

_DISPLAYS = ("tv", "projector")


def note_use(view: SiteView, ledger: Ledger, time: Calendar, t: int) -> None:
    """Something changed at `t` in what the school's rooms show."""
    rooms: dict[str, list[DeviceView]] = {}
    for device in view.equipment:
        if device.facts.room:
            rooms.setdefault(device.facts.room, []).append(device)
    for room, devices in rooms.items():
        displays = [each for each in devices if each.facts.kind in _DISPLAYS]
        sources = [each for each in devices if each.facts.kind == "receiver"] or list(view.receivers)
        fed = any(map(feeds, sources))
        ledger.use(room, fed and any(each.value(POWER) is True for each in displays), t, time)
        for display in displays:
            _learn(display, waits_for(sources), time, t)


def feeds(receiver: DeviceView) -> bool:
    """It is on and locked."""
    return receiver.answers and receiver.value(POWER) is not False and receiver.value(LOCK) is True


def waits_for(sources: Iterable[DeviceView]) -> bool:
    """Somebody switched a picture source on: it says that it is on, which says nothing of one that is never switched off."""
    return any(each.value(POWER) is True and feeds(each) for each in sources)


def _learn(display: DeviceView, waiting: bool, time: Calendar, t: int) -> None:
    learnt = display.learnt
    if learnt.waited_since is not None:
        passed = time.class_ms_between(learnt.waited_since, t)
        if learnt.waited_answering:
            learnt.used_together_ms += passed
        else:
            learnt.waiting_ms += passed
    if display.answers:
        learnt.used_apart_ms += learnt.waiting_ms
        learnt.waiting_ms = 0
    learnt.waited_since = t if waiting else None
    learnt.waited_answering = display.answers
