import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.losses import AT_MOST, Loss, LossReason, decode, encode

EPOCH = "5f1c7f5e-5a0e-4f7e-9d6e-0123456789ab"
LOSSES = st.builds(
    lambda epoch, first, more, reason: Loss(str(epoch), first, first + more, reason),
    st.uuids(),
    st.integers(1, 1 << 50),
    st.integers(0, 1 << 50),
    st.sampled_from(LossReason),
)


@given(st.lists(LOSSES, max_size=AT_MOST))
def test_what_was_lost_is_read_as_it_was_told(losses: list[Loss]) -> None:
    assert decode(encode(losses)) == tuple(losses)


def test_of_too_many_the_newest_are_told() -> None:
    losses = [Loss(EPOCH, number, number, LossReason.DAMAGED) for number in range(1, AT_MOST + 5)]
    assert decode(encode(losses)) == tuple(losses[-AT_MOST:])


def test_a_reason_that_is_not_known_is_a_reason() -> None:
    assert decode(f"{EPOCH} 3 4 eaten_by_ants") == (Loss(EPOCH, 3, 4, LossReason.OTHER),)


@given(st.text(min_size=1))
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(text)


@pytest.mark.parametrize(
    "text", [f"{EPOCH} 0 4 damaged", f"{EPOCH} 5 4 damaged", f"{EPOCH} 1 {1 << 60} damaged", "x 1 2 y"]
)
def test_what_is_no_range_of_a_journal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(text)
