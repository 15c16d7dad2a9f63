"""M02: the letter to the vendor who is to mend what is in warranty or rented: which one it is, what is wrong, how we know."""

import re
from typing import Any

from hub.documents.memoranda import begin
from hub.office.papering.facts import Facts, Values, first, long_day
from hub.office.papering.mended import Mended, mended

_RENTED = "rented"
_THAI = re.compile("[\u0e01-\u0e5b]")
_CLAIM, _RENTAL = "warranty-claim", "rental-claim"


def values(facts: Facts) -> Values:
    thing, claimed = mended(facts), facts.step("claim")
    asset, rented = thing.asset, facts.value("branch") == _RENTED
    until = None if asset is None else asset.rented_until if rented else asset.warranty_until
    return {
        **begin(_RENTAL if rented else _CLAIM, _known(facts, thing)),
        "agency": facts.office.name or None,
        "address": facts.office.address or None,
        "doc_date": facts.day(claimed.at if claimed else facts.now),
        "reference": _reference(facts),
        "equipment": [{**_identity(thing), "until": until}],
        "evidence": thing.readings("before"),
        "director": facts.director(),
        "owner": facts.office.group or None,
        "phone": facts.office.phone or None,
    }


def _known(facts: Facts, thing: Mended) -> dict[str, str]:
    said = {
        "what": _name(thing),
        "vendor": first((facts.text("vendor"), thing.asset.vendor if thing.asset else None)),
        "school": facts.school(),
        "number": facts.request.number,
        "day": long_day(facts.day(facts.request.opened_at)),
        "symptom": thing.words("symptom"),
        "found": facts.text("cause"),
    }
    # What people typed in several lines is one paragraph of a letter.
    return {name: " ".join((text or "–").split()) for name, text in said.items()}


def _identity(thing: Mended) -> dict[str, Any]:
    asset = thing.asset
    return {
        "item": _name(thing),
        "model": thing.model,
        "serial_number": asset.serial if asset else None,
        "asset_number": asset.number if asset else None,
        "acquired_on": asset.acquired_on if asset else None,
    }


def _name(thing: Mended) -> str:
    """With its kind where the register knows only what its maker calls it."""
    name, kind = thing.asset.name if thing.asset else "", thing.kind_name
    return name if _THAI.search(name) else f"{kind} {name}".strip()


def _reference(facts: Facts) -> str | None:
    """The vendor's own number of it."""
    number = facts.text("claim_reference")
    return f"{facts.definition.fields['claim_reference'].th} {number}" if number else None
