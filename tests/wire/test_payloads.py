import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import PayloadError, PayloadTooLarge
from wire.metrics import DataType, Metric
from wire.payloads import BDSEQ, MAX_PAYLOAD_BYTES, death, decode, encode
from wire.schema import new_payload


def test_timestamp_and_seq_are_kept() -> None:
    payload = decode(encode([], timestamp=1_790_000_000_000, seq=255))
    assert (payload.timestamp, payload.seq) == (1_790_000_000_000, 255)


def test_what_is_absent_is_none_and_not_zero() -> None:
    payload = decode(encode([], timestamp=None))
    assert (payload.timestamp, payload.seq) == (None, None)


@pytest.mark.tck("topics-ndeath-payload", "topics-ndeath-seq", "payloads-ndeath-seq")
def test_a_death_holds_bdseq_alone() -> None:
    payload = decode(death(7))
    assert payload.seq is None
    assert payload.metrics == (Metric(BDSEQ, 7, DataType.INT64),)


@pytest.mark.tck("payloads-metric-datatype-not-req", "payloads-alias-data-cmd-requirement")
def test_data_can_be_written_by_alias_and_without_datatypes() -> None:
    raw = encode([Metric(None, 13.5, DataType.FLOAT, timestamp=5, alias=3)], timestamp=5, seq=1, datatypes=False)
    message = type(new_payload()).FromString(raw)
    assert not message.metrics[0].HasField("datatype")
    assert not message.metrics[0].HasField("name")
    assert message.metrics[0].alias == 3


def test_the_bytes_are_those_of_the_specifications_field_numbers() -> None:
    raw = encode([Metric("a", True, DataType.BOOLEAN)], timestamp=1, seq=2)
    assert raw == bytes.fromhex("080112070a0161200b70011802")


def test_one_bad_metric_does_not_spoil_its_neighbours() -> None:
    message = new_payload()
    message.metrics.add(name="good", datatype=11, boolean_value=True)
    message.metrics.add(name="bad", datatype=99, int_value=1)
    message.metrics.add(name="wrong", datatype=12, int_value=1)
    payload = decode(message.SerializeToString())
    assert [metric.name for metric in payload.metrics] == ["good"]
    assert [error.reason for error in payload.refused] == ["unsupported_type", "wrong_type"]


def test_a_payload_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(PayloadTooLarge):
        decode(b"\0" * (MAX_PAYLOAD_BYTES + 1))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_payload_or_a_payload_error(data: bytes) -> None:
    with contextlib.suppress(PayloadError):
        decode(data)


@given(st.binary(min_size=1, max_size=6), st.integers(0, 60))
def test_a_damaged_payload_is_a_payload_or_a_payload_error(noise: bytes, place: int) -> None:
    good = encode([Metric("signal/cnr_db", 12.5, DataType.FLOAT, timestamp=9, alias=1)], timestamp=9, seq=3)
    with contextlib.suppress(PayloadError):
        decode(good[:place] + noise + good[place + len(noise) :])


def test_a_metric_without_a_datatype_cannot_be_written() -> None:
    with pytest.raises(PayloadError):
        encode([Metric("m", 1)], timestamp=1)


def test_a_name_that_is_no_text_spoils_only_its_metric() -> None:
    message = new_payload()
    message.metrics.add(name="host/load1", double_value=1.0, datatype=DataType.DOUBLE)
    message.metrics.add(name="xy", double_value=2.0, datatype=DataType.DOUBLE)
    payload = decode(message.SerializeToString().replace(b"xy", b"\xff\xfe"))
    assert [metric.name for metric in payload.metrics] == ["host/load1"]
    assert [error.reason for error in payload.refused] == ["wrong_type"]
