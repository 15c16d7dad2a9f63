"""A threshold per device and a quarter of an hour's patience: what other monitors would have told."""

from datetime import date
from typing import Any

from simulator.clock import HOUR, midnight
from simulator.evaluation.plain_rule import PlainRule, school_of
from simulator.schooldays import Calendar

MORNING = int((midnight(date(2026, 6, 8)) + 9 * HOUR) * 1000)
MINUTE = 60_000


def _say(minute: float, metrics: dict[str, Any], kind: str = "DDATA", **more: Any) -> dict[str, Any]:
    device = {} if kind.startswith("N") else {"device": "p1-receiver"}
    t = MORNING + int(minute * MINUTE)
    return {"t": t, "type": kind, "node": "36030001", **device, "metrics": list(metrics.items()), **more}


BORN = _say(0, {"Properties/kind": "receiver", "device/reachable": True, "signal/lock": True}, "DBIRTH")


def _tickets(*messages: dict[str, Any], calendar: Calendar | None = None) -> list[tuple[str, float, bool]]:
    rule = PlainRule(calendar)
    for message in (BORN, *messages):
        rule.take(message)
    return [(each.cause, (each.opened_at - MORNING) / MINUTE, each.recovered_at is not None) for each in rule.end()]


def test_a_lock_that_is_gone_for_a_quarter_of_an_hour_is_a_ticket() -> None:
    assert _tickets(_say(10, {"signal/lock": False}), _say(40, {"signal/lock": True})) == [("lnb_failed", 25, True)]


def test_a_lock_that_comes_back_sooner_is_none() -> None:
    assert _tickets(_say(10, {"signal/lock": False}), _say(20, {"signal/lock": True})) == []


def test_a_low_carrier_to_noise_ratio_is_a_ticket() -> None:
    low = [_say(minute, {"signal/cnr_db": 9.5}) for minute in (10, 15, 20, 30)]
    assert _tickets(*low) == [("dish_misaligned", 25, False)]


def test_a_silent_device_is_a_ticket_for_its_kind() -> None:
    messages = (_say(5, {"device/reachable": False}), _say(5, {}, "DDEATH"), _say(60, {}, "NDATA"))
    assert _tickets(*messages, _say(61, {"device/reachable": True}, "DBIRTH")) == [("receiver_failed", 20, True)]


def test_a_dead_node_is_a_ticket_and_its_devices_are_not() -> None:
    lost = _say(5, {"signal/lock": False})
    assert _tickets(lost, _say(10, {}, "NDEATH"), _say(60, {}, "NBIRTH")) == [("school_offline", 25, True)]


def test_what_comes_late_finds_no_reader() -> None:
    assert _tickets(_say(10, {"signal/lock": False}, historical=True), _say(60, {"signal/cnr_db": 14.0})) == []


def test_in_class_hours_only_class_time_counts() -> None:
    evening = [_say(8 * 60, {"signal/lock": False}), _say(20 * 60, {"signal/lock": False})]
    assert _tickets(*evening, _say(24 * 60, {"signal/lock": True}), calendar=Calendar()) == [
        ("lnb_failed", 23 * 60 + 45, True)
    ]
    assert _tickets(*evening, _say(23 * 60, {"signal/lock": True}), calendar=Calendar()) == []


def test_a_further_agent_belongs_to_its_school() -> None:
    assert [school_of(node) for node in ("36030001", "36030001-2")] == ["36030001", "36030001"]
