"""The work calendar of a fiscal year, as data: what the manuals and the rules want done, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from firmware_profiles.toml_model import load
from hub.core.fiscal import first_day
from hub.core.words import Told, Words

_FILE = Path(__file__).parent / "calendar.toml"
Month = Annotated[int, Field(ge=1, le=12)]
_OCTOBER = 10


class DutyModel(Words):
    """months: of the calendar year; until: a day of its last month; source: where it is wanted"""

    months: Annotated[tuple[Month, ...], Field(min_length=1)]
    until: int | None = Field(None, ge=1, le=31)
    source: str = ""


class CalendarModel(Told):
    duties: Mapping[str, DutyModel]


@dataclass(frozen=True, slots=True)
class Duty:
    """One of a fiscal year. due: None: it goes on all the time; months: first days, in the order of the fiscal year"""

    code: str
    th: str
    en: str
    months: tuple[date, ...]
    due: date | None
    source: str

    @property
    def all_year(self) -> bool:
        return len(self.months) == 12

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.th

    def falls_in(self, day: date) -> bool:
        return day.replace(day=1) in self.months


@cache
def load_calendar() -> Mapping[str, DutyModel]:
    """Raises TomlMistake."""
    return load(_FILE, CalendarModel).duties


def duties_of(year: int, calendar: Mapping[str, DutyModel]) -> Sequence[Duty]:
    """Those that go on all the year first, then by their first month."""
    found = [_duty(code, each, year) for code, each in calendar.items()]
    return sorted(found, key=lambda each: (not each.all_year, each.months[0], each.due or each.months[-1], each.code))


def _duty(code: str, told: DutyModel, year: int) -> Duty:
    begin = first_day(year)
    months = sorted(date(begin.year + (month < _OCTOBER), month, 1) for month in told.months)
    due = None if told.until is None else months[-1].replace(day=told.until)
    return Duty(code, told.th, told.en, tuple(months), due, told.source)
