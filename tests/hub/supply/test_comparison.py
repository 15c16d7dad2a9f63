"""Offers against a specification."""

from hub.supply.comparison import Judged, judge, unjudged

OFFERS = [{"bidder": "ก", "price": 1200}, {"bidder": "ข", "price": 900, "agreed": 880}, {"bidder": "ค", "price": 700}]
COMPARISON = [
    {"topic": "ขนาด", "meets1": "yes", "meets2": "yes", "meets3": "yes"},
    {"topic": "วัสดุ", "meets1": "yes", "meets2": "yes", "meets3": "no"},
]


def test_the_cheapest_that_meets_all_comes_first() -> None:
    assert judge(OFFERS, COMPARISON) == (Judged(1, True, 2), Judged(2, True, 1), Judged(3, False))


def test_without_requirements_nobody_meets_them() -> None:
    assert [each.meets for each in judge(OFFERS, [])] == [False, False, False]


def test_what_nobody_has_judged_is_named() -> None:
    assert unjudged(OFFERS[:2], [{"topic": "ขนาด", "meets1": "yes"}]) == ((1, 2),)
    assert unjudged(OFFERS, COMPARISON) == ()


def test_the_same_price_has_the_same_rank() -> None:
    same = [{"bidder": "ก", "price": 900}, {"bidder": "ข", "price": 900}]
    assert [each.rank for each in judge(same, [{"meets1": "yes", "meets2": "yes"}])] == [1, 1]
