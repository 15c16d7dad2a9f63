"""The benchmark itself, in small: what it says is so."""

import pytest

from benchmarks.polling import Figures, Used, measure


def test_a_few_devices_are_on_time_while_others_hang() -> None:
    found = measure(devices=6, hanging=2, every_s=0.5, seconds=3)
    assert found.due == 24
    assert found.lost == 0
    assert found.median_s > 0


@pytest.mark.parametrize(("worst_s", "lost", "on_time"), [(0.1, 0, True), (0.6, 0, False), (0.1, 1, False)])
def test_one_late_or_lost_poll_is_not_on_time(worst_s: float, lost: int, on_time: bool) -> None:
    assert Figures(10, lost, 0.01, 0.02, worst_s, Used(0, 0, 0)).on_time is on_time
