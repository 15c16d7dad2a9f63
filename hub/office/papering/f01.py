"""F01: the report of a repair, which grows with it until the equipment is handed back."""

from collections.abc import Iterator
from typing import Any

from hub.office.papering.facts import Facts, Values
from hub.office.papering.mended import Mended, mended
from hub.office.papering.rows import items_of, named, rows_of
from hub.office.repair_views import RepairLook
from hub.workflows.clock import OfficeCalendar

_MINUTE_MS = 60_000


def values(facts: Facts) -> Values:
    thing = mended(facts)
    return {
        **_reported(facts, thing),
        **_equipment(thing),
        **_worked_on(facts, thing),
        **_returned(facts, thing),
    }


def _reported(facts: Facts, thing: Mended) -> dict[str, Any]:
    request = facts.request
    automatic = request.values.get("channel") == "automatic"
    reporter = facts.text("reporter") or (facts.text("channel") if automatic else request.opened_name)
    urgencies = RepairLook(facts.store, facts.zone).urgencies([request.number], facts.now)
    return {
        "ticket_no": request.number,
        "reported_at": facts.time(request.opened_at),
        "channel": request.values.get("channel", "form"),
        "reporter_name": reporter,
        "site_name": facts.school(),
        "school_code10": request.school,
        "room": thing.room,
        "phone": facts.text("phone"),
        "symptom": thing.words("symptom"),
        "telemetry_snapshot": thing.readings("before"),
        "urgency": urgencies[request.number].urgency.value if request.number in urgencies else None,
        "reporter": {} if automatic else {"name": reporter},
    }


def _equipment(thing: Mended) -> dict[str, Any]:
    asset = thing.asset
    return {
        "device_type": thing.form_type,
        "model": thing.model,
        "asset_number": asset.number if asset else None,
        "serial_number": asset.serial if asset else None,
        "acquired_on": asset.acquired_on if asset else None,
        "warranty_state": thing.paid_by,
    }


def _worked_on(facts: Facts, thing: Mended) -> dict[str, Any]:
    taken, claimed, done = facts.step("inspect"), facts.step("claim"), facts.step("check", "mended_remotely")
    return {
        "received_at": facts.time(taken.at) if taken else None,
        "receipt_no": facts.number,
        "intake_officer": taken.name if taken else None,
        "root_cause": facts.text("cause"),
        "route": thing.route(),
        "vendor": facts.text("vendor"),
        "sent_on": facts.day(claimed.at) if claimed else None,
        "parts": [*_from_stock(facts), *_ordered(facts)],
        "resolution": facts.text("done"),
        "verify_result": "works" if thing.well and facts.step("hand_over") else None,
        "post_readings": thing.readings("after"),
        "completed_at": facts.day(done.at) if done else None,
        "working_days": _working_days(facts, done.at) if done else None,
        "repairer": facts.signed(done),
    }


def _from_stock(facts: Facts) -> Iterator[dict[str, Any]]:
    """What was used, step by step."""
    items = items_of(facts)
    for row in (row for entry in facts.entries for row in rows_of(entry.values.get("issued"))):
        item = items.get(str(row.get("item")))
        yield {"item": named(row, items), "qty": row.get("quantity"), "unit": item.unit if item else None}


def _ordered(facts: Facts) -> Iterator[dict[str, Any]]:
    lines = str(facts.value("parts") or "").splitlines()
    return ({"item": line} for line in lines if line.strip())


def _returned(facts: Facts, thing: Mended) -> dict[str, Any]:
    handed, rating = facts.step("hand_over"), facts.value("rating")
    return {
        "handed_over_at": facts.day(handed.at) if handed else None,
        "satisfaction": str(rating).removeprefix("r") if rating else None,
        "suggestion": facts.text("suggestion"),
        "recipient": thing.received(),
        "deliverer": facts.signed(handed),
    }


def _working_days(facts: Facts, until: int) -> float:
    calendar = OfficeCalendar(facts.office, facts.zone)
    opens, closes = facts.office.opens, facts.office.closes
    minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    return round(calendar.worked(facts.request.opened_at, until) / (minutes * _MINUTE_MS), 1)
