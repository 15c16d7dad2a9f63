"""Hours as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.hourly import Hourly
from hub.store.errors import UnreadableBody
from hub.store.hourly_bodies import pack_hour, unpack_hour

FIGURES = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-(2.0**120), max_value=2.0**120)
HOURS = st.builds(
    lambda count, held, figures, mean, last: Hourly(count, held * 1000, min(figures), max(figures), mean, last),
    st.integers(1, 65_535),
    st.integers(0, 3600),
    st.tuples(FIGURES, FIGURES),
    FIGURES,
    FIGURES,
)


@given(st.dictionaries(st.integers(1, 2**31), HOURS.filter(lambda each: each.low < each.high), max_size=20))
def test_what_is_packed_is_unpacked(metrics: dict[int, Hourly]) -> None:
    assert dict(unpack_hour(pack_hour(metrics), metrics)) == metrics


def test_an_hour_without_change_takes_thirteen_bytes() -> None:
    steady = Hourly(12, 3_600_000, 1.0, 1.0, 1.0, 1.0)
    assert len(pack_hour({7: steady})) == 13
    assert dict(unpack_hour(pack_hour({7: steady}), {7})) == {7: steady}


def test_only_what_is_wanted_is_unpacked() -> None:
    body = pack_hour({1: Hourly(1, 0, 0.0, 2.0, 1.0, 2.0), 2: Hourly(1, 0, 5.0, 5.0, 5.0, 5.0)})
    assert [metric for metric, _ in unpack_hour(body, {2})] == [2]


def test_what_is_too_large_for_its_place_is_the_most_that_fits() -> None:
    body = pack_hour({1: Hourly(10**6, 0, -1e300, 1e300, 0.0, 1e300)})
    ((_, hour),) = unpack_hour(body, {1})
    assert hour.times == 65_535
    assert hour.low < -3e38
    assert hour.high > 3e38


@given(st.binary(min_size=1, max_size=40))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    try:
        list(unpack_hour(body, range(2**32)))
    except UnreadableBody:
        return


def test_a_torn_body_is_refused() -> None:
    with pytest.raises(UnreadableBody):
        list(unpack_hour(pack_hour({1: Hourly(1, 0, 0.0, 2.0, 1.0, 2.0)})[:-3], {1}))


def test_a_body_that_is_torn_in_what_is_not_wanted_is_refused() -> None:
    with pytest.raises(UnreadableBody):
        unpack_hour(pack_hour({1: Hourly(1, 0, 0.0, 2.0, 1.0, 2.0)})[:-3], {2})
