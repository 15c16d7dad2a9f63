"""Amounts of money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.money import MOST_SATANG, baht_of, satang_from, satang_of


@pytest.mark.parametrize(
    ("text", "satang"), [("19,000", 1_900_000), (" 12.50 ", 1250), ("๑๙๐๐๐", 1_900_000), ("0", 0), ("0.01", 1)]
)
def test_baht_as_people_write_them_are_whole_satang(text: str, satang: int) -> None:
    assert satang_of(text) == satang


@pytest.mark.parametrize("text", ["", "about 100", "-5", "1.005", "NaN", "Infinity", "1e40", "100000000000"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert satang_of(text) is None


@given(st.integers(0, MOST_SATANG))
def test_an_amount_comes_back_as_it_was(satang: int) -> None:
    assert satang_of(f"{baht_of(satang):,}") == satang


def test_an_amount_is_written_with_two_decimals() -> None:
    assert baht_of(1_900_050) == Decimal("19000.50")


@given(st.text(max_size=30))
def test_no_text_makes_it_stumble(text: str) -> None:
    assert satang_of(text) is None or satang_of(text) >= 0  # type: ignore[operator]


@pytest.mark.parametrize(
    ("baht", "satang"),
    [
        (19000.5, 1_900_050),
        (7, 700),
        (-1, 0),
        (1e308, MOST_SATANG),
        (float("inf"), MOST_SATANG),
        (10**400, MOST_SATANG),
    ],
)
def test_a_number_that_a_request_holds_is_an_amount_within_sense(baht: float, satang: int) -> None:
    assert satang_from(baht) == satang


@pytest.mark.parametrize("baht", [None, "5", True, float("nan")])
def test_what_is_no_number_is_no_amount(baht: object) -> None:
    assert satang_from(baht) is None
