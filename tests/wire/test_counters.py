import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.counters import following, missing

counts = st.integers(0, 255)


@pytest.mark.tck("payloads-sequence-num-incrementing")
def test_after_255_comes_0() -> None:
    assert following(255) == 0


@given(counts, st.integers(0, 255))
def test_as_many_are_missing_as_were_skipped(start: int, skipped: int) -> None:
    got = start
    for _ in range(skipped):
        got = following(got)
    assert missing(start, got) == skipped
