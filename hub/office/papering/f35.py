"""F35: what was mended is handed over at the school, with the readings as they are then and the signature of who accepts it."""

from hub.office.papering.facts import Facts, Values, first
from hub.office.papering.mended import mended


def values(facts: Facts) -> Values:
    thing, handed = mended(facts), facts.step("hand_over")
    asset, lock, level = thing.asset, thing.latest("signal/lock"), thing.latest("signal/cnr_db")
    return {
        "number": facts.number,
        "day": facts.day(handed.at) if handed else None,
        "from_unit": first((facts.office.name, facts.office.group)),
        "to_school": facts.school(),
        "school_code10": facts.request.school,
        "reference": facts.request.number,
        "reference_on": facts.day(facts.request.opened_at),
        "occasion": "repair",
        "items": [
            {
                "item": first((asset.name if asset else None, thing.kind_name)),
                "model": thing.model,
                "serial_number": asset.serial if asset else None,
                "asset_number": asset.number if asset else None,
                "qty": 1,
                "note": facts.text("done"),
            }
        ],
        "locked": lock if isinstance(lock, bool) else None,
        "cn_db": round(float(level), 1) if isinstance(level, int | float) else None,
        "warranty_until": asset.warranty_until if asset else None,
        "deliverer": facts.signed(handed),
        "receiver": thing.received(),
    }
