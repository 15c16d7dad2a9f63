"""Report by exception: dead bands, heartbeats, births."""

import json

import pytest

from simulator.reporting import Figure, Teller, metrics_text

BANDS, SLOW = {"signal/cnr_db": 0.3}, {"lamp/hours": 3600.0}


def _teller(**figures: Figure) -> Teller:
    teller = Teller(BANDS, SLOW)
    teller.start(0.0, {"signal/cnr_db": 13.0, "signal/lock": True, **figures})
    return teller


@pytest.mark.parametrize(
    ("value", "told"), [(13.0, False), (13.3, False), (12.7, False), (13.31, True), (12.6, True), (None, True)]
)
def test_a_figure_is_told_when_it_leaves_its_dead_band(value: Figure, told: bool) -> None:
    assert ("signal/cnr_db" in _teller().news(30.0, {"signal/cnr_db": value})) is told


def test_a_slow_drift_is_told_against_what_was_told_last() -> None:
    teller = _teller()
    told = [t for t in range(1, 9) if teller.news(t, {"signal/cnr_db": 13.0 - 0.1 * t})]
    assert told == [4, 8]


def test_what_is_yes_or_no_has_no_dead_band() -> None:
    assert _teller().news(30.0, {"signal/lock": False}) == {"signal/lock": False}


def test_a_heartbeat_tells_what_has_not_changed() -> None:
    teller = _teller()
    assert teller.news(299.0, {"signal/lock": True}) == {}
    assert teller.news(300.0, {"signal/lock": True}) == {"signal/lock": True}
    assert teller.news(599.0, {"signal/lock": True}) == {}


def test_a_metric_can_have_a_slower_heartbeat() -> None:
    teller = _teller(**{"lamp/hours": 100})
    assert teller.news(3599.0, {"lamp/hours": 100}) == {}
    assert teller.news(3600.0, {"lamp/hours": 100}) == {"lamp/hours": 100}


def test_metrics_are_spelled_as_json() -> None:
    figures: dict[str, Figure] = {"a": True, "b": None, "c": 1, "d": 0.5, "e": 'quote " and ส'}
    assert dict(json.loads(f"[{metrics_text(figures)}]")) == figures
