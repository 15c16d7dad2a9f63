"""A device answers no more: the signs `silent`, `plugged`, `waited_for`, `screen_waits` and `missed`.

Silence has several meanings: a set that is switched off may answer nothing. Alone it counts only where the device is known to
answer in standby, from its profile or from its own history. For any other a second witness is needed: a plug that says the set
draws power, a picture source that waits for it through several class hours on several days, a screen that waits for a picture.
"""

from math import log

from hub.detection.daily import BOX, RESTLESS, SCREEN, Waiter
from hub.detection.signs import HOUR_MS, MINUTE_MS, UNKNOWN, Scene, Sight, Sign, Span, present
from hub.detection.view import LOCK, POWER, SIGNAL, SOURCE, DeviceView
from hub.detection.witness import Testimony, hear

_HABIT = 2
"""A set that was silent so often and came back is unplugged by habit, whatever it does in standby."""
_APART_SHARE = 0.2
_AROUND_MS = round(2.5 * HOUR_MS)
"""People are at school from so long before the first bell to so long after the last."""
_DISPLAYS = ("tv", "projector")
_A_DAY_MS = 5 * HOUR_MS
"""Class time of a day, nearly."""


def _silent(scene: Scene) -> Sight:
    if not _fell_silent(scene) or not _says_something(scene):
        return UNKNOWN
    witness = hear(scene.view, scene.device, round(scene.settings.together_min * MINUTE_MS))
    if witness.testimony is not Testimony.IT_ALONE:
        return UNKNOWN
    return present(scene.device.silent_since, witness=witness.by)


def _fell_silent(scene: Scene) -> bool:
    return scene.device.silent and scene.device.learnt.answered


def _says_something(scene: Scene) -> bool:
    learnt = scene.device.learnt
    if learnt.daily.steady and learnt.daily.fell_in_class and scene.device.facts.kind == "receiver":
        return True
    if learnt.silences >= _HABIT:
        return False
    if learnt.answered_while_off or scene.profile.standby == "answers":
        return True
    if scene.profile.standby != "unknown" or learnt.silences:
        return False
    # Also one whose node is off at night, and which was there whenever the node was.
    kept_ms = max(learnt.longest_on_ms, learnt.kept_ms)
    never_off = scene.device.facts.kind == "receiver" and kept_ms >= scene.settings.never_off_h * HOUR_MS
    return never_off or learnt.longest_ms >= scene.settings.always_on_h * HOUR_MS


def _plugged(scene: Scene) -> Sight:
    mates = scene.view.room_mates(scene.device)
    if not _fell_silent(scene) or not _goes_with(scene, "plug") or any(mate.facts.kind in _DISPLAYS for mate in mates):
        return UNKNOWN
    plugs = [mate for mate in mates if mate.facts.kind == "other" and mate.value(POWER) is True]
    if not plugs:
        return UNKNOWN
    return present(
        _broke(scene.device, min(each.since(POWER) for each in plugs)), witness=min(each.key for each in plugs)
    )


def _broke(device: DeviceView, missed_at: int | None) -> int:
    """Between when it was switched off, as far as anybody can tell, and when it was first wanted again: half-way."""
    since = device.silent_since or 0
    return since if missed_at is None or missed_at < since else (since + missed_at) // 2


def _waited_for(scene: Scene) -> Sight:
    device = scene.device
    if not _fell_silent(scene) or not _switched_on_for_it(scene):
        return UNKNOWN
    mates = scene.view.room_mates(device)
    if any(mate.facts.kind in _DISPLAYS and mate.learnt.answered for mate in mates):
        # The source may have been switched on for the other screen.
        return UNKNOWN
    sources = sorted(mate.key for mate in mates if mate.facts.kind == "receiver")
    if not sources:
        return UNKNOWN
    waited_min = device.learnt.company["source"].waiting_ms / MINUTE_MS
    return present(_broke(device, device.learnt.daily.wanted_at), witness=sources[0], held_min=waited_min)


def _switched_on_for_it(scene: Scene) -> bool:
    """People switch the source on for the set, day after day, and the set does not come."""
    settings, company = scene.settings, scene.device.learnt.company.get("source")
    if company is None or company.together_ms < settings.used_h * HOUR_MS:
        return False
    waited = company.waiting_ms >= settings.waits_class_min * MINUTE_MS
    return waited and company.days + company.fell >= max(settings.waits_days, 2 * company.most_days + 1)


def _missed(scene: Scene) -> Sight:
    """It was at work on nearly every day of class, and now its room waits for it day after day."""
    device, settings = scene.device, scene.settings
    if _switched_on_for_it(scene) or _was_of_no_use(scene) or _has_a_plug(scene):
        return UNKNOWN
    waiter, daily = _waiter(scene), device.learnt.daily
    odds, days, waited_ms = daily.odds(waiter)
    if waiter is RESTLESS:
        odds += daily.fall
    waited = waited_ms >= settings.waits_class_min * MINUTE_MS and days >= settings.waits_days
    missed = waited and odds >= log(settings.missed_belief / (1 - settings.missed_belief))
    if not (missed or _never_missed_before(scene)) or not _fell_silent(scene):
        return UNKNOWN
    mates = scene.view.room_mates(device)
    sort = _DISPLAYS if device.facts.kind in _DISPLAYS else (device.facts.kind,)
    if any(mate.facts.kind in sort and mate.learnt.answered for mate in mates):
        # The room may have been kept for the other one.
        return UNKNOWN
    if waiter is RESTLESS and _may_come_again(scene, days):
        return UNKNOWN
    return present(_broke(device, daily.wanted_at), days=days)


def _may_come_again(scene: Scene, days: int) -> bool:
    """Today's first lesson is not over; or it was switched off as ever, as in rooms of the district that then were used again."""
    daily = scene.device.learnt.daily
    return not daily.waits_today or (not daily.fell_at_work and scene.view.pauses(days))


def _waiter(scene: Scene) -> Waiter:
    if scene.device.facts.kind == "receiver":
        return SCREEN
    source = scene.device.learnt.company.get("source")
    rests = source is not None and source.rest_ms >= scene.settings.used_h * HOUR_MS
    return BOX if rests else RESTLESS


def _never_missed_before(scene: Scene) -> bool:
    """A box that was on in all class, for days, is off for two lessons for which a screen of its room is on."""
    daily = scene.device.learnt.daily
    is_box = scene.device.facts.kind == "receiver"
    return is_box and daily.steady and daily.waiting_ms >= 2 * scene.settings.silent_class_min * MINUTE_MS


def _was_of_no_use(scene: Scene) -> bool:
    """It had no picture, or no lock, when it was last on in class: it is left off for that, and that is somebody else's fault."""
    device = scene.device
    lacked = [each for name in (SIGNAL, LOCK) if (each := device.readings.get(name)) and each.value is False]
    return any(scene.time.class_ms_between(each.since, device.silent_since or each.since + 1) for each in lacked)


def _has_a_plug(scene: Scene) -> bool:
    """A plug that goes with it knows better whether somebody wants it than whatever else is on: that is the sign `plugged`."""
    mates = scene.view.room_mates(scene.device)
    return any(mate.facts.kind == "other" and POWER in mate.readings for mate in mates) and _goes_with(scene, "plug")


def _goes_with(scene: Scene, witness: str) -> bool:
    """It is on when the set is on, and mostly not when it is not: only then does it say anything of the set."""
    company = scene.device.learnt.company.get(witness)
    if company is None or company.together_ms < scene.settings.used_h * HOUR_MS:
        return False
    off_ms = company.apart_ms + company.rest_ms
    return off_ms >= scene.settings.used_h * HOUR_MS and company.apart_ms <= _APART_SHARE * off_ms


def _screen_waits(scene: Scene) -> Sight:
    mates = scene.view.room_mates(scene.device)
    if not scene.device.silent or any(mate.facts.kind == "receiver" for mate in mates):
        # One that has never been heard counts too: a screen that waits for it proves that it is there, and does nothing.
        return UNKNOWN
    screens = [mate for mate in mates if mate.value(POWER) is True and mate.value(SIGNAL) is False]
    if not screens:
        return UNKNOWN
    began = _broke(scene.device, min(each.since(POWER, SIGNAL) for each in screens))
    return present(began, witness=min(each.key for each in screens))


def _silent_for(scene: Scene) -> Span:
    """A lesson; most of a day of class where it may have been switched off at the wall."""
    learnt, settings = scene.device.learnt, scene.settings
    if learnt.silences >= _HABIT:
        # It is: that it would answer in standby says nothing.
        return Span.of_class(settings.screen_class_min)
    never_off = learnt.longest_on_ms >= settings.never_off_h * HOUR_MS
    # What its model does in standby says less of one that was silent once already, as in its first night.
    proven = learnt.answered_while_off or learnt.longest_ms >= settings.always_on_h * HOUR_MS
    told = scene.profile.standby == "answers"
    if proven or (told and not learnt.silences) or ((told or never_off) and not _by_hand(scene)):
        return Span.of_class(settings.silent_class_min)
    return Span.of_class(settings.screen_class_min)


def _by_hand(scene: Scene) -> bool:
    """It fell silent when people come and go, not in the midst of class, and not at an hour at which nobody is there."""
    since = scene.device.silent_since or 0
    near = scene.time.class_ms_between(since - _AROUND_MS, since + _AROUND_MS) > 0
    return near and scene.time.class_ms_between(since, since + HOUR_MS) < HOUR_MS


def _lesson(scene: Scene) -> Span:
    return Span.of_class(scene.settings.silent_class_min)


def _at_once(_scene: Scene) -> Span:
    return Span(0)


def _lessons(scene: Scene) -> Span:
    """Two lessons for a box that nobody was ever seen to switch off, that came whenever a screen wanted it, or fell on air."""
    daily = scene.device.learnt.daily
    never_off = daily.worked_ms >= _A_DAY_MS and not daily.absences
    if never_off or _fell_on_air(scene) or (daily.always_came and _is_wanted(scene)):
        return Span.of_class(2 * scene.settings.silent_class_min)
    return Span.of_class(scene.settings.screen_class_min)


def _is_wanted(scene: Scene) -> bool:
    """A screen of its room is on without a picture, on the input on which it usually has one."""
    return any(
        mate.value(POWER) is True
        and mate.value(SIGNAL) is False
        and mate.learnt.usual_input in (None, mate.value(SOURCE))
        for mate in scene.view.room_mates(scene.device)
    )


def _fell_on_air(scene: Scene) -> bool:
    """A screen of its room was on, lost its picture when the device fell silent, and waits: who ends a lesson switches it off."""
    since, near = scene.device.silent_since or 0, scene.settings.together_min * MINUTE_MS
    return any(
        mate.value(POWER) is True
        and mate.value(SIGNAL) is False
        and abs(mate.since(SIGNAL) - since) <= near
        and mate.since(SIGNAL) > mate.since(POWER)
        for mate in scene.view.room_mates(scene.device)
    )


SILENT = Sign("silent", _silent, _silent_for, numbers=("witness",), of_silence=True)
PLUGGED = Sign("plugged", _plugged, _lesson, numbers=("witness",), of_silence=True)
WAITED_FOR = Sign("waited_for", _waited_for, _lesson, numbers=("witness",), of_silence=True)
"""Who comes again comes with the day's first lesson. The ticket says for how long it was waited for, on all days."""
SCREEN_WAITS = Sign("screen_waits", _screen_waits, _lessons, numbers=("witness",), of_silence=True)
MISSED = Sign("missed", _missed, _at_once, numbers=("days",), of_silence=True)
