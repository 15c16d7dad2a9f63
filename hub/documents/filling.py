"""What stands on a form: checked against its declaration before anything is typeset.

A model is built from each declaration: frozen, unknown fields refused, every field left out where the pen is to write it.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model

from hub.documents.declaration import Column, Declaration, FieldOf, Kind

MOST_ROWS = 2_000
MOST_SHORT, MOST_LONG = 500, 8_000
"""Characters of a line and of a paragraph: a paper that holds more is no form."""
M = TypeVar("M", bound=BaseModel)


class _Filled(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_SHORT)]
_Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_LONG)]
_Point = tuple[Annotated[int, Field(ge=0, le=1000)], Annotated[int, Field(ge=0, le=1000)]]
_Stroke = Annotated[tuple[_Point, ...], Field(min_length=2, max_length=500)]


class Signature(_Filled):
    """Who signs.

    drawn   on a phone: strokes of points, from 0 to 1000 both ways; without, there is a line for the pen
    picture  drawn on a screen and kept as a picture: a data URL of a PNG
    acting  in whose place
    """

    name: _Short | None = None
    position: _Short | None = None
    acting: Literal["acting_for", "on_behalf"] | None = None
    signed_on: date | None = None
    drawn: Annotated[tuple[_Stroke, ...], Field(min_length=1, max_length=100)] | None = None
    picture: (
        Annotated[str, StringConstraints(pattern=r"^data:image/png;base64,[A-Za-z0-9+/]+=*$", max_length=60_000)] | None
    ) = None


class Decision(_Filled):
    """What a superior decides, in the verbs of the office."""

    verb: Literal["noted", "consider", "approved", "rejected", "concurred", "ordered"] | None = None
    note: _Long | None = None


class Heading(_Filled):
    """What stands around a form.

    number, fiscal_year  123/2570
    link     of its record, as a QR code; printed  by the clock of the office; system  which printed it
    """

    office: _Short | None = None
    group: _Short | None = None
    number: Annotated[int, Field(ge=1)] | None = None
    fiscal_year: Annotated[int, Field(ge=2500, le=2700)] | None = None
    link: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    printed: datetime | None = None
    system: _Short = "dltv-fleet"


class WrongValues(Exception):
    """The values do not fit the form. `str` is one line a mistake, each with the name of the field."""


_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: _Short,
    Kind.LINES: _Long,
    Kind.CODE: _Short,
    Kind.NUMBER: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=15, decimal_places=3)],
    Kind.AMOUNT: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=15, decimal_places=2)],
    Kind.DATE: date,
    Kind.SHORT_DATE: date,
    Kind.TIME: time,
    Kind.MOMENT: datetime,
    Kind.YES: bool,
    Kind.SIGN: Signature,
    Kind.DECISION: Decision,
}


def values_model(form: Declaration) -> type[BaseModel]:
    """The model of what stands on this form."""
    return _model(form.id, form.fields)


def filled(form: Declaration, values: Mapping[str, Any]) -> BaseModel:
    """Raises WrongValues."""
    checked = _checked(values_model(form), values)
    for name, each in form.fields.items():
        for number, row in enumerate(getattr(checked, name) or () if each.balance else ()):
            _balance(f"{name}.{number}", row, each.balance)
    return checked


def heading_of(values: Mapping[str, Any]) -> Heading:
    """Raises WrongValues."""
    return _checked(Heading, values)


def missing(form: Declaration, values: BaseModel) -> list[str]:
    """The required fields that nobody has filled in yet."""
    return [name for name, each in form.fields.items() if each.required and getattr(values, name) in (None, ())]


def _balance(place: str, row: BaseModel, balance: Mapping[str, tuple[str, ...]]) -> None:
    for whole, parts in balance.items():
        said = [getattr(row, name) for name in (whole, *parts)]
        if None not in said and said[0] != sum(said[1:]):
            raise WrongValues(f"{place}.{whole}: is {said[0]}, but {' + '.join(parts)} is {sum(said[1:])}")


def _model(name: str, members: Mapping[str, FieldOf] | Mapping[str, Column]) -> type[BaseModel]:
    fields: dict[str, Any] = {key: (_type(f"{name}.{key}", each) | None, None) for key, each in members.items()}
    return create_model(name, __base__=_Filled, **fields)


def _type(name: str, each: FieldOf | Column) -> Any:
    if each.type in (Kind.CHOICE, Kind.CHOICES):
        one: Any = Literal[tuple(each.choices)]
        return one if each.type is Kind.CHOICE else tuple[one, ...]
    if isinstance(each, FieldOf) and each.type is Kind.TABLE:
        row: Any = _model(name, each.columns)
        return Annotated[tuple[row, ...], Field(max_length=MOST_ROWS)]
    return _TYPES[each.type]


def _checked(model: type[M], values: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False))
        raise WrongValues("; ".join(lines)) from None
