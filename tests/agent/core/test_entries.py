import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.core.entries import Entry, entry_of, pack, unpack
from agent.core.readings import Report
from wire.errors import WireError
from wire.metrics import DataType, Metric
from wire.vocabulary import NODE

T0 = 1_790_000_000_000
METRICS = st.one_of(
    st.tuples(st.just(DataType.DOUBLE), st.none() | st.floats(allow_nan=False)),
    st.tuples(st.just(DataType.INT64), st.none() | st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just(DataType.UINT64), st.none() | st.integers(0, 2**64 - 1)),
    st.tuples(st.just(DataType.INT32), st.none() | st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just(DataType.BOOLEAN), st.none() | st.booleans()),
    st.tuples(st.just(DataType.STRING), st.none() | st.text(max_size=40)),
)


@given(
    device=st.none() | st.text("abcp1-", min_size=1, max_size=32),
    t=st.integers(0, 2**53),
    told=st.lists(st.tuples(st.text(min_size=1, max_size=30), METRICS), min_size=1, max_size=8),
)
def test_what_is_packed_is_unpacked_as_it_was(device: str | None, t: int, told: list) -> None:  # type: ignore[type-arg]
    entry = Entry(device, t, tuple(Metric(name, value, datatype, timestamp=t) for name, (datatype, value) in told))
    assert unpack(pack(entry)) == entry


@given(st.binary(max_size=200))
def test_rubbish_is_refused_and_nothing_else_happens(data: bytes) -> None:
    with contextlib.suppress(WireError, ValueError):
        unpack(data)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "warm", True])
def test_a_value_that_is_no_value_is_one_that_could_not_be_read(value: float) -> None:
    entry = entry_of(Report(None, T0, (("host/cpu_pct", value),)), NODE)
    assert entry.metrics[0].value is None


def test_a_metric_that_the_vocabulary_does_not_have_is_left_out() -> None:
    entry = entry_of(Report(None, T0, (("host/mood", 1.0), ("host/cpu_pct", 1.0))), NODE)
    assert [metric.name for metric in entry.metrics] == ["host/cpu_pct"]


def test_a_device_key_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        pack(Entry("p" * 256, T0, ()))
