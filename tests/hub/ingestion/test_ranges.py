"""Ranges against what they stand for: a plain set of numbers."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hub.ingestion.ranges import NOTHING, Ranges

NUMBERS = st.sets(st.integers(1, 40))
SPANS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=6)


def numbers_in(ranges: Ranges) -> set[int]:
    return {number for first, last in ranges for number in range(first, last + 1)}


def of(numbers: set[int]) -> Ranges:
    return NOTHING.add(numbers)


@given(SPANS)
def test_a_union_holds_every_number_of_its_parts(spans: list[tuple[int, int]]) -> None:
    assert numbers_in(Ranges.of(spans)) == {number for first, last in spans for number in range(first, last + 1)}


@given(NUMBERS)
def test_ranges_neither_touch_nor_overlap(numbers: set[int]) -> None:
    spans = of(numbers).spans
    assert all(before[1] + 1 < after[0] for before, after in itertools.pairwise(spans))


@given(NUMBERS, st.integers(0, 41))
def test_a_number_is_in_it_or_not(numbers: set[int], number: int) -> None:
    assert (number in of(numbers)) is (number in numbers)


@given(NUMBERS, NUMBERS)
def test_union_and_difference_are_those_of_sets(one: set[int], other: set[int]) -> None:
    assert numbers_in(of(one) | of(other)) == one | other
    assert numbers_in(of(one) - of(other)) == one - other


@given(NUMBERS, NUMBERS)
def test_equal_sets_are_equal_however_they_came_about(one: set[int], other: set[int]) -> None:
    assert of(one).add(other) == of(one | other)


@given(NUMBERS, st.integers(1, 40), st.integers(1, 40))
def test_gaps_are_what_is_missing_between_two_numbers(numbers: set[int], first: int, last: int) -> None:
    assert numbers_in(Ranges(tuple(of(numbers).gaps(first, last)))) == set(range(first, last + 1)) - numbers


@given(NUMBERS)
def test_the_top_from_one_is_the_last_before_the_first_gap(numbers: set[int]) -> None:
    top = of(numbers).top_from_one
    assert set(range(1, top + 1)) <= numbers
    assert top + 1 not in numbers


@given(NUMBERS)
def test_the_count_is_that_of_the_numbers(numbers: set[int]) -> None:
    assert of(numbers).count == len(numbers)
    assert bool(of(numbers)) is bool(numbers)
