from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.core.ranges import MAX_RANGES, Ranges

STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 60), st.integers(0, 60)), max_size=40)


def members(ranges: Ranges) -> set[int]:
    return {number for first, last in ranges for number in range(first, last + 1)}


@given(STEPS)
def test_ranges_are_sets_of_numbers(steps: list[tuple[bool, int, int]]) -> None:
    ranges, model = Ranges(), set[int]()
    for adding, first, last in steps:
        if adding:
            ranges.add(first, last)
            model |= set(range(first, last + 1))
        else:
            ranges.remove(first, last)
            model -= set(range(first, last + 1))
    assert members(ranges) == model
    assert bool(ranges) == bool(model)


@given(STEPS)
def test_ranges_stay_disjoint_ascending_and_apart(steps: list[tuple[bool, int, int]]) -> None:
    ranges = Ranges()
    for adding, first, last in steps:
        (ranges.add if adding else ranges.remove)(first, last)
    found = list(ranges)
    assert all(first <= last for first, last in found)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))
    assert ranges.first == (found[0] if found else None)


def test_too_many_ranges_become_fewer_that_mean_more() -> None:
    ranges, wanted = Ranges(), range(0, 10 * MAX_RANGES, 3)
    for number in wanted:
        ranges.add(number, number)
    assert len(list(ranges)) <= MAX_RANGES
    assert set(wanted) <= members(ranges)


def test_a_range_that_ends_before_it_begins_is_empty() -> None:
    ranges = Ranges()
    ranges.add(5, 4)
    assert list(ranges) == []
