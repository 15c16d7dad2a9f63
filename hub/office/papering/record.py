"""The form that a type of request has by itself: made of its definition, so that a new type has its paper without a new form.

Above stands what is asked when one is opened, below what was done step by step, and who signs.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from firmware_profiles.toml_model import load
from hub.core.words import Words
from hub.documents import declaration as form
from hub.documents.catalogue import FORMS, Form, load_forms
from hub.documents.register import load_register
from hub.workflows.schema import ColumnModel, Definition, FieldModel, HeldModel, Kind

ASKED = "asked_"
"""Before the name of a field that the definition declares."""
RATED = ("F26", "F27")
"""They ask what somebody thinks of it."""
_RECORD = FORMS.parent / "record"
_RATING = ("rating", "suggestion")
_KINDS: Mapping[Kind, form.Kind] = {
    Kind.NUMBER: form.Kind.NUMBER,
    Kind.DATE: form.Kind.DATE,
    Kind.MOMENT: form.Kind.MOMENT,
    Kind.CHOICE: form.Kind.CHOICE,
    Kind.ROWS: form.Kind.TABLE,
    Kind.SIGNATURE: form.Kind.SIGN,
    Kind.ASSET: form.Kind.CODE,
}


def name_of(form_id: str) -> Words | None:
    """As the manuals call it; None: not one of theirs."""
    known = load_forms().get(form_id)
    if known is not None:
        return Words(th=known.declaration.thai, en=known.declaration.english)
    listed = load_register().get(form_id)
    return None if listed is None else listed.words


def record_of(definition: Definition, form_id: str) -> Form:
    """A form of the manuals, with what this type of request asks. Raises KeyError where the manuals have none such."""
    words = name_of(form_id)
    if words is None:
        raise KeyError(form_id)
    frame = _frame()
    left_out = () if form_id in RATED else _RATING
    fields = {name: each for name, each in frame.fields.items() if name not in left_out}
    said = {"id": form_id, "slug": _slug(definition), "thai": words.th, "english": words.en}
    return Form(frame.model_copy(update={**said, "fields": {**fields, **_asked(definition)}}), _RECORD)


def record_forms(definitions: Iterable[Definition]) -> Mapping[str, Form]:
    """The forms of the manuals that are records of requests, each of the first type that makes it. By id, in order."""
    makes = [(form_id, each) for each in definitions for form_id in _documents(each)]
    first = dict(reversed(makes))
    listed = (name for name, each in load_register().items() if each.printed)
    return {name: record_of(first[name], name) for name in listed if name in first}


def _documents(definition: Definition) -> Iterator[str]:
    for asked in (definition.opening, *definition.transitions.values()):
        yield from asked.documents


def _asked(definition: Definition) -> dict[str, form.FieldOf]:
    """What is asked when one is opened; what comes later stands with its step."""
    names = dict.fromkeys(definition.opening.fields)
    return {f"{ASKED}{name}": _field(definition.fields[name]) for name in names}


def _field(field: FieldModel) -> form.FieldOf:
    kind = _kind(field, field.lines > 1)
    columns = {name: _column(each) for name, each in field.columns.items()}
    return form.FieldOf(label=field.th, type=kind, choices=_choices(field), columns=columns)


def _column(column: ColumnModel) -> form.Column:
    width = "2fr" if column.wide else "1fr"
    return form.Column(label=column.th, type=_kind(column, column.wide), choices=_choices(column), width=width)


def _kind(held: HeldModel, is_long: bool) -> form.Kind:
    return _KINDS.get(held.kind, form.Kind.LINES if is_long else form.Kind.TEXT)


def _choices(held: HeldModel) -> dict[str, str]:
    return {code: words.th for code, words in held.choices.items()}


def _slug(definition: Definition) -> str:
    return definition.id.replace("_", "-")


@lru_cache(maxsize=1)
def _frame() -> form.Declaration:
    return load(_RECORD / "form.toml", form.Declaration)
