"""Causes are ranked by what speaks for each; what is seen more clearly is believed more."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.detection.causes import HYPOTHESES
from hub.detection.thresholds import DishSettings
from hub.detection.weighing import NUMBERS, DishEvidence, Hypothesis, rank

HOUR = 3_600_000
STEP = DishEvidence(
    t=100 * HOUR,
    onset=92 * HOUR,
    receivers=2,
    known=2,
    dark=False,
    dark_since=None,
    drop_db=4.0,
    usual_db=None,
    spread_db=0.4,
    noise_db=0.5,
    seen_h=8.0,
    dark_h=0.0,
    dark_class_min=0.0,
    sudden=True,
    slide_db=0.0,
    strength_gone=None,
    neighbours=4,
    fading=0,
    around_db=0.0,
    faded_too=False,
    dry_h=8.0,
    asleep=False,
    satellite=False,
    sun=False,
    settings=DishSettings(),
)
DARK = replace(STEP, dark=True, dark_since=STEP.onset, drop_db=None, spread_db=None, dark_h=8.0, dark_class_min=120.0)


def _first(evidence: DishEvidence) -> str:
    return rank(evidence, HYPOTHESES)[0].cause


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        (STEP, "dish_misaligned"),
        (replace(STEP, seen_h=0.3, onset=STEP.t - HOUR // 3, fading=3, around_db=2.0, dry_h=0.0), "rain_fade"),
        (replace(STEP, seen_h=0.3, onset=STEP.t - HOUR // 3, spread_db=3.0), "rain_fade"),
        (replace(STEP, sun=True), "sun_outage"),
        (replace(STEP, slide_db=3.5, sudden=False), "signal_degrading"),
        (DARK, "lnb_failed"),
        (replace(DARK, strength_gone=True), "lnb_failed"),
        (replace(DARK, strength_gone=False), "dish_misaligned"),
        (replace(DARK, satellite=True), "satellite_outage"),
        (replace(DARK, dark_h=0.2, seen_h=0.2, onset=DARK.t - HOUR // 5, fading=3, dry_h=0.0), "rain_fade"),
    ],
)
def test_the_likeliest_comes_first(evidence: DishEvidence, cause: str) -> None:
    assert _first(evidence) == cause


def test_the_shares_are_told_in_order_and_are_hardly_more_than_one() -> None:
    shares = [each.share for each in rank(STEP, HYPOTHESES)]
    assert shares == sorted(shares, reverse=True)
    assert 0.9 <= sum(shares) <= 1.01


def test_ranking_knows_no_cause_by_name() -> None:
    invented = [Hypothesis("birds", True, lambda e: e.seen_h), Hypothesis("kites", True, lambda _: 0.0)]
    assert rank(replace(STEP, seen_h=3.0), invented)[0].cause == "birds"
    assert rank(replace(STEP, seen_h=-3.0), invented)[0].cause == "kites"


def test_of_two_that_are_as_likely_the_order_does_not_depend_on_theirs() -> None:
    same = [Hypothesis("b", True, lambda _: 1.0), Hypothesis("a", True, lambda _: 1.0)]
    assert [each.cause for each in rank(STEP, same)] == [each.cause for each in rank(STEP, same[::-1])] == ["a", "b"]


def test_neighbours_speak_of_rain_less_and_less_after_it_has_ended() -> None:
    wet = [replace(STEP, dry_h=hours).wet for hours in (0.0, 0.5, 1.0, 4.0)]
    assert wet == sorted(wet, reverse=True)
    assert replace(STEP, fading=1).wet == 1.0
    assert replace(STEP, neighbours=0, dry_h=None).wet == 0.0


def test_the_longer_a_step_is_seen_under_a_dry_sky_the_more_it_is_believed() -> None:
    def share(hours: float) -> float:
        seen = replace(STEP, onset=STEP.t - round(hours * HOUR), seen_h=hours, dry_h=hours)
        return next((each.share for each in rank(seen, HYPOTHESES) if each.cause == "dish_misaligned"), 0.0)

    shares = [share(hours) for hours in (0.5, 2, 4, 8)]
    assert shares == sorted(shares)


def test_the_numbers_of_the_evidence_are_those_that_are_announced() -> None:
    assert tuple(STEP.numbers) == NUMBERS


@settings(max_examples=60, deadline=None)
@given(
    dark=st.booleans(),
    drop=st.none() | st.floats(-1, 20),
    seen=st.floats(0, 400),
    spread=st.none() | st.floats(0, 9),
    sudden=st.none() | st.booleans(),
    slide=st.floats(-3, 9),
    gone=st.none() | st.booleans(),
    neighbours=st.integers(0, 9),
    dry=st.none() | st.floats(0, 400),
)
def test_whatever_is_seen_is_weighed(dark, drop, seen, spread, sudden, slide, gone, neighbours, dry) -> None:  # type: ignore[no-untyped-def]
    evidence = replace(
        STEP,
        dark=dark,
        drop_db=drop,
        seen_h=seen,
        dark_h=seen if dark else 0.0,
        spread_db=spread,
        sudden=sudden,
        slide_db=slide,
        strength_gone=gone,
        neighbours=neighbours,
        dry_h=dry,
    )
    told = rank(evidence, HYPOTHESES)
    assert told
    assert all(0 <= each.share <= 1 for each in told)
    assert all(isinstance(each.ready(evidence), bool) for each in HYPOTHESES)


def test_what_sinks_on_for_days_is_no_dish_that_was_moved() -> None:
    lies = replace(STEP, onset=40 * HOUR, seen_h=12.0, sudden=False, drop_db=3.3, slide_db=0.53)
    assert _first(replace(lies, sunk_db=0.2)) == "dish_misaligned"
    assert _first(replace(lies, sunk_db=1.2)) == "signal_degrading"
