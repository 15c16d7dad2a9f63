"""How far a sign has come: absent, pending, standing, clearing. One table of what each verdict does in each phase.

A phase that waits counts time while the verdict that feeds it holds, and knows the exact moment at which it has waited enough. So
what is opened when does not depend on how often anyone looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from hub.detection.signs import Number, Span, Verdict


class Phase(Enum):
    """Of a sign that is not absent.

    PENDING   it is there, not yet for long enough
    STANDING  it was there for long enough
    CLEARING  it was, and is gone, not yet for long enough
    """

    PENDING = "pending"
    STANDING = "standing"
    CLEARING = "clearing"


class Step(Enum):
    """What a verdict does to a sign."""

    STAY = "stay"
    BEGIN = "begin"
    RESUME = "resume"
    PAUSE = "pause"
    DROP = "drop"
    CLEAR = "clear"
    STAND = "stand"


_PRESENT, _BETWEEN, _GONE, _UNKNOWN = Verdict.PRESENT, Verdict.BETWEEN, Verdict.GONE, Verdict.UNKNOWN
STEPS: dict[tuple[Phase | None, Verdict], Step] = {
    (None, _PRESENT): Step.BEGIN,
    (None, _BETWEEN): Step.STAY,
    (None, _GONE): Step.STAY,
    (None, _UNKNOWN): Step.STAY,
    (Phase.PENDING, _PRESENT): Step.RESUME,
    (Phase.PENDING, _BETWEEN): Step.DROP,
    (Phase.PENDING, _GONE): Step.DROP,
    (Phase.PENDING, _UNKNOWN): Step.PAUSE,
    (Phase.STANDING, _PRESENT): Step.STAY,
    (Phase.STANDING, _BETWEEN): Step.STAY,
    (Phase.STANDING, _GONE): Step.CLEAR,
    (Phase.STANDING, _UNKNOWN): Step.STAY,
    (Phase.CLEARING, _PRESENT): Step.STAND,
    (Phase.CLEARING, _BETWEEN): Step.STAND,
    (Phase.CLEARING, _GONE): Step.RESUME,
    (Phase.CLEARING, _UNKNOWN): Step.PAUSE,
}


_MOMENT_MS = 60_000


class ClassTime(Protocol):
    """The calendar, as far as waiting needs it."""

    def class_ms_between(self, start: int, end: int) -> int: ...

    def when_class_time_reached(self, start: int, class_ms: int) -> int | None: ...


@dataclass(slots=True)
class Progress:
    """A sign that is not absent.

    onset    when the fault began, as far as the values tell
    since    when this phase began
    span     how long it has to wait; None where it waits for nothing
    waited   how much of that had passed at `running`
    running  since when time counts; None while it stands still
    due      when it will have waited enough, if nothing changes
    seen_until  until when it was last seen to be there; None while it is
    numbers  what the evidence shows, as last seen
    """

    phase: Phase
    onset: int
    since: int
    span: Span | None = None
    waited: int = 0
    running: int | None = None
    due: int | None = None
    seen_until: int | None = None
    numbers: Mapping[str, Number] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """It has been told, and has not been told to be gone."""
        return self.phase in (Phase.STANDING, Phase.CLEARING)

    def wait(self, phase: Phase, span: Span, at: int, time: ClassTime) -> None:
        """Enter a phase that waits for `span`."""
        self.phase, self.since, self.span, self.waited = phase, at, span, 0
        self.running = None
        self.resume(at, time)

    def note(self, verdict: Verdict, at: int) -> None:
        """Whether it is seen at `at`."""
        if verdict is Verdict.PRESENT:
            self.seen_until = None
        elif self.seen_until is None:
            self.seen_until = at

    @property
    def ended_at(self) -> int:
        """When it went, as far as anybody can tell: half-way between the last look that showed it and the first that did not."""
        return self.since if self.seen_until is None else (min(self.seen_until, self.since) + self.since) // 2

    def stand(self) -> None:
        """Wait for nothing more."""
        self.phase, self.span, self.waited, self.running, self.due = Phase.STANDING, None, 0, None, None

    def begin_anew(self, onset: int, at: int) -> None:
        """It is there again at `at`. What was there for a moment was none yet: who ends a lesson switches off one thing first."""
        if self.phase is Phase.PENDING and self.running is None and self.waited < _MOMENT_MS:
            self.onset, self.since = onset, at

    def resume(self, at: int, time: ClassTime) -> None:
        """Time counts from `at` on."""
        if self.span is None or self.running is not None:
            return
        self.running = at
        missing = max(0, self.span.ms - self.waited)
        self.due = time.when_class_time_reached(at, missing) if self.span.in_class else at + missing

    def pause(self, at: int, time: ClassTime) -> None:
        """Time stands still from `at` on."""
        if self.span is None or self.running is None:
            return
        passed = time.class_ms_between(self.running, at) if self.span.in_class else at - self.running
        self.waited += max(0, passed)
        self.running = self.due = None
