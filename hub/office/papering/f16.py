"""F16: the card of somebody who uses the office's systems."""

from typing import Any

from hub.office.papering.facts import Facts, Values, first


def values(facts: Facts) -> Values:
    return {
        "holder": facts.text("user_name"),
        "position": facts.text("position"),
        "unit": first((facts.school(), facts.office.group)),
        "card_number": facts.text("card_number"),
        "valid_until": facts.value("valid_until"),
        "issuer": facts.signed(facts.step("make")),
        "receiver": _receiver(facts),
    }


def _receiver(facts: Facts) -> dict[str, Any]:
    """Whoever holds it signs for it, not who hands it over."""
    handed = facts.step("hand_over")
    if handed is None:
        return {}
    drawn = facts.value("received_with")
    return {"name": facts.text("user_name"), "signed_on": facts.day(handed.at), "picture": drawn}
