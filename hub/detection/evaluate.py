"""Judges a node: takes its reports in order, lets time pass, and says which signs of which cause have come or gone.

Everything happens at event times. A sign's hold ends at the exact moment that the calendar gives, however late that is noticed.
"""

from collections.abc import Iterable

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import Finding, FindingCleared, FindingOpened
from hub.core.reports import Report
from hub.detection.case import Case, SignKey
from hub.detection.limits import limit_signs
from hub.detection.progress import STEPS, ClassTime, Phase, Progress, Step
from hub.detection.settings import DetectionSettings
from hub.detection.signs import MINUTE_MS, Cause, Scene, Sight, Sign, Span, Verdict
from hub.detection.texts import UNHEARD, evidence, gone
from hub.detection.view import DeviceView


class Judge:
    """Applies the causes to a case. Keeps nothing of any node."""

    def __init__(self, settings: DetectionSettings, time: ClassTime, causes: Iterable[Cause]) -> None:
        self._settings = settings
        self._time = time
        self._causes = tuple(causes)
        self._quiet_ms = round(settings.node_quiet_min * MINUTE_MS)
        self._ahead_ms = round(settings.clock_ahead_min * MINUTE_MS)
        self._signs: dict[tuple[str, str | None], tuple[tuple[str, Sign], ...]] = {}

    def take(self, case: Case, report: Report, now: int) -> list[Finding]:
        """Take the next report of the node's journal. `now` is the hub's own time: the node's clock may be far ahead of it."""
        node = report.device.node
        at = min(report.t, now + self._ahead_ms)
        at = at if case.view.t is None else max(at, case.view.t)
        findings = self.advance(case, node, at)
        if case.view.take(report, at):
            self._review(case, at)
            findings += self._fall_due(case, node, at)
        return findings

    def advance(self, case: Case, node: NodeKey, t: int, *, attended: bool = False) -> list[Finding]:
        """Let time pass up to `t`, in which the node said nothing new.

        A stretch in which it said nothing at all for too long was spent switched off and counts for nothing, unless it was
        `attended`: the hub saw that the node was there.
        """
        before = case.view.t
        if before is None or t <= before:
            case.view.t = t if before is None else before
            return []
        case.view.t = t
        if t - before > self._quiet_ms and not attended:
            self._skip(case, before, t)
            return []
        return self._fall_due(case, node, t)

    def _skip(self, case: Case, start: int, end: int) -> None:
        case.view.interrupt()
        for progress in case.signs.values():
            if progress.running is not None:
                progress.pause(start, self._time)
                progress.resume(end, self._time)

    def _fall_due(self, case: Case, node: NodeKey, t: int) -> list[Finding]:
        """The signs that have waited long enough by `t`, in the order in which they had."""
        due = sorted((each.due, key) for key, each in case.signs.items() if each.due is not None and each.due <= t)
        return [self._settle(case, node, key, at) for at, key in due]

    def _settle(self, case: Case, node: NodeKey, key: SignKey, at: int) -> Finding:
        progress = case.signs[key]
        device, cause, sign = key
        where = DeviceKey(node, device)
        if progress.phase is Phase.CLEARING:
            del case.signs[key]
            text = gone(cause, sign, progress.onset, progress.since)
            return FindingCleared(where, cause, sign, progress.since, (text,))
        text = evidence(cause, sign, progress.onset, progress.span or Span(0), progress.numbers)
        progress.stand()
        return FindingOpened(where, cause, sign, progress.onset, at, (text,))

    def _review(self, case: Case, at: int) -> None:
        """Look at every sign of every device: what one device says may explain another."""
        for device in case.view.devices.values():
            scene = Scene(case.view, device, self._settings)
            for cause, sign in self._signs_of(device):
                key = (device.key, cause, sign.code)
                progress = case.signs.get(key)
                sight = sign.see(scene)
                step = STEPS[None if progress is None else progress.phase, sight.verdict]
                if step is Step.BEGIN:
                    case.signs[key] = self._begin(sign, scene, sight, at)
                elif progress is not None and step is Step.DROP:
                    del case.signs[key]
                elif progress is not None:
                    self._move(progress, step, sign.clear(scene), at)
                    _remember(progress, sight)

    def _begin(self, sign: Sign, scene: Scene, sight: Sight, at: int) -> Progress:
        onset = at if sight.since is None else sight.since
        progress = Progress(Phase.PENDING, onset, at, numbers=dict(sight.numbers))
        progress.wait(Phase.PENDING, sign.hold(scene), at, self._time)
        return progress

    def _move(self, progress: Progress, step: Step, clear: Span, at: int) -> None:
        match step:
            case Step.RESUME:
                progress.resume(at, self._time)
            case Step.PAUSE:
                progress.pause(at, self._time)
            case Step.CLEAR:
                progress.wait(Phase.CLEARING, clear, at, self._time)
            case Step.STAND:
                progress.stand()

    def _signs_of(self, device: DeviceView) -> tuple[tuple[str, Sign], ...]:
        kind, profile = device.facts.role, device.facts.profile
        signs = self._signs.get((kind, profile))
        if signs is None:
            causes = [cause for cause in self._causes if kind in cause.kinds]
            signs = tuple(
                (cause.code, sign)
                for cause in causes
                for sign in (*cause.signs, *limit_signs(cause.code, device.profile))
            )
            self._signs[kind, profile] = signs
        return signs

    def forget_undeclared(self, case: Case) -> None:
        """Drop the progress of signs that the causes and profiles of today do not know: nothing would ever move it again."""
        declared = {
            (device.key, cause, sign.code)
            for device in case.view.devices.values()
            for cause, sign in self._signs_of(device)
        }
        for key in case.signs.keys() - declared:
            del case.signs[key]

    def miss(self, case: Case, node: NodeKey, heard_at: int, now: int) -> list[Finding]:
        """Judge the silence of the node itself, which was last heard at `heard_at`."""
        findings: list[Finding] = []
        for cause in self._causes:
            if cause.unheard is None or case.missed_since is not None:
                continue
            span = cause.unheard(self._settings)
            due = self._time.when_class_time_reached(heard_at, span.ms)
            if due is not None and due <= now:
                text = evidence(cause.code, UNHEARD, heard_at, span)
                findings.append(FindingOpened(DeviceKey(node, HOST), cause.code, UNHEARD, heard_at, due, (text,)))
        if findings:
            case.missed_since = heard_at
        return findings

    def hear(self, case: Case, node: NodeKey, heard_at: int) -> list[Finding]:
        """The node was heard at `heard_at`: if it was missed, it is no longer."""
        onset = case.missed_since
        if onset is None or heard_at <= onset:
            return []
        case.missed_since = None
        return [
            FindingCleared(
                DeviceKey(node, HOST), cause.code, UNHEARD, heard_at, (gone(cause.code, UNHEARD, onset, heard_at),)
            )
            for cause in self._causes
            if cause.unheard is not None
        ]


def _remember(progress: Progress, sight: Sight) -> None:
    if sight.verdict is Verdict.PRESENT:
        progress.numbers = dict(sight.numbers)
