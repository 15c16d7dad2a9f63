"""F14: offers beside one another, requirement by requirement, and which of those that meet all is the cheapest."""

from collections.abc import Mapping
from typing import Any

from hub.office.papering.f13 import committee
from hub.office.papering.facts import Facts, Values
from hub.office.papering.rows import amount, rows_of
from hub.supply.comparison import Judged, judge
from hub.workflows.request import Cell


def values(facts: Facts) -> Values:
    offers, comparison = rows_of(facts.value("offers")), rows_of(facts.value("comparison"))
    compare = facts.step("compare")
    judged = judge(offers, comparison)
    return {
        "name": facts.text("name"),
        "reference_price": amount(facts.value("reference_price")),
        "day": facts.day(compare.at if compare else facts.now),
        **{f"bidder{number}": offer["bidder"] for number, offer in enumerate(offers, 1)},
        "rows": [_row(row) for row in comparison],
        "offers": [_offer(offer, verdict) for offer, verdict in zip(offers, judged, strict=True)],
        "opinion": facts.text("opinion"),
        "no_interest": True if facts.value("no_interest") == "yes" else None,
        **committee(facts),
    }


def _row(row: Mapping[str, Cell]) -> dict[str, Any]:
    columns = {key: cell for key, cell in row.items() if key not in ("topic", "minimum", "unit", "reason")}
    return {"requirement": f"{row['topic']}: {row['minimum']}", **columns}


def _offer(offer: Mapping[str, Cell], verdict: Judged) -> dict[str, Any]:
    return {
        "bidder": offer["bidder"],
        "price": amount(offer["price"]),
        "agreed": amount(offer.get("agreed")),
        "warranty": offer.get("warranty"),
        "delivery": offer.get("delivery"),
        "result": "yes" if verdict.meets else "no",
        "rank": verdict.rank,
    }
