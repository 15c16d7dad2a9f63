"""An SNMP agent of version 1 and 2c that may only be read (RFC 3416, RFC 1157): one datagram in, at most one out.

Answered are Get, GetNext and GetBulk with the right community; a wrong one, another version and whatever is not SNMP gets no
answer at all, as with real agents. What objects there are is told by whoever owns the agent. Sockets are lines/'s.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench import ber
from bench.ber import Element, NotBer, Oid

V1, V2C = 0, 1
GET, GET_NEXT, RESPONSE, SET, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
NO_SUCH_OBJECT, END_OF_MIB = 0x80, 0x82
TIME_TICKS = 0x43
NO_SUCH_NAME, GEN_ERR, NOT_WRITABLE = 2, 5, 17
MAX_REPETITIONS = 32


@dataclass(frozen=True, slots=True)
class Value:
    """A variable's value, in its encoding."""

    encoded: bytes

    @classmethod
    def integer(cls, number: int) -> "Value":
        return cls(ber.integer(number))

    @classmethod
    def ticks(cls, hundredths: int) -> "Value":
        return cls(ber.integer(hundredths % 2**32, TIME_TICKS))

    @classmethod
    def text(cls, words: str) -> "Value":
        return cls(ber.octets(words.encode()))

    @classmethod
    def oid(cls, oid: Oid) -> "Value":
        return cls(ber.object_id(oid))


Objects = Mapping[Oid, Value]
Pair = tuple[Oid, bytes]


class Agent:
    """`refuses`: whether it just now answers everything with its general error."""

    def __init__(self, community: str, objects: Callable[[], Objects], refuses: Callable[[], bool]) -> None:
        self._community = community.encode()
        self._objects = objects
        self._refuses = refuses

    def replies(self, datagram: bytes) -> list[bytes]:
        try:
            answer = self._hear(datagram)
        except NotBer:
            return []
        return [answer] if answer else []

    def _hear(self, datagram: bytes) -> bytes | None:
        match ber.read_all(datagram):
            case (Element(ber.SEQUENCE) as message,) if len(message.parts) == 3:
                version, community, pdu = message.parts
            case _:
                return None
        if version.number not in (V1, V2C) or community != Element(ber.OCTETS, self._community):
            return None
        reply = self._carry_out(version.number, pdu)
        return reply and ber.write(ber.SEQUENCE, ber.integer(version.number), ber.octets(self._community), reply)

    def _carry_out(self, version: int, pdu: Element) -> bytes | None:
        known = (GET, GET_NEXT, SET) if version == V1 else (GET, GET_NEXT, SET, GET_BULK)
        if pdu.tag not in known or len(pdu.parts) != 4:
            return None
        request, first, second, bindings = pdu.parts
        asked = [binding.parts[0].oid for binding in bindings.parts if binding.parts]
        if pdu.tag == SET or self._refuses():
            not_writable = NO_SUCH_NAME if version == V1 else NOT_WRITABLE
            return _refusal(request, asked, not_writable if pdu.tag == SET else GEN_ERR, 1)
        found = self._found(pdu.tag, asked, max(0, first.number), min(MAX_REPETITIONS, max(0, second.number)))
        missing = [number for number, (_, value) in enumerate(found, 1) if value[0] in (NO_SUCH_OBJECT, END_OF_MIB)]
        if version == V1 and missing:
            return _refusal(request, asked, NO_SUCH_NAME, missing[0])
        return _response(request, found, 0, 0)

    def _found(self, tag: int, asked: list[Oid], non_repeaters: int, repetitions: int) -> list[Pair]:
        objects = self._objects()
        if tag == GET:
            return [(oid, objects[oid].encoded if oid in objects else ber.null(NO_SUCH_OBJECT)) for oid in asked]
        if tag == GET_NEXT:
            return [_next(objects, oid) for oid in asked]
        found, row = [_next(objects, oid) for oid in asked[:non_repeaters]], asked[non_repeaters:]
        for _ in range(repetitions):
            pairs = [_next(objects, oid) for oid in row]
            found, row = found + pairs, [oid for oid, _ in pairs]
        return found


def _next(objects: Objects, oid: Oid) -> Pair:
    ordered = sorted(objects)
    place = bisect_right(ordered, oid)
    if place == len(ordered):
        return oid, ber.null(END_OF_MIB)
    return ordered[place], objects[ordered[place]].encoded


def _refusal(request: Element, asked: list[Oid], status: int, index: int) -> bytes:
    """The question comes back as it was, with what is wrong with it."""
    return _response(request, [(oid, ber.null()) for oid in asked], status, index)


def _response(request: Element, pairs: list[Pair], status: int, index: int) -> bytes:
    bindings = [ber.write(ber.SEQUENCE, ber.object_id(oid), value) for oid, value in pairs]
    head = (ber.integer(request.number), ber.integer(status), ber.integer(index))
    return ber.write(RESPONSE, *head, ber.write(ber.SEQUENCE, *bindings))
