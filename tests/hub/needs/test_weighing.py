"""What is known of an asset, to what is to become of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.needs import Advice
from hub.needs.facts import Facts, Record, Standing
from hub.needs.settings import NeedSettings
from hub.needs.weighing import CODES, Weighed, life_ends, weigh

TODAY = date(2026, 11, 21)
SETTINGS = NeedSettings()
NEW = Facts("tv", "lg/rs232", date(2025, 11, 1), 5, {2569: 2_400_000})
DAY_MS = 86_400_000


def weighed(record: Record | None = None, **changes: Any) -> Weighed:
    return weigh(replace(NEW, record=record or Record(), **changes), SETTINGS, TODAY)


def codes(found: Weighed) -> list[str]:
    return [each.code for each in found.reasons]


def test_a_young_set_that_works_is_kept_until_its_life_ends() -> None:
    assert weighed() == Weighed(Advice.KEEP, 0, (), 2574)


def test_what_is_past_its_useful_life_is_watched() -> None:
    found = weighed(acquired_on=date(2021, 11, 21))
    assert (found.advice, codes(found), found.fiscal_year) == (Advice.WATCH, ["need.past_life"], 2571)
    assert found.reasons[0].params == {"age": 5, "life": 5}


def test_a_day_before_its_life_ends_it_is_kept() -> None:
    assert weighed(acquired_on=date(2021, 11, 22)).advice is Advice.KEEP


def test_what_is_old_and_fails_often_is_replaced() -> None:
    found = weighed(Record(faults=3, down_ms=12 * DAY_MS), acquired_on=date(2017, 1, 1))
    assert (found.advice, found.fiscal_year, found.score) == (Advice.REPLACE, 2570, 80)
    assert codes(found) == ["need.long_past_life", "need.faults", "need.down"]


def test_what_is_broken_now_and_young_is_repaired() -> None:
    found = weighed(Record(faults=1, standing=Standing("tv_failed", date(2026, 11, 20))))
    assert (found.advice, codes(found)) == (Advice.REPAIR, ["need.broken"])


def test_a_signal_that_sinks_asks_for_a_repair() -> None:
    found = weighed(Record(standing=Standing("signal_degrading", date(2026, 11, 1))))
    assert (found.advice, codes(found)) == (Advice.REPAIR, ["need.fading"])


def test_repairs_that_cost_half_of_a_new_one_are_not_worth_it() -> None:
    found = weighed(Record(repair_satang=1_200_000))
    assert (found.advice, codes(found)) == (Advice.REPLACE, ["need.not_worth_it"])
    assert found.reasons[0].params == {"cost_baht": 12000, "price_baht": 24000, "share_pct": 50}


def test_repairs_that_cost_a_quarter_are_a_warning() -> None:
    assert codes(weighed(Record(repair_satang=600_000))) == ["need.costly"]


def test_without_a_price_nothing_is_said_about_costs() -> None:
    assert weighed(Record(repair_satang=1_200_000), prices={}).reasons == ()


def test_a_price_of_a_later_year_does_not_count() -> None:
    assert weighed(Record(repair_satang=1_200_000), prices={2571: 1_200_000}).reasons == ()


def test_what_a_repair_gave_up_is_replaced() -> None:
    found = weighed(irreparable="RP-2570-0012")
    assert (found.advice, found.reasons[0].params) == (Advice.REPLACE, {"number": "RP-2570-0012"})


@pytest.mark.parametrize(
    ("used", "advice", "code"), [(79, Advice.KEEP, None), (80, Advice.WATCH, "wears"), (100, Advice.REPAIR, "worn")]
)
@pytest.mark.parametrize("part", ["lamp", "disk"])
def test_a_lamp_and_a_disk_wear(part: str, used: float, advice: Advice, code: str | None) -> None:
    found = weighed(Record(**{f"{part}_pct": float(used)}))  # type: ignore[arg-type]
    assert (found.advice, codes(found)) == (advice, [f"need.{part}_{code}"] if code else [])


@pytest.mark.parametrize("what", ["lg/rs232", "tv"])
def test_the_end_of_support_is_told_by_profile_or_kind(what: str) -> None:
    settings = NeedSettings(support_ends={what: date(2026, 11, 20)})
    assert codes(weigh(NEW, settings, TODAY)) == ["need.out_of_support"]
    assert weigh(NEW, settings, date(2026, 11, 20)).reasons == ()


def test_bought_on_a_leap_day_its_life_ends_on_the_first_of_march() -> None:
    assert life_ends(replace(NEW, acquired_on=date(2024, 2, 29))) == date(2029, 3, 1)


facts = st.builds(
    Facts,
    kind=st.sampled_from(["tv", "dish", "computer"]),
    profile=st.none(),
    acquired_on=st.none() | st.dates(date(1995, 1, 1), date(2030, 1, 1)),
    life_years=st.integers(1, 20),
    prices=st.dictionaries(st.integers(2565, 2572), st.integers(1, 10_000_000)),
    record=st.builds(
        Record,
        faults=st.integers(0, 30),
        down_ms=st.integers(0, 700 * DAY_MS),
        repair_satang=st.integers(0, 10_000_000),
        standing=st.none() | st.builds(Standing, st.sampled_from(["tv_failed", "signal_degrading"]), st.just(TODAY)),
        lamp_pct=st.none() | st.floats(0, 200),
        disk_pct=st.none() | st.floats(0, 200),
    ),
    irreparable=st.none() | st.just("RP-1"),
)


@given(facts)
def test_every_answer_is_explained_and_the_same_twice(known: Facts) -> None:
    found = weigh(known, SETTINGS, TODAY)
    assert weigh(known, SETTINGS, TODAY) == found
    assert all(set(each.params) == set(CODES[each.code]) for each in found.reasons)
    assert (found.score == 0) == (not found.reasons)
    assert found.reasons or found.advice is Advice.KEEP
    assert found.fiscal_year >= 2570


@given(facts, st.integers(1, 20))
def test_another_fault_never_makes_a_need_less_urgent(known: Facts, more: int) -> None:
    worse = replace(known, record=replace(known.record, faults=known.record.faults + more))
    before, after = weigh(known, SETTINGS, TODAY), weigh(worse, SETTINGS, TODAY)
    order = list(Advice)
    assert order.index(after.advice) <= order.index(before.advice)
    assert after.score >= before.score
