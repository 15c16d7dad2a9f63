"""What a definition of a workflow may say: one TOML file a type of request. Whether it is sound as a whole: checking.py.

States, transitions and fields are tables keyed by their names: codes that are stored. Everything that people read stands in
the file, in Thai and English.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from hub.core.words import Told, Words

REQUESTER = "requester"
"""In the place of a role: whoever opened the request."""
PERSON_MARK = "@"
"""Before the name of a field: the person whom it holds, as long as it holds one."""
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Hours = Annotated[float, Field(gt=0, le=4000)]


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    """a date and a time of day"""
    CHOICE = "choice"
    PERSON = "person"
    """of the office, by account"""
    SCHOOL = "school"
    DEVICE = "device"
    FILE = "file"
    SIGNATURE = "signature"
    """drawn on the screen"""
    ITEM = "item"
    """of the stock, by its code"""
    PLACE = "place"
    """where stock lies: office, car:person:3, group/code of a school"""
    ASSET = "asset"
    """of the register, by its number"""
    ROWS = "rows"
    """a table: its columns are asked in each row"""


class HeldModel(Words):
    """What a field holds, or a cell of one.

    hint     a short sentence under it
    least, most   of a number; whole: without a fraction
    choices  of a choice, in the order in which they are offered
    """

    kind: Kind
    hint: Words | None = None
    least: float | None = None
    most: float | None = None
    whole: bool = False
    choices: Mapping[Code, Words] = Field(default_factory=dict)


class ColumnModel(HeldModel):
    """A column of a field of rows.

    required  in each row; unless  that other column of the row is filled
    wide      for longer texts
    """

    required: bool = False
    unless: Code | None = None
    wide: bool = False


class FieldModel(HeldModel):
    """Something that is asked.

    lines    rows of a text
    columns  of rows
    starts   with what that other field holds, each time that it is asked; of rows, in the columns that both have
    """

    lines: int = Field(1, ge=1, le=20)
    columns: Mapping[Code, ColumnModel] = Field(default_factory=dict)
    starts: Code | None = None


class GuardModel(Told):
    """A condition of a transition: a predicate of guards.py by its name, with what it needs.

    was    the field as it is before the step is looked at
    when   it only counts where a field has one of these values
    words  why it says no, in place of the usual words
    """

    check: str
    field: str | None = None
    than: str | None = None
    same: str | None = None
    days: int | None = Field(None, ge=0)
    hours: float | None = Field(None, ge=0)
    most: float | None = None
    values: tuple[str, ...] | None = None
    was: bool = False
    when: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    words: Words | None = None


class LimitModel(Told):
    """How long something may take, in working hours, or until the moment or day that a field names.

    warn_hours  so many working hours before, those who work on it are warned
    warns       who that is; without it, whoever of the office can take a step from there
    tells       the roles that are told when the time is over
    """

    hours: Hours | None = None
    until: str | None = None
    warn_hours: Hours | None = None
    warns: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


class StateKind(StrEnum):
    BEGIN = "begin"
    NORMAL = "normal"
    WAITING = "waiting"
    """for somebody outside: the time of the whole request, and of the state that it came from, stands still"""
    END = "end"


class StateModel(Words):
    kind: StateKind = StateKind.NORMAL
    limit: LimitModel | None = None


class OpensModel(Told):
    """A request of another type that a transition opens. carries: its fields, and the own fields that fill them."""

    type: str
    carries: Mapping[str, str] = Field(default_factory=dict)


class AsksModel(Told):
    """What is asked when something is done, and what comes of it.

    asks       fields that must be filled
    may        fields that may be
    documents  forms that are made then (F01 …)
    hooks      behaviour of the hub that is attached by name
    tells      roles that get a notice; `requester` is whoever opened the request, `@technician` whom that field names
    audit      stands in the record of what changed trust as well
    """

    roles: tuple[str, ...]
    asks: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    guards: tuple[GuardModel, ...] = ()
    documents: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    audit: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.asks, *self.may)


class TransitionModel(AsksModel, Words):
    """to: the state that it leads to; without one the request stays where it is, and only says more: after its end, too.
    clears: fields that hold nothing any more, unless they are given
    """

    origins: tuple[str, ...] = Field(alias="from")
    to: str | None = None
    clears: tuple[str, ...] = ()
    opens: OpensModel | None = None


class TemplateModel(Words):
    """What the form of a new request can begin with. values: by field, as they are typed"""

    values: Mapping[Code, str | int | float | tuple[Mapping[Code, str | int | float], ...]]


class Shelf(StrEnum):
    """Where people look for a type, in this order."""

    EQUIPMENT = "equipment"
    SUPPLY = "supply"
    MEETINGS = "meetings"
    SYSTEMS = "systems"
    ACCOUNTS = "accounts"
    PLANS = "plans"
    OTHER = "other"


class Definition(Words):
    """A type of request.

    prefix       begins the running number: PC-2570-0001
    shelf        among which others people look for it; often: before those
    numbered_by  when the running number begins anew
    subject      the field that names a request in lists
    school       the field with the school that it is about
    offered      people may open one; else only the hub does
    limit        of the whole, without the time in waiting states
    opening      who may open one, and what is asked then
    templates    what a new one can begin with
    """

    id: Code
    about: Words
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,6}$")]
    shelf: Shelf = Shelf.OTHER
    often: bool = False
    numbered_by: Literal["fiscal_year", "calendar_year"] = "fiscal_year"
    subject: str
    school: str | None = None
    offered: bool = True
    limit: LimitModel | None = None
    opening: AsksModel
    fields: Mapping[Code, FieldModel]
    states: Mapping[Code, StateModel]
    transitions: Mapping[Code, TransitionModel]
    templates: Mapping[Code, TemplateModel] = Field(default_factory=dict)

    @property
    def begin(self) -> str:
        return next(name for name, state in self.states.items() if state.kind is StateKind.BEGIN)

    def is_to_the_good(self, transition: TransitionModel) -> bool:
        """Not an end besides the one that stands first: nobody is to be led there by the button that stands out."""
        ends = [name for name, state in self.states.items() if state.kind is StateKind.END]
        return transition.to not in ends[1:]

    def leaving(self, state: str) -> Iterator[tuple[str, TransitionModel]]:
        """The transitions from a state, the usual one first."""
        return ((name, each) for name, each in self.transitions.items() if state in each.origins)
