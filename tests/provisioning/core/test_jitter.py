from hypothesis import given
from hypothesis import strategies as st

from provisioning.core.jitter import FIRST_S, LONGEST_S, wait_s


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_wait_is_never_longer_than_the_longest_nor_none(failures: int, chance: float) -> None:
    assert FIRST_S / 2 <= wait_s(failures, chance) <= LONGEST_S


def test_waits_grow() -> None:
    assert [wait_s(failures, 1.0) for failures in (1, 2, 3)] == [1.0, 2.0, 4.0]
