from hypothesis import given
from hypothesis import strategies as st

from bench import sky

MOMENTS = st.integers(min_value=0, max_value=10**13)


@given(MOMENTS)
def test_clear_sky_wobbles_by_less_than_a_receiver_can_measure(now: int) -> None:
    assert abs(sky.wobble_db(now)) <= sky.WOBBLE_DB


@given(MOMENTS)
def test_the_wobble_is_slow(now: int) -> None:
    assert abs(sky.wobble_db(now + 1000) - sky.wobble_db(now)) < 0.1


def test_a_shower_begins_and_ends_with_nothing_lost() -> None:
    assert sky.shower_db(0, 600_000, 7.0) == 0.0
    assert sky.shower_db(600_000, 600_000, 7.0) == 0.0
    assert sky.shower_db(-1, 600_000, 7.0) == 0.0


def test_a_shower_reaches_most_of_its_depth_and_never_more() -> None:
    losses = [sky.shower_db(moment, 600_000, 7.0) for moment in range(0, 600_000, 1000)]
    assert 6.0 < max(losses) <= 7.0
    assert min(losses) >= 0.0
