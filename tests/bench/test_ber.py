"""The encoding, held against pyasn1's: two independent readings of X.690."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ

from bench import ber

OIDS = st.tuples(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**32 - 1), max_size=12)).map(
    lambda parts: (parts[0], parts[1], *parts[2])
)


@given(st.integers(-(2**31), 2**32))
def test_integers_are_read_by_others_and_as_short_as_can_be(value: int) -> None:
    written = ber.integer(value)
    assert decoder.decode(written) == (univ.Integer(value), b"")
    assert ber.read_all(written)[0].number == value
    # X.690, 8.3.2. (pyasn1 itself spends an octet too many on -128 and its like.)
    first_nine_bits = int.from_bytes(written[2:4], "big") >> 7
    assert len(written) == 3 or first_nine_bits not in (0, 0b111111111)


@given(OIDS)
def test_object_identifiers_are_as_others_write_them(oid: ber.Oid) -> None:
    written = ber.object_id(oid)
    assert written == encoder.encode(univ.ObjectIdentifier(oid))
    assert ber.read_all(written)[0].oid == oid


@given(st.binary(max_size=700))
def test_octets_and_their_lengths_are_as_others_write_them(value: bytes) -> None:
    written = ber.write(ber.SEQUENCE, ber.octets(value))
    found, rest = decoder.decode(written)
    assert (bytes(found[0]), rest) == (value, b"")
    assert ber.read_all(written)[0].parts[0].body == value


@given(st.binary(max_size=60))
def test_noise_is_read_or_refused(noise: bytes) -> None:
    try:
        elements = ber.read_all(noise)
    except ber.NotBer:
        return
    assert b"".join(element.body for element in elements) in noise or len(elements) > 1


@pytest.mark.parametrize("data", [b"\x02", b"\x02\x80", b"\x02\x03\x01", b"\x02\x85\x01\x01\x01\x01\x01"])
def test_what_is_cut_short_or_endless_is_refused(data: bytes) -> None:
    with pytest.raises(ber.NotBer):
        ber.read_all(data)


def test_a_value_of_another_kind_is_refused() -> None:
    text = ber.read_all(ber.octets(b"x"))[0]
    with pytest.raises(ber.NotBer):
        _ = text.number
    with pytest.raises(ber.NotBer):
        _ = text.oid
    assert text.parts == ()
