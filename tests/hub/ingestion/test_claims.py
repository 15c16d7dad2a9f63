"""What a birth may say of its journal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ingestion.claims import MAX_OFFSET, claim_in, is_offset
from hub.ingestion.facts import JournalClaim
from hub.ingestion.reasons import Reason
from wire.controls import JOURNAL_EPOCH, JOURNAL_NEWEST, JOURNAL_OLDEST
from wire.metrics import DataType, Metric, Value
from wire.payloads import Payload

UUID = "6f1c1f3e-7c0c-4d0e-9a40-0d8ad5a7a001"
NAMES = {JOURNAL_EPOCH: DataType.STRING, JOURNAL_OLDEST: DataType.UINT64, JOURNAL_NEWEST: DataType.UINT64}
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.floats() | st.just(UUID)


def claimed(*values: Value) -> tuple[JournalClaim | None, list[Reason]]:
    metrics = [Metric(name, value, NAMES[name]) for name, value in zip(NAMES, values, strict=True) if value is not None]
    refused: list[Reason] = []
    return claim_in(Payload(tuple(metrics)), refused.append), refused


def test_a_node_without_a_journal_claims_nothing() -> None:
    assert claimed(None, None, None) == (None, [])


def test_a_claim_is_read() -> None:
    assert claimed(UUID, 3, 9) == (JournalClaim(UUID, 3, 9), [])


def test_an_empty_journal_has_its_oldest_behind_its_newest() -> None:
    assert claimed(UUID, 10, 9) == (JournalClaim(UUID, 10, 9), [])


def test_an_epoch_has_one_spelling() -> None:
    claim, _ = claimed(UUID.upper(), 1, 1)
    assert claim is not None
    assert claim.epoch == UUID


@pytest.mark.parametrize(
    "values", [("ours", 1, 1), (UUID, 11, 9), (UUID, 1, MAX_OFFSET + 1), (UUID, None, 3), (None, 1, 3), (UUID, True, 3)]
)
def test_what_contradicts_itself_is_refused(values: tuple[Value, ...]) -> None:
    assert claimed(*values) == (None, [Reason.JOURNAL])


@given(st.tuples(ANYTHING, ANYTHING, ANYTHING))
def test_anything_is_a_sound_claim_or_none(values: Any) -> None:
    claim, _ = claimed(*values)
    assert claim is None or 1 <= claim.oldest <= claim.newest + 1 <= MAX_OFFSET + 1


@given(ANYTHING)
def test_an_offset_is_a_whole_number_from_one(value: Any) -> None:
    assert is_offset(value) is (type(value) is int and 1 <= value <= MAX_OFFSET)
