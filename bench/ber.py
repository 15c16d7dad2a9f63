"""As much of ASN.1's basic encoding (X.690) as SNMP needs: integers, octet strings, object identifiers, null, and sequences.

Definite lengths only, as RFC 3417 (section 8) demands. Reading raises NotBer; what the values mean is snmp.py's.
"""

from dataclasses import dataclass

INTEGER, OCTETS, NULL, OBJECT_ID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
CONSTRUCTED = 0x20
Oid = tuple[int, ...]


class NotBer(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Element:
    tag: int
    body: bytes

    @property
    def parts(self) -> "tuple[Element, ...]":
        """Of what holds others. Raises NotBer."""
        return read_all(self.body) if self.tag & CONSTRUCTED else ()

    @property
    def number(self) -> int:
        if self.tag != INTEGER or not 1 <= len(self.body) <= 8:
            raise NotBer("an integer was expected")
        return int.from_bytes(self.body, "big", signed=True)

    @property
    def oid(self) -> Oid:
        if self.tag != OBJECT_ID or not self.body or self.body[-1] & 0x80:
            raise NotBer("an object identifier was expected")
        arcs, arc = [], 0
        for octet in self.body:
            arc = arc << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return (first, arcs[0] - 40 * first, *arcs[1:])


def read_all(data: bytes) -> tuple[Element, ...]:
    """Every element in a row. Raises NotBer where one is cut short."""
    found = []
    while data:
        element, data = _read(data)
        found.append(element)
    return tuple(found)


def _read(data: bytes) -> tuple[Element, bytes]:
    if len(data) < 2:
        raise NotBer("cut short")
    tag, size, start = data[0], data[1], 2
    if size & 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 4 or len(data) < 2 + octets:
            raise NotBer("no length that SNMP allows")
        size, start = int.from_bytes(data[2 : 2 + octets], "big"), 2 + octets
    if len(data) < start + size:
        raise NotBer("cut short")
    return Element(tag, data[start : start + size]), data[start + size :]


def write(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Two's complement in as few octets as will do; unsigned types use the same form."""
    bits = (value if value >= 0 else ~value).bit_length()
    return write(tag, value.to_bytes(bits // 8 + 1, "big", signed=True))


def octets(value: bytes) -> bytes:
    return write(OCTETS, value)


def null(tag: int = NULL) -> bytes:
    return write(tag)


def object_id(oid: Oid) -> bytes:
    return write(OBJECT_ID, b"".join(_arc(arc) for arc in (oid[0] * 40 + oid[1], *oid[2:])))


def _arc(arc: int) -> bytes:
    found = bytes((arc & 0x7F,))
    while arc := arc >> 7:
        found = bytes((0x80 | arc & 0x7F,)) + found
    return found
