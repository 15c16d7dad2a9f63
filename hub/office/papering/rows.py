"""Rows of a request's fields as a form has them: names of items in place of their codes, amounts as amounts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hub.core.money import baht_of, satang_from
from hub.office.papering.facts import Facts
from hub.store.supply import StockRows
from hub.supply.stock import Item
from hub.workflows.request import Cell, Value


def rows_of(value: Value | None) -> list[Mapping[str, Cell]]:
    if value is None or isinstance(value, str | int | float | Mapping):
        return []
    return list(value)


def items_of(facts: Facts) -> Mapping[str, Item]:
    """Of the stock, by their codes."""
    with facts.store.reading() as connection:
        return {each.code: each for each in StockRows(connection).items(all_of_them=True)}


def named(row: Mapping[str, Cell], items: Mapping[str, Item]) -> str | None:
    """What a row is about, for people."""
    item = items.get(str(row.get("item", "")))
    return str(row.get("what") or (item.name if item else "") or row.get("item") or row.get("asset") or "") or None


def unit_of(row: Mapping[str, Cell], items: Mapping[str, Item]) -> str | None:
    item = items.get(str(row.get("item", "")))
    return str(row.get("unit") or (item.unit if item else "")) or None


def amount(value: Any) -> Decimal | None:
    """Baht. What was taken before there was a limit, and is beyond all sense, is the most that there can be."""
    satang = satang_from(value)
    return None if satang is None else baht_of(satang)
