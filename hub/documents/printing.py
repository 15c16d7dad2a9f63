"""A form and its values to a PDF. Products and sums are calculated here, once, for paper and workbook alike."""

import base64
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from hub.documents.catalogue import Form
from hub.documents.declaration import Column, Kind
from hub.documents.filling import Heading, filled
from hub.documents.pictures import is_png
from hub.documents.qr import qr_svg
from hub.documents.typesetting import typeset

Digits = Literal["thai", "arabic"]
_CENTS = Decimal("0.01")


def print_form(form: Form, values: Mapping[str, Any], heading: Heading, digits: Digits | None = None) -> bytes:
    """A PDF; what is not in `values` is left for the pen. Raises WrongValues."""
    return typeset(form.template, paper_data(form, values, heading, digits))


def paper_data(
    form: Form, values: Mapping[str, Any], heading: Heading, digits: Digits | None = None
) -> dict[str, object]:
    """What the template is given. Raises WrongValues."""
    checked = completed(form, filled(form.declaration, values))
    said = {key: each for key, each in checked.items() if each is not None}
    return {
        "form": form.declaration.model_dump(mode="json", exclude_none=True),
        "values": {key: _with_bytes(each) for key, each in said.items()},
        "heading": heading.model_dump(mode="json", exclude_none=True),
        "sums": sums(form, said),
        "blank": not said,
        "digits": digits or form.declaration.digits,
        "qr": qr_svg(heading.link) if heading.link else None,
        "fingerprint": fingerprint(said),
    }


def _with_bytes(value: Any) -> Any:
    """typst takes a picture as its bytes, and cannot read base64. One that is broken is left out: for the pen."""
    picture = value.get("picture") if isinstance(value, dict) else None
    if picture is None:
        return value
    data = base64.b64decode(picture.partition(",")[2])
    without = {name: each for name, each in value.items() if name != "picture"}
    return {**without, "picture": list(data)} if is_png(data) else without


def completed(form: Form, values: BaseModel) -> dict[str, Any]:
    """As JSON has it, with the products that nobody has written."""
    plain = values.model_dump(mode="json", exclude_none=True)
    for name, field in form.declaration.fields.items():
        for row in plain.get(name) or () if field.type is Kind.TABLE else ():
            for key, column in field.columns.items():
                _multiply(row, key, column)
    return plain


def sums(form: Form, values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Of the columns that have one, by table and column; of a table without rows there are none."""
    return {
        name: {
            key: _sum(values[name], key, column)
            for key, column in field.columns.items()
            if column.sum and _is_known(values[name], key, column)
        }
        for name, field in form.declaration.fields.items()
        if field.type is Kind.TABLE and values.get(name)
    }


def fingerprint(values: Mapping[str, Any]) -> str:
    """Of what stands on the paper: two that differ in a letter differ in it."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _multiply(row: dict[str, Any], key: str, column: Column) -> None:
    factors = [Decimal(row[name]) for name in column.product or () if name in row]
    if len(factors) == 2 and key not in row:
        row[key] = str((factors[0] * factors[1]).quantize(_CENTS))


def _is_known(rows: list[Mapping[str, Any]], key: str, column: Column) -> bool:
    """Money is no sum as long as one of its amounts is unknown: the pen writes it. What is counted is, where anything is."""
    said = [row.get(key) is not None for row in rows]
    return all(said) if column.type is Kind.AMOUNT else any(said)


def _sum(rows: list[Mapping[str, Any]], key: str, column: Column) -> str:
    total = sum((Decimal(row[key]) for row in rows if row.get(key) is not None), Decimal(0))
    return str(total.quantize(_CENTS) if column.type is Kind.AMOUNT else total)
