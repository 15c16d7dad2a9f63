"""What a builder of a paper is given, and how it says what most papers say: names, days, who signed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from hub.core.fiscal import calendar_year
from hub.store.unit_of_work import Store
from hub.workflows.request import Entry, Request, Told, Value
from hub.workflows.schema import Definition
from hub.workflows.settings import OfficeSettings

Values = Mapping[str, Any]
"""Of a form, by its form.toml; what is left out or None is left for the pen."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A request whose paper is made.

    store    for whatever else a builder reads
    number   of the paper: 27/2570
    people   names by account, as a field of people holds them; schools: names by group/code
    """

    store: Store
    request: Request
    entries: Sequence[Entry]
    definition: Definition
    number: str
    office: OfficeSettings
    zone: ZoneInfo
    now: int
    people: Mapping[str, str]
    schools: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """What a field holds, in words; None where it holds nothing."""
        value = self.request.values.get(name)
        field = self.definition.fields.get(name)
        if value is None or isinstance(value, Mapping):
            return None
        if field is not None and field.choices:
            return field.choices[str(value)].th if value in field.choices else str(value)
        return self.people.get(str(value)) or self.schools.get(str(value)) or f"{value}"

    def value(self, name: str) -> Value | None:
        return self.request.values.get(name)

    def day(self, moment: int) -> date:
        return self.time(moment).date()

    def time(self, moment: int) -> datetime:
        """As a form takes a moment: local, to the minute."""
        return datetime.fromtimestamp(moment / 1000, self.zone).replace(second=0, microsecond=0, tzinfo=None)

    def step(self, *transitions: str) -> Entry | None:
        """The last time that one of these was taken."""
        taken = (each for each in reversed(self.entries) if each.told is Told.MOVED and each.transition in transitions)
        return next(taken, None)

    def opened(self) -> Values:
        """The signature of whoever opened it."""
        return self.signed(next((each for each in self.entries if each.told is Told.OPENED), None))

    def signed(self, entry: Entry | None, position: str | None = None) -> Values:
        """The signature block of whoever took a step; a line for the pen where nobody did."""
        if entry is None or not entry.name:
            return {}
        return {"name": entry.name, "position": position, "signed_on": self.day(entry.at)}

    def director(self, entry: Entry | None = None) -> Values:
        """The block of the director, who may have decided already."""
        name = entry.name if entry is not None else self.office.director
        signed_on = None if entry is None else self.day(entry.at)
        return {"name": name or None, "position": self.office.director_title or None, "signed_on": signed_on}

    @property
    def unit(self) -> str | None:
        """Where the people of the office work, who alone ask for material and purchases, whatever school these are for."""
        return first((self.office.group, self.office.name))

    def school(self) -> str | None:
        """The name of the school that it is about."""
        if not self.request.school:
            return None
        return self.schools.get(f"{self.request.group}/{self.request.school}") or self.request.school


Builder = Callable[[Facts], Values]


def first(texts: Iterable[str | None]) -> str | None:
    """The first that says something."""
    return next((each for each in texts if each), None)


def long_day(day: date) -> str:
    """As it stands in the text of a letter: the month in full, the year of the Buddhist era."""
    return f"{format_date(day, 'd MMMM', locale='th')} {calendar_year(day)}"
