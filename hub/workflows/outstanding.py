"""What has not come yet of what comes in several parts: the rows of another field, less what steps have given."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from hub.workflows.engine import carried
from hub.workflows.request import Cell, Entry, Rows, Told, Value, Values
from hub.workflows.schema import Definition, Kind

QUANTITY = "quantity"
_NAMES = ("item", "what", "asset")
"""Columns that say what a row is about."""


def outstanding(definition: Definition, values: Values, entries: Sequence[Entry]) -> dict[str, Rows]:
    """Of each such field that some step has given already."""
    given = _given(entries)
    found: dict[str, Rows] = {}
    for name, field in definition.fields.items():
        whole = values.get(field.starts) if field.starts else None
        came = [row for told in given if name in told for row in _rows(told[name])]
        if whole is not None and field.kind is Kind.ROWS and QUANTITY in field.columns and came:
            found[name] = _less(_rows(carried(whole, field)), came)
    return found


def _given(entries: Iterable[Entry]) -> Sequence[Values]:
    """By step; what was put right later counts as it was put right."""
    told: dict[int, Values] = {}
    for each in entries:
        if each.told is Told.MOVED:
            told[each.id] = each.values
        elif each.told is Told.CORRECTED and each.corrects in told:
            told[each.corrects] = {**told[each.corrects], **each.values}
    return tuple(told.values())


def _less(rows: Rows, came: Rows) -> Rows:
    there = Counter[tuple[Cell | None, ...]]()
    for row in came:
        there[_about(row)] += int(row.get(QUANTITY, 0))
    left: list[Mapping[str, Cell]] = []
    for row in rows:
        wanted, key = int(row.get(QUANTITY, 0)), _about(row)
        taken = min(wanted, there[key])
        there[key] -= taken
        if wanted > taken:
            left.append({**row, QUANTITY: wanted - taken})
    return left


def _about(row: Mapping[str, Cell]) -> tuple[Cell | None, ...]:
    return tuple(row.get(name) for name in _NAMES)


def _rows(value: Value) -> Rows:
    return [] if isinstance(value, str | int | float | Mapping) else value
