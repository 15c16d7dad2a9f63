import pytest

from provisioning.core.clock import BUILT_MS, TOLERATED_MS, correction

HUB = BUILT_MS + 10**10
Y1970, Y2020, Y2040 = 60_000, 1_577_836_800_000, 2_208_988_800_000


@pytest.mark.parametrize("own", [Y1970, Y2020, Y2040])
def test_a_clock_that_nobody_keeps_is_set_by_the_hub(own: int) -> None:
    assert correction(own, HUB, synchronised=False) == HUB


def test_a_clock_that_is_nearly_right_is_left_alone() -> None:
    assert correction(HUB - TOLERATED_MS, HUB, synchronised=False) is None


def test_a_clock_that_ntp_keeps_is_believed_more_than_the_hub() -> None:
    assert correction(HUB + 10 * TOLERATED_MS, HUB, synchronised=True) is None


def test_a_clock_that_says_it_is_kept_but_stands_before_this_program_is_not_believed() -> None:
    assert correction(Y2020, HUB, synchronised=True) == HUB


def test_a_hub_that_has_lost_its_own_clock_is_not_believed() -> None:
    assert correction(HUB, Y2020, synchronised=False) is None
