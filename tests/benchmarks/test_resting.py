"""The benchmark itself, in small: it measures a running agent."""

import pytest

from benchmarks.resting import Rest, measure


def test_a_running_agent_takes_time_and_room() -> None:
    found = measure(devices=1, seconds=2, network=True, settled_s=2)
    assert found.cpu_s_an_hour > 0
    assert 10 < found.pss_mb < 100


@pytest.mark.parametrize(("cpu_s", "pss_mb", "within"), [(0.9, 39, True), (1.1, 30, False), (0.5, 41, False)])
def test_both_figures_must_be_within_the_budget(cpu_s: float, pss_mb: float, within: bool) -> None:
    assert Rest(cpu_s, pss_mb).within_budget is within
