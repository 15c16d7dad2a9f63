"""Who may be given something."""

from dataclasses import replace
from datetime import date

import pytest

from hub.allocation.rules import SchoolFacts, Verdict, is_shut_out, judge, rule_sets

TODAY = date(2026, 11, 21)
RULES = rule_sets()["foundation"]
GOOD = SchoolFacts(pupils=80, dates_known=True, power_share=0.01, internet=True)


def verdicts(facts: SchoolFacts, *ticks: str) -> dict[str, Verdict]:
    return {each.rule.id: each.verdict for each in judge(RULES, facts, ticks, TODAY)}


def test_what_telemetry_and_register_know_is_judged_and_the_rest_is_left_to_people() -> None:
    assert verdicts(GOOD) == {
        "teachers": Verdict.OPEN,
        "size": Verdict.MET,
        "stays": Verdict.OPEN,
        "none_lately": Verdict.MET,
        "power": Verdict.MET,
        "internet": Verdict.MET,
    }


def test_a_box_that_is_ticked_answers_only_what_is_open() -> None:
    found = verdicts(replace(GOOD, internet=False), "teachers", "internet")
    assert (found["teachers"], found["internet"]) == (Verdict.TICKED, Verdict.NOT_MET)


@pytest.mark.parametrize(
    ("pupils", "verdict"),
    [
        (49, Verdict.NOT_MET),
        (50, Verdict.MET),
        (120, Verdict.MET),
        (121, Verdict.OPEN),
        (200, Verdict.OPEN),
        (201, Verdict.NOT_MET),
        (None, Verdict.OPEN),
    ],
)
def test_the_size_of_a_school(pupils: int | None, verdict: Verdict) -> None:
    assert verdicts(replace(GOOD, pupils=pupils))["size"] is verdict


def test_three_years_after_the_last_allocation_a_school_may_be_given_something_again() -> None:
    assert verdicts(replace(GOOD, last_given=date(2023, 11, 21)))["none_lately"] is Verdict.MET
    assert verdicts(replace(GOOD, last_given=date(2023, 11, 22)))["none_lately"] is Verdict.NOT_MET


def test_a_school_of_which_nothing_is_known_is_not_shut_out() -> None:
    found = judge(RULES, SchoolFacts(), (), TODAY)
    assert {each.verdict for each in found} == {Verdict.OPEN}
    assert not is_shut_out(found)


def test_power_that_is_away_for_more_than_a_fifth_of_class_time_shuts_a_school_out() -> None:
    assert not is_shut_out(judge(RULES, replace(GOOD, power_share=0.2), (), TODAY))
    assert is_shut_out(judge(RULES, replace(GOOD, power_share=0.21), (), TODAY))


def test_without_rules_nobody_is_asked_anything() -> None:
    assert judge(rule_sets()["none"], GOOD, (), TODAY) == ()
