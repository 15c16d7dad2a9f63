"""What people typed, so that a form takes it: no text longer than its place, one line where there is one."""

from collections.abc import Mapping
from typing import Any

from hub.documents.declaration import Column, Declaration, FieldOf, Kind
from hub.documents.filling import MOST_LONG, MOST_SHORT

_MORE = "…"
_DECIMALS = 3
"""As many as a number on a form may have."""


def fitted(form: Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known: that is a line for the pen."""
    known = {name: each for name, each in values.items() if each is not None and each not in ("", {})}
    return {name: _fit(form.fields.get(name), each) for name, each in known.items()}


def _fit(field: FieldOf | Column | None, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: each for key, each in value.items() if each not in (None, "")}
    if isinstance(value, list | tuple) and isinstance(field, FieldOf) and field.columns:
        return [_row(field, row) for row in value]
    if isinstance(value, float):
        return round(value, _DECIMALS)
    return _text(field, value) if isinstance(value, str) else value


def _row(field: FieldOf, row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _fit(field.columns.get(key), each) for key, each in row.items() if each not in (None, "")}


def _text(field: FieldOf | Column | None, text: str) -> str:
    if field is not None and field.type is Kind.LINES:
        return _short(text, MOST_LONG)
    return (
        _short(" ".join(text.split()), MOST_SHORT)
        if field is not None and field.type in (Kind.TEXT, Kind.CODE)
        else text
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + _MORE
