"""What a report's bytes become in the journal, and back."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.adapters.journal_packing import SEALED, deflated, inflated, packed, packed_group, unpacked_group
from agent.core.entries import Entry, Kept, pack
from wire.errors import WireError
from wire.metrics import DataType, Metric

T = 1_795_157_100_000
NAMES = ("device/reachable", "power/on", "input/signal", "error/code", "panel/temp_c")


@given(st.binary(max_size=3000))
def test_what_is_packed_is_read_as_it_was(body: bytes) -> None:
    assert inflated(deflated(body)) == body


@given(st.binary(max_size=200))
def test_what_nobody_packed_is_refused_or_small(packed: bytes) -> None:
    with contextlib.suppress(WireError):
        assert len(inflated(packed)) <= 1024 * 1024


@pytest.mark.parametrize("packed", [b"", deflated(b"x" * 50)[:-1], deflated(b"x") + b"y", deflated(bytes(3_000_000))])
def test_what_is_cut_or_goes_on_or_is_too_much_is_refused(packed: bytes) -> None:
    with pytest.raises(WireError):
        inflated(packed)


def test_a_report_takes_less_than_half() -> None:
    body = pack(Entry("p1-tv", T, tuple(Metric(name, True, DataType.BOOLEAN, timestamp=T) for name in NAMES)))
    assert len(deflated(body)) < len(body) / 2


def test_what_stands_in_journals_is_read_for_ever() -> None:
    """Bytes that were written once: a changed dictionary would fail here."""
    assert inflated(bytes.fromhex("2b30d42d2953e044175680e950009b0e00")) == b"p1-tv \tdevice/reachable power/on hdmi1"


def group(count: int) -> list[Kept]:
    told = tuple(Metric(name, True, DataType.BOOLEAN, timestamp=T) for name in NAMES)
    return [Kept(50 + each, Entry(f"p{each}-tv", T, told)) for each in range(count)]


def test_a_group_is_read_as_it_was_with_its_cursors() -> None:
    kept = group(11)
    found = unpacked_group(50, packed_group(kept, 40, 49))
    assert (list(found.kept), found.acked, found.published) == (kept, 40, 49)


def test_a_group_takes_a_third_of_its_reports_alone() -> None:
    kept = group(11)
    assert len(packed_group(kept, 40, 49)) < sum(len(packed(SEALED, each.offset, each.entry)) for each in kept) / 3


@given(st.integers(0, 250), st.integers(0, 7))
def test_a_bit_that_turns_over_in_a_group_breaks_its_seal(byte: int, bit: int) -> None:
    body = bytearray(packed_group(group(11), 40, 49))
    body[byte % len(body)] ^= 1 << bit
    with pytest.raises(WireError):
        unpacked_group(50, bytes(body))


def test_a_group_under_another_number_is_refused() -> None:
    with pytest.raises(WireError):
        unpacked_group(51, packed_group(group(2), 0, 0))
