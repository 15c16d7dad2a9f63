"""The table of a sign's phases, walked whole; and waiting that can stand still."""

import pytest

from hub.detection.calendar import Calendar
from hub.detection.progress import STEPS, Phase, Progress, Step
from hub.detection.settings import CalendarSettings
from hub.detection.signs import Span, Verdict

CALENDAR = Calendar(CalendarSettings())
PHASES = (None, *Phase)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_answered_in_every_phase(phase: Phase | None, verdict: Verdict) -> None:
    assert (phase, verdict) in STEPS


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_not_known_neither_opens_nor_clears(phase: Phase | None) -> None:
    assert STEPS[phase, Verdict.UNKNOWN] in (Step.STAY, Step.PAUSE)


def test_only_an_absent_sign_begins_and_only_a_pending_one_is_dropped() -> None:
    assert {phase for (phase, _), step in STEPS.items() if step is Step.BEGIN} == {None}
    assert {phase for (phase, _), step in STEPS.items() if step is Step.DROP} == {Phase.PENDING}


def test_a_pause_adds_to_the_wait() -> None:
    progress = Progress(Phase.PENDING, 1000, 1000)
    progress.wait(Phase.PENDING, Span(600), 1000, CALENDAR)
    assert progress.due == 1600
    progress.pause(1200, CALENDAR)
    assert progress.due is None
    progress.resume(5000, CALENDAR)
    assert progress.due == 5400


def test_pausing_and_resuming_twice_is_the_same_as_once() -> None:
    progress = Progress(Phase.PENDING, 0, 0)
    progress.wait(Phase.PENDING, Span(600), 0, CALENDAR)
    for at in (200, 300):
        progress.pause(at, CALENDAR)
    for at in (1000, 1100):
        progress.resume(at, CALENDAR)
    assert progress.due == 1400


def test_what_stands_waits_for_nothing() -> None:
    progress = Progress(Phase.PENDING, 0, 0)
    progress.wait(Phase.PENDING, Span(600), 0, CALENDAR)
    progress.stand()
    progress.resume(1000, CALENDAR)
    assert (progress.phase, progress.due) == (Phase.STANDING, None)
