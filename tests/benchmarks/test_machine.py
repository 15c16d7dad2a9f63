import os
from itertools import count
from pathlib import Path

import pytest

from benchmarks.machine import BASELINE_US, REPORT, Paces, pace, stolen_ms


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


def test_what_a_host_took_stands_in_the_eighth_figure(tmp_path: Path) -> None:
    told = tmp_path / "stat"
    told.write_text("cpu  1 2 3 4 5 6 7 80 0 0\ncpu0 1 2 3 4 5 6 7 70 0 0\n")
    assert stolen_ms(told) == 80_000 / os.sysconf("SC_CLK_TCK")


def test_a_kernel_that_does_not_tell_took_nothing(tmp_path: Path) -> None:
    told = tmp_path / "stat"
    told.write_text("cpu  1 2 3 4\n")
    assert stolen_ms(told) == 0
