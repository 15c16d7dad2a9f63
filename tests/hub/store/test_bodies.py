"""The body of a stored report gives back what was put in."""

from hypothesis import given
from hypothesis import strategies as st

from hub.core.reports import Sample
from hub.store.bodies import pack, unpack
from wire.metrics import DataType

NAMES = ["host/cpu_pct", "power/on", "error/code", "panel/hours"]
TIMES = st.none() | st.integers(0, (1 << 63) - 1)
SAMPLES = st.one_of(
    st.builds(
        Sample, st.none() | st.floats(width=32, allow_nan=False, allow_infinity=False), st.just(DataType.FLOAT), TIMES
    ),
    st.builds(Sample, st.none() | st.booleans(), st.just(DataType.BOOLEAN), TIMES),
    st.builds(Sample, st.none() | st.text(max_size=20), st.just(DataType.STRING), TIMES),
    st.builds(Sample, st.none() | st.integers(-(1 << 63), (1 << 63) - 1), st.just(DataType.INT64), TIMES),
    st.builds(Sample, st.integers(-(1 << 31), (1 << 31) - 1), st.just(DataType.INT32), TIMES),
    st.builds(Sample, st.integers(0, (1 << 64) - 1), st.just(DataType.UINT64), TIMES),
)


@given(st.dictionaries(st.sampled_from(NAMES), SAMPLES))
def test_samples_come_back_as_they_were(samples: dict[str, Sample]) -> None:
    ids = {(name, datatype): number for number, (name, datatype) in enumerate(_kinds(samples), 1)}
    names = {number: kind for kind, number in ids.items()}
    assert unpack(pack(samples, ids), names) == samples


def _kinds(samples: dict[str, Sample]) -> list[tuple[str, DataType]]:
    return [(name, sample.datatype) for name, sample in samples.items()]
