"""F10: why something is to be bought, for how much, in which way, and what the director says of it."""

from collections.abc import Mapping
from typing import Any

from hub.office.papering.facts import Facts, Values, first
from hub.office.papering.rows import amount, items_of, named, rows_of, unit_of

_TEXTS = ("reason", "specification", "price_source", "fund", "project", "method_reason", "criteria", "other")
_INSPECTORS = ("inspector1", "inspector2", "inspector3")


def values(facts: Facts) -> Values:
    approve, reject = facts.step("approve"), facts.step("reject")
    inspectors = [row.get("name") for row in rows_of(facts.value("inspectors"))]
    return {
        "subject": facts.text("subject"),
        "to": facts.office.director_title or None,
        "day": facts.day(facts.request.opened_at),
        "requester_name": facts.request.opened_name,
        "unit": facts.unit,
        "ticket_no": first((facts.text("work_number"), facts.request.parent)),
        "reference_price": amount(facts.value("reference_price")),
        "budget": amount(facts.value("budget")),
        "needed_on": facts.value("needed_on"),
        "method": facts.value("method"),
        "items": _items(facts),
        "requester": facts.opened(),
        "supply_officer": facts.signed(facts.step("prepare")),
        "order": {"verb": "approved" if approve else "rejected", "note": (approve or reject or facts.entries[0]).note}
        if approve or reject
        else {},
        "approver": facts.director(approve or reject),
        **{name: facts.text(name) for name in _TEXTS},
        **dict(zip(_INSPECTORS, inspectors, strict=False)),
    }


def _items(facts: Facts) -> list[dict[str, Any]]:
    items = items_of(facts)
    return [
        {
            "item": named(row, items),
            "qty": row["quantity"],
            "unit": unit_of(row, items),
            "unit_price": amount(_price(row, items)),
        }
        for row in rows_of(facts.value("items"))
    ]


def _price(row: Mapping[str, Any], items: Mapping[str, Any]) -> Any:
    """As it was written, else what the stock knows."""
    item = items.get(str(row.get("item", "")))
    known = item.price_satang / 100 if item is not None and item.price_satang is not None else None
    return row.get("price", known)
