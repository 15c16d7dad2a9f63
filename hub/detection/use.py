"""Whether rooms are in use: a TV or projector is on, and a receiver that feeds it is locked. Also what sets learn from that."""

from collections.abc import Iterable

from hub.detection.rooms import Ledger
from hub.detection.view import LOCK, POWER, Company, DeviceView, SiteView
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
        sources = [each for each in devices if each.facts.kind == "receiver"]
        plugs = [each for each in devices if each.facts.kind == "other"]
        fed = any(map(feeds, sources))
        ledger.use(room, fed and any(each.value(POWER) is True for each in displays), t, time)
        for display in displays:
            waiting = {"source": waits_for(sources), "plug": any(each.value(POWER) is True for each in plugs)}
            for witness, waits in waiting.items():
                _learn(display, witness, waits, time, t)


def feeds(receiver: DeviceView) -> bool:
    """It is on and locked."""
    return receiver.answers and receiver.value(POWER) is not False and receiver.value(LOCK) is True


def waits_for(sources: Iterable[DeviceView]) -> bool:
    """Somebody switched a picture source on: it says that it is on, which says nothing of one that is never switched off."""
    return any(each.value(POWER) is True and feeds(each) for each in sources)


def _learn(display: DeviceView, witness: str, waits: bool, time: Calendar, t: int) -> None:
    company = display.learnt.company.get(witness)
    if company is None:
        if not waits:
            return
        company = display.learnt.company[witness] = Company()
    if company.since is not None:
        passed = time.class_ms_between(company.since, t)
        if company.answering:
            company.together_ms += passed
        else:
            company.waiting_ms += passed
    if display.answers:
        company.apart_ms += company.waiting_ms
        company.waiting_ms = 0
    company.since = t if waits else None
    company.answering = display.answers
