"""Why lesson minutes are missing: small days that can be counted by hand."""

from datetime import date

import pytest

from simulator.clock import HOUR, midnight
from simulator.evaluation.minutes import Reason, account
from simulator.evaluation.told import Label, Labels

FRIDAY = "2026-06-12"
NINE = int((midnight(date(2026, 6, 12)) + 9 * HOUR) * 1000)
PLACE = ("a", "p1", FRIDAY)


def reasons(
    true: dict[str, float], told: dict[str, float], *faults: Label, unwatched: float = 0.0
) -> dict[Reason, float]:
    labels = Labels(faults, (), {(*PLACE, cause): minutes for cause, minutes in true.items()}, 0.0)
    found = account(labels, {(*PLACE, cause): minutes for cause, minutes in told.items()}, {PLACE: unwatched})
    assert found.true == sum(true.values())
    return {reason: minutes for reason, minutes in found.minutes.items() if minutes}


def fault(cause: str, *, observable: bool) -> Label:
    return Label("a", "p1-tv", None, "p1", cause, NINE, None, hard=True, observable=observable)


def test_what_was_told_under_another_cause_is_told() -> None:
    assert reasons({"lnb_failed": 60}, {"rain_fade": 60}) == {Reason.TOLD: 60}


@pytest.mark.parametrize(("observable", "reason"), [(False, Reason.HIDDEN), (True, Reason.FAULT)])
def test_a_fault_that_nothing_shows_is_not_one_that_was_told_late(observable: bool, reason: Reason) -> None:
    lost = reasons({"tv_failed": 420}, {"tv_failed": 20}, fault("tv_failed", observable=observable))
    assert lost == {Reason.TOLD: 20, reason: 400}


def test_rain_over_receivers_that_were_off_is_told_apart_from_rain_that_could_be_seen() -> None:
    assert reasons({"rain_fade": 100}, {"rain_fade": 10}, unwatched=60) == {
        Reason.TOLD: 10,
        Reason.UNWATCHED: 60,
        Reason.SKY: 30,
    }


def test_a_school_without_power_is_a_reason_of_its_own() -> None:
    assert reasons({"area_outage": 30}, {}) == {Reason.POWER: 30}


@pytest.mark.parametrize(("true", "reason"), [({"rain_fade": 10.0}, Reason.TOO_MUCH), ({}, Reason.NOTHING)])
def test_what_is_too_much_fell_on_a_day_with_losses_or_on_none(true: dict[str, float], reason: Reason) -> None:
    told = {Reason.TOLD: 10.0} if true else {}
    assert reasons(true, {"rain_fade": 25.0}) == {**told, reason: 25.0 - sum(true.values())}


def test_minutes_of_a_day_have_each_one_reason() -> None:
    true = {"tv_failed": 200.0, "rain_fade": 50.0, "school_power_outage": 20.0}
    lost = reasons(true, {"tv_failed": 30.0}, fault("tv_failed", observable=True), unwatched=10)
    assert sum(lost.values()) == 270
    assert lost == {Reason.TOLD: 30, Reason.UNWATCHED: 10, Reason.POWER: 20, Reason.FAULT: 170, Reason.SKY: 40}
