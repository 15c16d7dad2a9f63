"""What the pages of surveys ask of the hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from hub.core.people import Principal
from hub.surveys.reading import Typed
from hub.surveys.schema import Definition
from hub.surveys.sheet import Sheet, SheetState, Survey


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey and how many of its sheets stand where."""

    survey: Survey
    counts: Mapping[SheetState, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        return self.at("answered", "accepted")

    def at(self, *states: str) -> int:
        return sum(count for state, count in self.counts.items() if state.value in states)


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """What somebody wants to start. small: only schools of at most so many pupils; schools: only these codes; else all."""

    type: str
    turn: str
    group: str
    due_on: date | None
    small: bool = False
    schools: tuple[str, ...] = field(default=())


class SurveyPages(Protocol):
    """Each wish is one transaction; raises SurveyRefused, and nothing is done."""

    @property
    def definitions(self) -> Mapping[str, Definition]: ...

    @property
    def small_pupils(self) -> int:
        """Up to so many pupils a school is a small one."""

    def some(self, who: Principal, before: int | None, limit: int) -> Sequence[SurveyLine]:
        """Those of their districts, the newest first."""

    def one(self, survey_id: int, who: Principal) -> tuple[SurveyLine, Sequence[Sheet]] | None: ...

    def sheet(self, survey_id: int, sheet_id: int, who: Principal) -> tuple[Survey, Sheet] | None: ...

    def mine(self, who: Principal) -> Sequence[tuple[Survey, Sheet]]:
        """Open surveys in which somebody's own school is asked."""

    def schools(self, group: str) -> Sequence[tuple[str, str, int | None]]:
        """Code, name and pupils."""

    def start(self, wish: NewSurvey, who: Principal) -> int: ...

    def close(self, survey_id: int, who: Principal) -> None: ...

    def by_token(self, token: str) -> tuple[Survey, Sheet] | None:
        """What a link of a school leads to."""

    def answer(self, token: str, typed: Typed, version: int, who: Principal) -> Sheet:
        """The informant's name stands at `informant`."""

    def accept(self, sheet_id: int, version: int, who: Principal) -> Sheet: ...

    def ask_back(self, sheet_id: int, version: int, note: str, who: Principal) -> Sheet: ...

    def paper(self, survey_id: int, sheet_id: int, who: Principal) -> bytes | None:
        """A PDF; None where there is no such sheet or it has no paper."""

    def workbook(self, survey_id: int, who: Principal, language: str) -> bytes | None:
        """All answers, and the differences, as XLSX."""

    def links(self, survey_id: int, who: Principal, base: str, language: str) -> bytes | None:
        """The link of each school, as XLSX. base: where schools reach the hub"""
