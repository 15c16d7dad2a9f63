import pytest

from bench.levels import level_dbm, satip_level


def test_no_signal_is_zero_and_any_signal_is_not() -> None:
    assert satip_level(0) == 0
    assert satip_level(1) >= 1


@pytest.mark.parametrize("percent", range(15, 101, 5))
def test_the_satip_scale_has_its_two_fixed_points(percent: int) -> None:
    assert (satip_level(percent) - 32) * 40 / 192 - 65 == pytest.approx(level_dbm(percent), abs=0.11)


def test_clear_sky_is_within_what_a_tuner_takes() -> None:
    assert -65 < level_dbm(78) < -25
