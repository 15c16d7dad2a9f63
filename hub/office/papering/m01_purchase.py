"""M01 of a purchase: the memorandum that asks the director to approve it; the form F10 goes with it."""

from typing import Any

from hub.documents.memoranda import begin
from hub.office.papering.facts import Facts, Values
from hub.office.papering.rows import amount

_ASKED = ("subject", "reason", "fund", "method")


def values(facts: Facts) -> Values:
    prepared, decided = facts.step("prepare"), facts.step("approve", "reject")
    said = {name: " ".join((facts.text(name) or "–").split()) for name in _ASKED}
    budget = amount(facts.value("budget"))
    known = {**said, "what": said["subject"], "budget": "–" if budget is None else f"{budget:,}"}
    return {
        **begin("purchase", known),
        "agency": " ".join(filter(None, (facts.office.group, facts.office.name))) or None,
        "phone": facts.office.phone or None,
        "doc_no": facts.number,
        "doc_date": facts.day(prepared.at if prepared is not None else facts.now),
        "to": facts.office.director_title or None,
        "author": facts.signed(prepared),
        "director_order": {} if decided is None else _order(decided.transition, decided.note),
        "director": facts.director(decided),
    }


def _order(transition: str | None, note: str) -> dict[str, Any]:
    return {"verb": "approved" if transition == "approve" else "rejected", "note": note}
