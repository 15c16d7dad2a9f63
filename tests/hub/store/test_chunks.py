"""Bodies of chunks: what goes in comes out, and what is damaged says so."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.store.chunks import Kept, fits, pack_chunk, unpack_chunk
from hub.store.errors import UnreadableBody

BODIES = st.binary(max_size=40).filter(fits)
MOMENTS = st.integers(0, 1 << 53)


@given(st.dictionaries(st.integers(1, 1 << 53), st.tuples(MOMENTS, BODIES), min_size=1, max_size=20))
def test_reports_come_out_as_they_went_in(told: dict[int, tuple[int, bytes]]) -> None:
    reports = [Kept(3, offset, 7, *told[offset]) for offset in sorted(told)]
    assert list(unpack_chunk(pack_chunk(reports), 3, 7)) == reports


@pytest.mark.parametrize(
    "body",
    [b"", b"rubbish", zlib.compress(b"[1]"), zlib.compress(b"[1]\n[1]"), zlib.compress(b"[1]\n[1]\nx")[:-3]],
)
def test_what_is_damaged_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        list(unpack_chunk(body, 1, 1))


def test_a_body_in_lines_does_not_fit() -> None:
    assert fits(b'[[1,"a\\nb"]]')
    assert not fits(b"a\nb")
