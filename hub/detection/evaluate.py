"""Judges the signs of a school's devices: which have come, which have gone, and at which moment.

Everything happens at event times. A sign's hold ends at the exact moment that the calendar gives, however late that is noticed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Finding, FindingCleared, FindingOpened, Place
from hub.detection.limits import limit_signs
from hub.detection.progress import STEPS, ClassTime, Phase, Progress, Step
from hub.detection.settings import DetectionSettings
from hub.detection.signs import GONE, UNKNOWN, Cause, Scene, Sight, Sign, Span, Verdict
from hub.detection.texts import evidence, gone
from hub.detection.view import LOCK, POWER, DeviceId, DeviceView, SiteView
from wire.vocabulary import REACHABLE

SHARED = frozenset({REACHABLE, POWER, LOCK, "input/signal", "ups/on_battery"})
"""Metrics by which one device explains another: when one changes, the whole school is looked at."""
SignKey = tuple[DeviceId, str, str]
"""Device, cause, sign."""
Declared = tuple[str, Sign]
_LOOKS_KEPT = 4096
"""What a report changes is one of some dozens of things, unless somebody plays with names."""
_new = tuple.__new__
_PRESENT = Verdict.PRESENT
"""Python 3.11 looks a member of an enumeration up by a call."""


@dataclass(slots=True)
class Case:
    """How far the signs of a school's devices have come."""

    view: SiteView = field(default_factory=SiteView)
    signs: dict[SignKey, Progress] = field(default_factory=dict)
    due: int | None = None
    """When the next sign will have waited long enough."""
    anew: bool = True
    """What is declared of its devices, or which of them are there, may be another since the last look at all of them."""

    def refresh(self) -> None:
        """Signs have moved."""
        self.due = min((each.due for each in self.signs.values() if each.due is not None), default=None)


class Looks(NamedTuple):
    """Signs that are looked at together. `told`: those among them that a device which answers can show."""

    signs: tuple[Declared, ...]
    told: tuple[Declared, ...]

    @classmethod
    def at(cls, signs: Iterable[Declared]) -> "Looks":
        signs = tuple(signs)
        return cls(signs, tuple(each for each in signs if not each[1].of_silence))


class Judge:
    """Applies the causes to a case. Keeps nothing of any school."""

    def __init__(self, settings: DetectionSettings, causes: Iterable[Cause]) -> None:
        self._settings = settings
        self._causes = tuple(causes)
        self._signs: dict[tuple[str, str | None], tuple[Declared, ...]] = {}
        self._looks: dict[tuple[str, str | None, tuple[str, ...] | None], Looks] = {}

    def review(self, case: Case, device: DeviceView, changed: Collection[str], at: int, time: ClassTime) -> bool:
        """Look at what `changed` on a device. Whether something is due at another time now, or may be."""
        if not SHARED.isdisjoint(changed):
            self.review_all(case, at, time, device)
            return True
        looks = self._looks_at(device, tuple(changed))
        if not looks.signs:
            return False
        due = case.due
        if self._review_device(case, device, at, time, looks):
            case.refresh()
        return case.due != due

    def review_all(self, case: Case, at: int, time: ClassTime, changed: DeviceView | None = None) -> None:
        """Look at the signs of every device: what one device says may explain another.

        `changed`: the only device that says something new; of the others those signs that stand alone are as they were.
        """
        whole = changed is None or case.anew
        case.anew = False
        for device in case.view.devices.values():
            looks = self._looks_at(device, None if whole or device is changed else ())
            self._review_device(case, device, at, time, looks)
        case.refresh()

    def fall_due(self, case: Case, group: str, t: int, time: ClassTime) -> list[Finding]:
        """The signs that have waited long enough by `t`, in the order in which they had."""
        if case.due is None or case.due > t:
            return []
        self._look_twice(case, t, time)
        due = sorted((each.due, key) for key, each in case.signs.items() if each.due is not None and each.due <= t)
        findings = [self._settle(case, group, key, at) for at, key in due]
        case.refresh()
        return findings

    def _look_twice(self, case: Case, t: int, time: ClassTime) -> None:
        for (place, cause, code), progress in case.signs.items():
            if progress.phase is Phase.PENDING and progress.due is not None and progress.due <= t:
                device = case.view.devices[place]
                sign = next(sign for name, sign in self._signs_of(device) if (name, sign.code) == (cause, code))
                if sign.twice and sign.see(Scene(case.view, device, self._settings, time)).verdict is Verdict.UNKNOWN:
                    progress.pause(progress.due, time)
                    progress.waited = 0

    def skip(self, case: Case, node: str, start: int, end: int, time: ClassTime) -> None:
        """What passed from `start` to `end` counts for no sign of the node's devices: nobody listened."""
        for (device, _, _), progress in case.signs.items():
            if device[0] == node and progress.running is not None:
                progress.pause(start, time)
                progress.resume(end, time)
        case.refresh()

    def forget_undeclared(self, case: Case) -> None:
        """Drop the progress of signs that the causes and profiles of today do not know: nothing would ever move it again."""
        declared = {
            (device.id, cause, sign.code)
            for device in case.view.devices.values()
            for cause, sign in self._signs_of(device)
        }
        for key in case.signs.keys() - declared:
            del case.signs[key]
        case.refresh()

    def _settle(self, case: Case, group: str, key: SignKey, at: int) -> Finding:
        progress = case.signs[key]
        (node, device), cause, sign = key
        place = Place(DeviceKey(NodeKey(group, node), device))
        if progress.phase is Phase.CLEARING:
            del case.signs[key]
            text = gone(cause, sign, progress.onset, progress.since)
            return FindingCleared(place, cause, sign, progress.since, (text,), progress.ended_at)
        text = evidence(cause, sign, progress.onset, progress.span or Span(0), progress.numbers)
        progress.stand()
        return FindingOpened(place, cause, sign, progress.onset, at, (text,))

    def _review_device(self, case: Case, device: DeviceView, at: int, time: ClassTime, looks: Looks) -> bool:
        """Look at these of its signs. Whether any is there, or was."""
        place, moved = device.id, False
        own = {key: progress for key, progress in case.signs.items() if key[0] == place} if case.signs else {}
        is_there, answers = device.present, device.answers
        if not own and not is_there:
            return False
        scene = _new(Scene, (case.view, device, self._settings, time))
        # Most devices answer, and nothing is wrong with them.
        for cause, sign in looks.told if answers and not own else looks.signs:
            key = (place, cause, sign.code)
            progress = own.get(key) if own else None
            sight = (GONE if answers and sign.of_silence else sign.see(scene)) if is_there else UNKNOWN
            if progress is None and sight.verdict is not _PRESENT:
                # So it is with nearly all signs of all devices, at nearly every look.
                continue
            step = STEPS[None if progress is None else progress.phase, sight.verdict]
            moved |= progress is not None or step is Step.BEGIN
            if step is Step.BEGIN:
                case.signs[key] = self._begin(sign, scene, sight, at, time)
            elif progress is not None and step is Step.DROP:
                del case.signs[key]
            elif progress is not None:
                progress.note(sight.verdict, at)
                if step is Step.RESUME and sight.since is not None:
                    progress.begin_anew(sight.since, at)
                self._move(progress, step, sign.clear(scene), at, time)
                _remember(progress, sight)
        return moved

    def _begin(self, sign: Sign, scene: Scene, sight: Sight, at: int, time: ClassTime) -> Progress:
        onset = at if sight.since is None else sight.since
        progress = Progress(Phase.PENDING, onset, at, numbers=dict(sight.numbers))
        progress.wait(Phase.PENDING, sign.hold(scene), at, time)
        return progress

    def _move(self, progress: Progress, step: Step, clear: Span, at: int, time: ClassTime) -> None:
        match step:
            case Step.RESUME:
                progress.resume(at, time)
            case Step.PAUSE:
                progress.pause(at, time)
            case Step.CLEAR:
                progress.wait(Phase.CLEARING, clear, at, time)
            case Step.STAND:
                progress.stand()

    def _signs_of(self, device: DeviceView) -> tuple[Declared, ...]:
        key = device.facts.role, device.facts.profile
        signs = self._signs.get(key)
        if signs is None:
            signs = self._signs[key] = tuple(self._declared(device))
        return signs

    def _declared(self, device: DeviceView) -> Iterator[Declared]:
        for cause in self._causes:
            if device.facts.role in cause.kinds:
                for sign in (*cause.signs, *limit_signs(cause, device.profile)):
                    yield cause.code, sign

    def _looks_at(self, device: DeviceView, changed: tuple[str, ...] | None) -> Looks:
        """Its signs, but for those that stand alone and look at nothing of what changed; none where no sign looks at that.

        Where nothing of its own changed they are those that do not stand alone; None: anything may have.
        """
        facts = device.facts
        key = facts.role, facts.profile, changed
        looks = self._looks.get(key)
        if looks is None:
            if len(self._looks) >= _LOOKS_KEPT:
                self._looks.clear()
            looks = self._looks[key] = Looks.at(_touched(self._signs_of(device), changed))
        return looks


def _touched(signs: Sequence[Declared], changed: tuple[str, ...] | None) -> Iterable[Declared]:
    if changed is None:
        return signs
    if changed and all(sign.watches.isdisjoint(changed) for _, sign in signs):
        return ()
    return [each for each in signs if not each[1].alone or not each[1].watches.isdisjoint(changed)]


def _remember(progress: Progress, sight: Sight) -> None:
    if sight.verdict is Verdict.PRESENT:
        progress.numbers = dict(sight.numbers)
