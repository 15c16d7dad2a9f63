"""F11: what is lent to whom and until when; and how it came back."""

from typing import Any

from hub.office.papering.facts import Facts, Values, first
from hub.office.papering.rows import items_of, named, rows_of, unit_of


def values(facts: Facts) -> Values:
    out, back = facts.step("hand_out"), facts.step("take_back")
    borrower: dict[str, Any] = {"name": facts.request.opened_name, "position": facts.text("position")}
    if out is not None:
        borrower |= {"signed_on": facts.day(out.at), "picture": facts.value("borrower_signature")}
    return {
        "number": facts.number,
        "day": facts.day(facts.request.opened_at),
        "borrower_name": facts.request.opened_name,
        "borrower_position": facts.text("position"),
        "unit": first((facts.school(), facts.office.group)),
        "phone": facts.text("phone"),
        "loan_scope": facts.value("scope"),
        "purpose": facts.text("purpose"),
        "from_on": facts.value("from_on"),
        "due_on": facts.value("due_on"),
        "items": _items(facts),
        "borrower": borrower,
        "lender": facts.signed(out),
        "approver": facts.signed(facts.step("approve")),
        "returned_on": facts.day(back.at) if back else None,
        "state": facts.value("condition") if back else None,
        "remark": facts.text("remark"),
        "receiver": facts.signed(back),
    }


def _items(facts: Facts) -> list[dict[str, Any]]:
    """What went out, with how each came back; what came back that nobody wrote down before stands below."""
    items, back = items_of(facts), list(rows_of(facts.value("back")))
    rows: list[dict[str, Any]] = []
    for row in rows_of(facts.value("items")):
        key = (row.get("asset"), row.get("item"), row.get("what"))
        mine = next((each for each in back if (each.get("asset"), each.get("item"), each.get("what")) == key), None)
        if mine is not None:
            back.remove(mine)
        rows.append({**dict(row), "after": mine.get("after") if mine else None})
    return [
        {
            "item": named(row, items),
            "asset_number": row.get("asset"),
            "qty": row["quantity"],
            "unit": unit_of(row, items),
            "before": row.get("before"),
            "after": row.get("after"),
        }
        for row in (*rows, *back)
    ]
