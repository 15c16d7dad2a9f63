"""What somebody gave for the fields of a step, as typed values. Knows no definition as a whole; leaves guards to the engine."""

import base64
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from hub.workflows.clock import OfficeCalendar
from hub.workflows.refusals import Fault
from hub.workflows.request import Cell, Rows, Value
from hub.workflows.schema import FieldModel, HeldModel, Kind

LONGEST = 4000
MOST_ROWS = 100
MOST_NUMBER = 1e12
"""Of a field that names no limit of its own: papers and tables hold no more."""
MOST_SIGNATURE = 60_000
_SIGNATURE = "data:image/png;base64,"
_PNG = b"\x89PNG\r\n\x1a\n"
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LINES = frozenset("\n\t")


class Register(Protocol):
    """What there is: people, schools, devices, and files that were sent."""

    def knows(self, kind: Kind, value: str) -> bool:
        """Whether there is such a person, school (group/code), device (group/node/device), item, place of stock or asset."""

    def file(self, number: int) -> str | None:
        """The name of a file that was sent and may be used; None where there is none."""


class Flawed(Exception):
    """What was given cannot be taken."""

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read(
    fields: Mapping[str, FieldModel], given: Mapping[str, object], calendar: OfficeCalendar, register: Register
) -> tuple[dict[str, Value], list[Fault]]:
    """The values of those fields that were filled, and what is wrong with the others. None and "" are not filled."""
    values: dict[str, Value] = {}
    faults = [Fault("not_asked", name) for name in given if name not in fields]
    for name, field in fields.items():
        value: Value | None
        try:
            if field.kind is Kind.ROWS:
                value, wrong = _rows(name, field, given.get(name), calendar, register)
                faults += wrong
            else:
                value = _value(field, given.get(name), calendar, register)
        except Flawed as flaw:
            faults.append(Fault(flaw.code, name, flaw.params))
            continue
        if value is not None:
            values[name] = value
    return values, faults


def _rows(
    name: str, field: FieldModel, given: object, calendar: OfficeCalendar, register: Register
) -> tuple[Rows | None, list[Fault]]:
    """Those that say something, and what is wrong with their cells. Numbers of rows count those that say nothing as well."""
    if given in (None, ""):
        return None, []
    if not isinstance(given, list | tuple) or not all(isinstance(row, Mapping) for row in given):
        raise Flawed("no_rows")
    if len(given) > MOST_ROWS:
        raise Flawed("too_many_rows", most=MOST_ROWS)
    rows: list[Mapping[str, Cell]] = []
    faults: list[Fault] = []
    for number, cells in enumerate(given, 1):
        row, wrong = _row(field, cells, calendar, register)
        faults += [Fault(code, name, params, row=number, column=column) for column, code, params in wrong]
        if row:
            rows.append(row)
    return rows or None, faults


_Wrong = tuple[str, str, Mapping[str, str | int | float]]


def _row(
    field: FieldModel, cells: Mapping[str, object], calendar: OfficeCalendar, register: Register
) -> tuple[Mapping[str, Cell], list[_Wrong]]:
    row: dict[str, Cell] = {}
    wrong: list[_Wrong] = [(str(name), "not_asked", {}) for name in cells if name not in field.columns]
    for name, column in field.columns.items():
        try:
            value = _value(column, cells.get(name), calendar, register)
        except Flawed as flaw:
            wrong.append((name, flaw.code, flaw.params))
            continue
        if isinstance(value, Cell):
            row[name] = value
    if row:
        flawed = {each[0] for each in wrong}
        wrong += [(each, "missing", {}) for each in _lacking(field, row) if each not in flawed]
    return row, wrong


def _lacking(field: FieldModel, row: Mapping[str, Cell]) -> list[str]:
    asked = (name for name, column in field.columns.items() if column.required and column.unless not in row)
    return [name for name in asked if name not in row]


def _value(field: HeldModel, given: object, calendar: OfficeCalendar, register: Register) -> Value | None:
    if isinstance(given, str):
        given = given.strip()
    if given in (None, ""):
        return None
    if field.kind is Kind.MOMENT:
        return _moment(given, calendar)
    if field.kind is Kind.FILE:
        return _file(given, register)
    if field.kind in _KNOWN:
        return _known(field.kind, given, register)
    return _PLAIN[field.kind](field, given)


def _text(_field: HeldModel, given: object) -> str:
    text = str(given).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        raise Flawed("too_long", most=LONGEST)
    if any((ord(sign) < 32 and sign not in _LINES) or sign == "\x7f" for sign in text):
        raise Flawed("control")
    return text


def _number(field: HeldModel, given: object) -> int | float:
    try:
        number = float(str(given).replace(",", ""))
    except ValueError:
        raise Flawed("no_number") from None
    if not math.isfinite(number):
        raise Flawed("no_number")
    least = -MOST_NUMBER if field.least is None else field.least
    if number < least:
        raise Flawed("too_small", least=least)
    most = MOST_NUMBER if field.most is None else field.most
    if number > most:
        raise Flawed("too_large", most=most)
    if field.whole and not number.is_integer():
        raise Flawed("not_whole")
    return int(number) if number.is_integer() else number


def _date(_field: HeldModel, given: object) -> str:
    try:
        day = date.fromisoformat(str(given))
    except ValueError:
        raise Flawed("no_date") from None
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise Flawed("no_date")
    return day.isoformat()


def _moment(given: object, calendar: OfficeCalendar) -> int:
    """ms, or local time of ISO 8601 as a page sends it."""
    try:
        if isinstance(given, int) or str(given).isdecimal():
            moment = datetime.fromtimestamp(int(str(given)) / 1000, calendar.zone)
        else:
            moment = datetime.fromisoformat(str(given))
    except (ValueError, OverflowError, OSError):
        raise Flawed("no_moment") from None
    if not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise Flawed("no_moment")
    return round((moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)).timestamp() * 1000)


def _choice(field: HeldModel, given: object) -> str:
    if str(given) not in field.choices:
        raise Flawed("no_choice")
    return str(given)


def _known(kind: Kind, given: object, register: Register) -> str:
    text = str(given)
    if len(text) > 600 or not register.knows(kind, text):
        raise Flawed(f"unknown_{kind.value}")
    return text


def _file(given: object, register: Register) -> Mapping[str, str | int]:
    number = given.get("file") if isinstance(given, Mapping) else given
    if not str(number).isdecimal() or len(str(number)) > 18:
        raise Flawed("no_file")
    name = register.file(int(str(number)))
    if name is None:
        raise Flawed("no_file")
    return {"file": int(str(number)), "name": name}


def _signature(_field: HeldModel, given: object) -> str:
    text = str(given)
    if not text.startswith(_SIGNATURE) or len(text) > MOST_SIGNATURE:
        raise Flawed("no_signature")
    try:
        data = base64.b64decode(text.removeprefix(_SIGNATURE), validate=True)
    except ValueError:  # binascii.Error is one; letters beyond ASCII are another
        raise Flawed("no_signature") from None
    if not data.startswith(_PNG):
        raise Flawed("no_signature")
    return text


_KNOWN = frozenset({Kind.PERSON, Kind.SCHOOL, Kind.DEVICE, Kind.ITEM, Kind.PLACE, Kind.ASSET})
_PLAIN: Mapping[Kind, Callable[[HeldModel, object], Value]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.SIGNATURE: _signature,
}
