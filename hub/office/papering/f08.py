"""F08: what was asked for from the stock, what of it was handed out, and what was left then."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.office.papering.facts import Facts, Values, first
from hub.office.papering.rows import items_of, named, rows_of, unit_of
from hub.store.supply import StockRows
from hub.workflows.request import Cell


def values(facts: Facts) -> Values:
    issue, approve = facts.step("issue"), facts.step("approve")
    return {
        "number": facts.number,
        "day": facts.day(facts.request.opened_at),
        "requester_name": facts.request.opened_name,
        "unit": facts.unit,
        "purpose": facts.text("purpose"),
        "ticket_no": first((facts.text("work_number"), facts.request.parent)),
        "needed_on": facts.value("needed_on"),
        "items": _items(facts),
        "approval": "approved" if approve else "rejected" if facts.step("reject") else None,
        "reason": facts.text("why"),
        "requester": facts.opened(),
        "supply_head": facts.signed(approve),
        "issuer": facts.signed(issue),
        "receiver": {"name": facts.text("received_by"), "signed_on": facts.day(issue.at)}
        if issue and facts.value("received_by")
        else {},
    }


def _items(facts: Facts) -> list[dict[str, Any]]:
    items, left = items_of(facts), _left(facts)
    asked, issued = rows_of(facts.value("items")), rows_of(facts.value("issued"))
    codes = dict.fromkeys(str(row["item"]) for row in (*asked, *issued))
    return [
        {
            "item": named({"item": code}, items),
            "code": code,
            "asked": _quantity(asked, code),
            "unit": unit_of({"item": code}, items),
            "issued": _quantity(issued, code),
            "left": left.get(code),
            "note": first(str(row.get("note", "")) for row in (*issued, *asked) if row["item"] == code),
        }
        for code in codes
    ]


def _quantity(rows: Sequence[Mapping[str, Cell]], code: str) -> int | None:
    """An item may stand in two rows."""
    return sum(int(row["quantity"]) for row in rows if row["item"] == code) or None


def _left(facts: Facts) -> Mapping[str, int]:
    """When it was handed out, not now."""
    with facts.store.reading() as connection:
        moves = StockRows(connection).moves(subject=f"request:{facts.request.number}")
    return {each.item: each.left for each in reversed(moves)}
