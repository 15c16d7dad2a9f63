"""A survey that was started, and the sheet of one school: what may be done with it from where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hub.surveys.answers import Answers


class SheetState(StrEnum):
    WAITING = "waiting"
    """for the school"""
    ANSWERED = "answered"
    """for the office to look at the differences"""
    ASKED_BACK = "asked_back"
    """for the school once more"""
    ACCEPTED = "accepted"


AT_SCHOOL = frozenset({SheetState.WAITING, SheetState.ASKED_BACK})


@dataclass(frozen=True, slots=True)
class Survey:
    """One that was started.

    turn       which one it is, in the office's words, e.g. 1/2570
    closed_at  since then nothing is answered any more
    """

    type: str
    turn: str
    group: str
    due_on: date
    started_at: int
    started_by: str
    closed_at: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Of one school.

    known     what stood on it when the school got it: what we knew
    token     in the address that the school gets
    answered_by, answered_name   as the audit calls them, and as they wrote themselves
    note      of the office, when it asks back
    """

    survey: int
    group: str
    school: str
    name: str
    known: Answers
    token: str
    state: SheetState = SheetState.WAITING
    answers: Answers | None = None
    answered_at: int | None = None
    answered_by: str = ""
    answered_name: str = ""
    note: str = ""
    decided_at: int | None = None
    decided_by: str = ""
    reminded_at: int | None = None
    version: int = 1
    id: int = 0


class Refusal(StrEnum):
    NO_SUCH = "no_such"
    STALE = "stale"
    CLOSED = "closed"
    NOT_FROM_HERE = "not_from_here"
    FAULTS = "faults"
    NO_SCHOOL = "no_school"
    """none was chosen"""
    PAST = "past"
    """it would be due before it is started"""
    NO_TYPE = "no_type"


class SurveyRefused(Exception):
    """Nothing is done. faults: by place, where answers are not as they should be"""

    def __init__(self, refusal: Refusal, faults: tuple[object, ...] = ()) -> None:
        super().__init__(refusal.value)
        self.refusal, self.faults = refusal, faults


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, and when. by, name: as the audit calls them, and as they wrote themselves; version: which they saw."""

    by: str
    name: str
    version: int
    at: int


def answered(survey: Survey, sheet: Sheet, answers: Answers, deed: Deed) -> Sheet:
    """Raises SurveyRefused. What was sent twice from the same page is stale the second time."""
    _may_go_on(survey, sheet, deed)
    if sheet.state is SheetState.ACCEPTED:
        raise SurveyRefused(Refusal.NOT_FROM_HERE)
    return replace(
        sheet,
        state=SheetState.ANSWERED,
        answers=answers,
        answered_at=deed.at,
        answered_by=deed.by,
        answered_name=deed.name,
        version=sheet.version + 1,
    )


def accepted(sheet: Sheet, deed: Deed) -> Sheet:
    """The school's word stands; also after the survey was closed."""
    return _decided(sheet, deed, SheetState.ACCEPTED, "")


def asked_back(survey: Survey, sheet: Sheet, deed: Deed, note: str) -> Sheet:
    """The school is asked once more; what it said stays on its page."""
    _may_go_on(survey, sheet, deed)
    return replace(_decided(sheet, deed, SheetState.ASKED_BACK, note), reminded_at=None)


def is_due_for_reminder(survey: Survey, sheet: Sheet, today: date, days: int) -> bool:
    """Once, so many days before it is due, while the school has not answered."""
    if survey.closed_at is not None or sheet.state not in AT_SCHOOL or sheet.reminded_at is not None:
        return False
    return (survey.due_on - today).days <= days


def progress(states: Mapping[SheetState, int]) -> float:
    """The share of schools that have answered."""
    total = sum(states.values())
    waiting = sum(states.get(state, 0) for state in AT_SCHOOL)
    return (total - waiting) / total if total else 0.0


def _may_go_on(survey: Survey, sheet: Sheet, deed: Deed) -> None:
    if survey.closed_at is not None:
        raise SurveyRefused(Refusal.CLOSED)
    if sheet.version != deed.version:
        raise SurveyRefused(Refusal.STALE)


def _decided(sheet: Sheet, deed: Deed, state: SheetState, note: str) -> Sheet:
    if sheet.version != deed.version:
        raise SurveyRefused(Refusal.STALE)
    if sheet.state is not SheetState.ANSWERED:
        raise SurveyRefused(Refusal.NOT_FROM_HERE)
    return replace(sheet, state=state, note=note, decided_at=deed.at, decided_by=deed.by, version=sheet.version + 1)
