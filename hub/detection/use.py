"""Whether rooms are in use: a TV or projector is on, and a receiver that feeds it is locked. Also what sets learn from that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hub.detection.daily import Sight
from hub.detection.pictures import Pictures
from hub.detection.rooms import Ledger
from hub.detection.view import LOCK, POWER, SIGNAL, SOURCE, Company, DeviceView, SiteView
from hub.detection.world import Calendar
from wire.vocabulary import REACHABLE

_DISPLAYS = ("tv", "projector")
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_LESSON_MS = 50 * _MINUTE_MS
_STARTS_MS, _PREPARED_MS = 10 * _MINUTE_MS, 45 * _MINUTE_MS
_BY_HABIT = 2


class _Moment(NamedTuple):
    """switched: somebody has just switched a source or a plug of the room on; a signal that came back was nobody."""

    t: int
    time: Calendar
    attended: bool
    switched: bool = False


def note_use(view: SiteView, ledger: Ledger, time: Calendar, t: int, *, attended: bool) -> None:
    """Something changed at `t` in what the school's rooms show. `attended`: not because a node came or went."""
    now = _Moment(t, time, attended)
    rooms: dict[str, list[DeviceView]] = {}
    for device in view.equipment:
        if device.facts.room:
            rooms.setdefault(device.facts.room, []).append(device)
    busy = {room for room, use in ledger.uses.items() if use.since is not None}
    known = busy.union(room for room, use in ledger.uses.items() if use.by_day)
    for room, devices in rooms.items():
        displays = [each for each in devices if each.facts.kind in _DISPLAYS]
        sources = [each for each in devices if each.facts.kind == "receiver"]
        plugs = [each for each in devices if each.facts.kind == "other"]
        fed = any(map(feeds, sources))
        seen = Sight(t, False, fed, bool(busy - {room}) or not known - {room}, True, any(map(_is_dark, sources)))
        _learn_days(displays, seen, time)
        _learn_days(sources, seen._replace(wanted=any(map(_waits, displays))), time)
        ledger.use(room, fed and any(each.value(POWER) is True for each in displays), t, time)
        if displays:
            switched = any(_was_switched_on(each, t) for each in (*sources, *plugs))
            on = {"source": waits_for(sources), "plug": any(each.value(POWER) is True for each in plugs)}
            _learn_company(displays, sources, on, now._replace(switched=switched))


def _learn_company(
    displays: Iterable[DeviceView], sources: Sequence[DeviceView], on: Mapping[str, bool], now: _Moment
) -> None:
    """Of the sets of a room. `on`: its picture source and its plug are on. A box without lock is on, but waits for nobody."""
    # One that is broken is not switched off: nobody's habit shows in it.
    off = {"source": not any(_is_on(each) or _is_dark(each) for each in sources), "plug": not on["plug"]}
    for display in displays:
        _note_picture(display, sources, now.t)
        for witness, witness_on in on.items():
            company = display.learnt.company.get(witness)
            if company is None and witness_on:
                company = display.learnt.company[witness] = Company()
            if company is not None:
                _learn(company, now, on=witness_on, answering=display.answers, present=display.present)
                company.off = off[witness]


def feeds(receiver: DeviceView) -> bool:
    """It is on and locked."""
    return _is_on(receiver) and receiver.value(LOCK) is True


def _is_on(receiver: DeviceView) -> bool:
    return receiver.answers and receiver.value(POWER) is not False


def shows(display: DeviceView, sources: Iterable[DeviceView]) -> bool | None:
    """Whether it shows what a source of its room offers. None: it is off, shows another input than usual, or none offers any."""
    signal = display.value(SIGNAL)
    if signal is None or display.value(POWER) is not True:
        return None
    usual, shown = display.learnt.usual_input, display.value(SOURCE)
    if usual is not None and shown not in (None, usual):
        # Another input is the teacher's business; a picture there says nothing of the cable of the usual one.
        return None
    if signal:
        return True
    return False if any(map(feeds, sources)) else None


def went_dark(display: DeviceView) -> int:
    """It went between its last picture and the first look without one: in the middle, as far as anybody can tell."""
    seen, lit_at = display.since(SIGNAL, POWER), display.learnt.lit_at
    return seen if lit_at is None or lit_at > seen else (lit_at + seen) // 2


def _note_picture(display: DeviceView, sources: Iterable[DeviceView], t: int) -> None:
    shown, pictures = shows(display, sources), display.learnt.pictures
    if pictures is None and shown is False:
        pictures = display.learnt.pictures = Pictures()
    if pictures is not None:
        pictures.note(t, shown, t if shown is not False else went_dark(display))


def _learn_days(devices: Iterable[DeviceView], seen: Sight, time: Calendar) -> None:
    """How these are seen beside what the rest of their room and of the school is `seen` to do."""
    for each in devices:
        work = each.answers and each.value(POWER) is not False
        # One that says that it is off is not used, whatever waits for it.
        wanted = seen.wanted and not each.answers
        each.learnt.daily.note(Sight(seen.t, work, wanted, seen.others, each.present, seen.dark), time)


def _is_dark(receiver: DeviceView) -> bool:
    """It has no lock, or had none when it was last seen, or it has a fault that is told."""
    return receiver.level is not None and (receiver.level.lost_since is not None or receiver.level.blamed)


def _waits(display: DeviceView) -> bool:
    """It is on, shows nothing that is known of, and not on another input than usual."""
    shown, usual = display.value(SOURCE), display.learnt.usual_input
    return (
        display.value(POWER) is True
        and display.value(SIGNAL) is not True
        and (shown is None or usual is None or shown == usual)
    )


def waits_for(sources: Iterable[DeviceView]) -> bool:
    """Somebody switched a picture source on: it says so, or is silent when it is off. One that is never off waits for nobody."""
    return any(feeds(each) and (each.value(POWER) is True or _is_cut_off(each)) for each in sources)


def _is_cut_off(source: DeviceView) -> bool:
    """It tells nothing of its power, but people switch it off at the wall: it fell silent, and came back, more than once."""
    return source.value(POWER) is None and source.learnt.silences >= _BY_HABIT


def _was_switched_on(source: DeviceView, t: int) -> bool:
    """Some minutes ago at most: it takes that long to start and to find its signal."""
    said = [each.since for name in (POWER, REACHABLE) if (each := source.readings.get(name)) and each.value is True]
    return source.answers and bool(said) and t - max(said) <= _STARTS_MS


def _learn(company: Company, now: _Moment, *, on: bool, answering: bool, present: bool) -> None:
    """Account for the time since the last look, then note how both are now."""
    if company.since is not None:
        passed = now.time.class_ms_between(company.since, now.t)
        if company.on and company.answering:
            company.together_ms += passed
        elif company.on:
            company.waiting_ms += passed
        elif company.off and not company.answering:
            company.rest_ms += passed
    if answering:
        company.apart_ms += company.waiting_ms
        company.longest_ms = max(company.longest_ms, company.waiting_ms)
        company.most_days = max(company.most_days, company.days)
        # A day that was counted before it came is none: somebody may switch the other on for it again on the same day.
        company.waiting_ms = company.days = company.day = company.fell_day = 0
        company.fell = False
    elif on and not company.on and company.since is not None and now.attended and now.switched:
        _count_day(company, now)
    if not answering:
        _note_fall(company, now, on=on)
    company.since = now.t if present else None
    company.on, company.answering = on, answering


def _count_day(company: Company, now: _Moment) -> None:
    """A source that is switched on in class, or for the first lesson: who prepares a lesson does so before the bell."""
    day = now.t // _DAY_MS
    known = day == company.day or (company.fell and day == company.fell_day)
    if not known and now.time.class_ms_between(now.t, now.t + _PREPARED_MS):
        company.day, company.days = day, company.days + 1


def _note_fall(company: Company, now: _Moment, *, on: bool) -> None:
    """The day on which the set falls silent counts where the other then waits twice as long as it ever did between lessons.

    Once: where the other is switched on anew on that day, it counts by that.
    """
    day = now.t // _DAY_MS
    if company.answering and company.on and on:
        company.fell_day = day
    elif company.fell_day == day != company.day:
        company.fell |= company.waiting_ms >= 2 * max(_LESSON_MS, company.longest_ms)
