import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import UnsupportedType, WrongType
from wire.metrics import DataType, Metric, fitted, read_metric, typed, write_value
from wire.payloads import decode, encode
from wire.schema import new_payload

_RANGES = {
    DataType.INT8: (-(2**7), 2**7 - 1),
    DataType.INT16: (-(2**15), 2**15 - 1),
    DataType.INT32: (-(2**31), 2**31 - 1),
    DataType.INT64: (-(2**63), 2**63 - 1),
    DataType.UINT8: (0, 2**8 - 1),
    DataType.UINT16: (0, 2**16 - 1),
    DataType.UINT32: (0, 2**32 - 1),
    DataType.UINT64: (0, 2**64 - 1),
    DataType.DATETIME: (0, 2**64 - 1),
}


def values(datatype: DataType) -> st.SearchStrategy[object]:
    if datatype in _RANGES:
        low, high = _RANGES[datatype]
        return st.integers(low, high)
    if datatype in (DataType.FLOAT, DataType.DOUBLE):
        return st.floats(width=32 if datatype is DataType.FLOAT else 64)
    return st.booleans() if datatype is DataType.BOOLEAN else st.text()


typed_values = st.sampled_from(DataType).flatmap(lambda kind: st.tuples(st.just(kind), st.none() | values(kind)))


def same(left: object, right: object) -> bool:
    both_nan = isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right)
    return both_nan or (left == right and type(left) is type(right))


@pytest.mark.tck("payloads-metric-datatype-value", "payloads-metric-datatype-value-type")
@given(typed_values)
def test_a_value_is_read_as_it_was_written(pair: tuple[DataType, object]) -> None:
    datatype, value = pair
    [metric] = decode(encode([Metric("m", value, datatype)], timestamp=1)).metrics  # type: ignore[arg-type]
    assert metric.datatype is datatype
    assert same(metric.value, value)


@given(typed_values)
def test_without_its_datatype_a_value_is_read_once_a_birth_gives_the_type(pair: tuple[DataType, object]) -> None:
    datatype, value = pair
    payload = encode([Metric("m", value, datatype)], timestamp=1, datatypes=False)  # type: ignore[arg-type]
    [metric] = decode(payload).metrics
    assert metric.datatype is None
    assert same(typed(metric.value, datatype), value)


@pytest.mark.parametrize("datatype", _RANGES)
def test_a_number_beyond_its_type_is_refused(datatype: DataType) -> None:
    low, high = _RANGES[datatype]
    for number in (low - 1, high + 1):
        with pytest.raises(WrongType):
            write_value(new_payload().metrics.add(), number, datatype)


@pytest.mark.parametrize(
    ("datatype", "raw"),
    [
        (DataType.BOOLEAN, 1),
        (DataType.INT64, True),
        (DataType.INT32, 1.5),
        (DataType.FLOAT, "1"),
        (DataType.DOUBLE, False),
        (DataType.DOUBLE, 1),
        (DataType.FLOAT, -1),
        (DataType.STRING, 7),
    ],
)
def test_a_value_of_another_type_is_refused(datatype: DataType, raw: bool | float | str) -> None:
    with pytest.raises(WrongType):
        typed(raw, datatype)


def test_a_whole_number_of_our_own_will_do_for_a_float() -> None:
    assert fitted(3, DataType.FLOAT) == 3.0
    assert isinstance(fitted(3, DataType.FLOAT), float)


def test_a_null_is_a_value_of_any_type() -> None:
    assert all(typed(None, datatype) is None for datatype in DataType)


@pytest.mark.parametrize("carrier", [0xFFFFFFFB, 0xFB])
def test_minus_five_in_eight_bits_is_read_bare_and_sign_extended(carrier: int) -> None:
    assert typed(carrier, DataType.INT8) == -5


def test_a_datatype_that_is_not_ours_is_refused_by_name() -> None:
    message = new_payload().metrics.add()
    message.datatype, message.int_value = 16, 1
    with pytest.raises(UnsupportedType):
        read_metric(message)
