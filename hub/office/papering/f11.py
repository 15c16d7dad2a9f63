"""F11: what is lent to whom and until when; and how it came back."""

from collections.abc import Mapping
from typing import Any

from hub.office.papering.facts import Facts, Values, first
from hub.office.papering.rows import items_of, named, rows_of, unit_of
from hub.workflows.request import Told


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
        "unit": first((facts.school(), facts.office.group, facts.office.name)),
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
    items, back = items_of(facts), _back(facts)
    rows: list[dict[str, Any]] = []
    for row in rows_of(facts.value("items")):
        mine = [each for each in back if _key(each) == _key(row)]
        back = [each for each in back if each not in mine]
        told = dict.fromkeys(each["after"] for each in mine if each["after"])
        rows.append({**dict(row), "after": ", ".join(told) or None})
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


def _back(facts: Facts) -> list[dict[str, Any]]:
    """What came back, in all parts, with how: as people wrote it, else as they chose it."""
    column = facts.definition.fields["back"].columns["condition"]
    parts = [entry for entry in facts.entries if entry.transition in ("take_back_some", "take_back")]
    said = [row for entry in parts if entry.told is Told.MOVED for row in rows_of(entry.values.get("back"))]
    words = {code: each.th for code, each in column.choices.items()}
    return [{**dict(row), "after": row.get("after") or words.get(str(row.get("condition")))} for row in said]


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row.get("asset"), row.get("item"), row.get("what")
