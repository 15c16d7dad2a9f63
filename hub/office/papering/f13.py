"""F13: what equipment that is to be bought has to be able to do."""

from typing import Any

from hub.office.papering.facts import Facts, Values
from hub.office.papering.rows import amount, rows_of

COMMITTEE = ("chair", "member", "secretary")


def values(facts: Facts) -> Values:
    agree = facts.step("agree")
    return {
        "name": facts.text("name"),
        "qty": facts.value("quantity"),
        "unit": facts.text("unit"),
        "purpose": facts.text("purpose"),
        "order_no": facts.text("order_no"),
        "order_on": facts.value("order_on"),
        "criteria_ref": facts.text("criteria_ref"),
        "warranty_years": facts.value("warranty_years"),
        "delivery_days": facts.value("delivery_days"),
        "reference_price": amount(facts.value("reference_price")),
        "requirements": [dict(row) for row in rows_of(facts.value("requirements"))],
        "order": {"verb": "concurred", "note": agree.note} if agree else {},
        "director": facts.director(agree),
        **committee(facts),
    }


def committee(facts: Facts) -> dict[str, Any]:
    """Those that were named; a line for the pen for others."""
    return {name: {"name": facts.text(name)} for name in COMMITTEE if facts.text(name)}
