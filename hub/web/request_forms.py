"""Forms that are made from a definition: what was typed into one, as the engine takes it and as the page shows it again."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request as WebRequest

from hub.core.people import Principal
from hub.core.pictures import cleaned
from hub.core.texts import Text
from hub.web.failures import Problem
from hub.web.photos import PHOTO_FIELDS, key_of, photos_in
from hub.web.request_pages import RequestPages
from hub.workflows.engine import Wish, carried
from hub.workflows.refusals import Fault, Refusal, Refused
from hub.workflows.request import Cell, Value, Values
from hub.workflows.schema import Definition, Kind

MOST_BYTES = 5 * 1024 * 1024
FIELD = "f."
_KEPT = "kept."
_CELL = re.compile(r"f\.([a-z][a-z0-9_]{0,47})\.(\d{1,4})\.([a-z][a-z0-9_]{0,47})")
"""A cell of a field of rows: f.items.0.quantity"""
_LONGEST_NAME = 48
Held = str | list[dict[str, str]]
"""What a field of a form holds: a text, or rows of them."""


async def form_of(request: WebRequest) -> AsyncIterator[FormData]:
    """What was sent; its files are open as long as the route runs."""
    async with request.form() as form:
        yield form


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form of one step, so that nothing of it is lost.

    step     a transition, or the number of an entry that is corrected; "" when a request is opened
    refused  why nothing was done
    more     the field that is to have more rows: nothing was asked for but that
    """

    step: str = ""
    values: Mapping[str, Held] = field(default_factory=dict)
    note: str = ""
    refused: Refused | None = None
    more: str = ""

    @property
    def comes_back(self) -> bool:
        """It is shown again as it was typed."""
        return self.refused is not None or bool(self.more)

    @property
    def code(self) -> str | None:
        return None if self.refused is None else self.refused.refusal.value

    def of(self, name: str) -> Fault | None:
        """What is wrong with a field as a whole."""
        return self.at(name, None, None)

    def at(self, name: str, row: int | None, column: str | None) -> Fault | None:
        """What is wrong with a cell of one."""
        faults = self.refused.faults if self.refused else ()
        wanted = (name, row, column)
        return next((fault for fault in faults if (fault.field, fault.row, fault.column) == wanted), None)

    @property
    def status(self) -> int:
        return 200 if self.refused is None else STATUS.get(self.refused.refusal, 409)


STATUS = {
    Refusal.FIELDS: 422,
    Refusal.GUARD: 422,
    Refusal.NOT_ALLOWED: 403,
    Refusal.NO_SUCH_TYPE: 404,
    Refusal.NO_SUCH_REQUEST: 404,
    Refusal.NO_SUCH_STEP: 404,
    Refusal.NO_SUCH_ENTRY: 404,
}
"""What else there is, is a conflict: 409."""


def typed_in(form: FormData, step: str, pages: RequestPages, who: Principal) -> Typed:
    """Files are kept at once: a browser does not send them a second time."""
    values: dict[str, Held] = dict(_rows_in(form))
    for name, given in form.multi_items():
        if _CELL.fullmatch(name):
            continue
        if isinstance(given, str) and name.startswith(FIELD):
            values[name.removeprefix(FIELD)] = given
        elif isinstance(given, UploadFile) and given.filename and name not in PHOTO_FIELDS:
            values[name.removeprefix(FIELD)] = str(_kept(given, pages, who))
    for name, given in form.multi_items():
        # Browsers send a field for a file that nobody chose as well.
        field_name = name.removeprefix(_KEPT)
        if isinstance(given, str) and name.startswith(_KEPT) and not values.get(field_name):
            values[field_name] = given
    return Typed(step, values, str(form.get("note", "")), more=str(form.get("more", ""))[:_LONGEST_NAME])


def _rows_in(form: FormData) -> dict[str, list[dict[str, str]]]:
    """Fields of rows, with the rows that say something, in their order."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    for name, given in form.multi_items():
        cell = _CELL.fullmatch(name)
        if cell and isinstance(given, str):
            field_name, row, column = cell.groups()
            found.setdefault(field_name, {}).setdefault(int(row), {})[column] = given
    return {
        name: [row for _, row in sorted(rows.items()) if any(cell.strip() for cell in row.values())]
        for name, rows in found.items()
    }


def wish_of(typed: Typed, form: FormData, values: Mapping[str, Held] | None = None) -> Wish:
    """values: as they are meant, where that is not as they were typed. Raises Problem where a photo is none."""
    said = str(form.get("version", ""))
    version = int(said) if said.isdecimal() and len(said) < 10 else 0
    return Wish(typed.values if values is None else values, typed.note, version, photos_in(form), key_of(form))


def shown_again(definition: Definition, values: Values, zone: ZoneInfo) -> dict[str, Held]:
    """What fields hold, as a form holds it."""
    return {name: as_typed(definition, name, value, zone) for name, value in values.items()}


def begun(definition: Definition, values: Values) -> Values:
    """With what fields begin with, in place of what they held at an earlier step."""
    found = dict(values)
    for name, each in definition.fields.items():
        if each.starts is not None and each.starts in values:
            found[name] = carried(values[each.starts], each)
    return found


def as_typed(definition: Definition, name: str, value: Value, zone: ZoneInfo) -> Held:
    if isinstance(value, Mapping):
        return str(value["file"])
    if not isinstance(value, Cell):
        return [{column: _plain(cell) for column, cell in row.items()} for row in value]
    known = definition.fields.get(name)
    if known is not None and known.kind is Kind.MOMENT and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, zone).strftime("%Y-%m-%dT%H:%M")
    return _plain(value)


def _plain(value: Cell) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def fault_text(refusal: Refusal, fault: Fault) -> Text:
    family = "guard" if refusal is Refusal.GUARD else "fault"
    return Text(f"{family}.{fault.code}", dict(fault.params))


def _kept(sent: UploadFile, pages: RequestPages, who: Principal) -> int:
    data = sent.file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Problem(413, "too-large", "The file is too large.", way_out=f"send at most {MOST_BYTES} bytes")
    name = "".join(filter(str.isprintable, (sent.filename or "").replace("\\", "/").rpartition("/")[2]))
    picture = cleaned(data)
    return kept_file(pages, who, name or "file", data if picture is None else picture.data)


def kept_file(pages: RequestPages, who: Principal, name: str, data: bytes) -> int:
    """Raises Problem where somebody left many that belong to nothing."""
    try:
        return pages.keep_file(who, name, data)
    except Refused:
        way_out = "send the forms that they are for, or wait a day"
        raise Problem(429, "many-files", "Many files of yours belong to no request yet.", way_out=way_out) from None
