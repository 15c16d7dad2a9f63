from itertools import count

import pytest

from benchmarks.machine import BASELINE_US, REPORT, Paces, pace


def test_the_report_is_as_long_as_that_of_the_goals() -> None:
    assert len(REPORT) == 1_123


def test_a_machine_that_takes_as_long_as_that_of_the_goals_has_its_pace() -> None:
    for slower in (1, 4):
        clock = count(0.0, 1_000 * slower * BASELINE_US / 1e6).__next__
        assert pace(1_000, clock) == pytest.approx(1 / slower)


def test_a_machine_has_a_pace() -> None:
    assert pace(20) > 0


def test_the_middle_the_least_and_the_most_are_told() -> None:
    paces = Paces(iter((0.2, 0.5, 0.3)).__next__)
    assert [paces.look() for _ in range(3)] == [0.2, 0.5, 0.3]
    assert str(paces) == "the machine meanwhile: 0.30 of that of the goals (0.20 to 0.50)"
