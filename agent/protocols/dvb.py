"""The statistics of a Linux DVB front end: the structures of DVB API 5 (linux/dvb/frontend.h), in 64- and 32-bit layout.

The DVB adapter makes the system calls: it is sent what is wanted and answers with the structures as the kernel filled them.
Requests are `stats` and `info`. A front end is only read; where nobody has tuned it, there is no lock to tell of.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import BadReply, LinkLost
from agent.protocols.codec import Codec, Dialogue, Peer, silent
from firmware_profiles.links import DvbProtocol

STATUS, PROPERTIES, INFO = 0, 1, 2
"""What the adapter is asked for: a number, for PROPERTIES followed by the commands; answered by a size byte and structures."""

FREQUENCY, STRENGTH, CNR, ERROR_BITS, TOTAL_BITS, ERROR_BLOCKS = 3, 62, 63, 66, 67, 68
COMMANDS = (FREQUENCY, STRENGTH, CNR, ERROR_BITS, TOTAL_BITS, ERROR_BLOCKS)
STATUS_SIZE, NAME_SIZE = 4, 128
SIZES = {8: 76, 4: 72}
"""Bytes of one dtv_property, by bytes of a pointer."""

HAS_LOCK = 0x10
DECIBEL, RELATIVE, COUNTER = 1, 2, 3
FULL = 65535
_UNION_AT = 16
_STAT = struct.Struct("=BQ")
_SIGNED = struct.Struct("=Bq")


@dataclass(frozen=True, slots=True)
class Stat:
    """Of the whole carrier. scale: what the value is counted in."""

    scale: int
    value: int


def codec(_protocol: DvbProtocol, _peer: Peer) -> Codec:
    return Dvb()


class Dvb:
    """Error rates are those between two readings, so the counters of the last one are kept."""

    def __init__(self) -> None:
        self._bits: tuple[int, int] | None = None

    def greet(self) -> Dialogue[None]:
        return silent()

    def ask(self, request: str) -> Dialogue[Mapping[str, object]]:
        if request == "info":
            name = yield from _answer(struct.pack("=I", INFO), NAME_SIZE)
            return {"name": name.split(b"\0")[0].decode("utf-8", "replace")}
        if request != "stats":
            raise BadReply(f"{request!r} is no request of this protocol; write stats or info")
        (status,) = struct.unpack("=I", (yield from _answer(struct.pack("=I", STATUS), STATUS_SIZE)))
        properties = yield from _properties()
        return self._facts(status, properties)

    def _facts(self, status: int, properties: Mapping[int, bytes]) -> dict[str, object]:
        (frequency,) = struct.unpack_from("=I", properties[FREQUENCY], _UNION_AT)
        stats = {command: _stat(raw) for command, raw in properties.items() if command != FREQUENCY}
        facts: dict[str, object] = {"lock": bool(status & HAS_LOCK)} if frequency else {}
        facts |= _level("strength_dbm", "strength_pct", stats[STRENGTH])
        facts |= _level("cnr_db", "cnr_pct", stats[CNR])
        blocks = _counted(stats[ERROR_BLOCKS])
        if blocks is not None:
            facts["uncorrected_blocks"] = blocks
        rate = self._rate(_counted(stats[ERROR_BITS]), _counted(stats[TOTAL_BITS]))
        if rate is not None:
            facts["ber"] = rate
        return facts

    def _rate(self, errors: int | None, total: int | None) -> float | None:
        """Since the last reading; counters that went back began anew with another tuning."""
        before, self._bits = self._bits, None if errors is None or total is None else (errors, total)
        if before is None or self._bits is None:
            return None
        wrong, all_bits = self._bits[0] - before[0], self._bits[1] - before[1]
        return wrong / all_bits if all_bits > 0 and 0 <= wrong <= all_bits else None


def _answer(request: bytes, size: int) -> Dialogue[bytes]:
    """The structure of this size that the adapter answers."""
    whole = yield from _whole(request, size + 1)
    if whole[0] != size:
        raise BadReply(f"a structure of {whole[0]} bytes where {size} were to come")
    return whole[1:]


def _properties() -> Dialogue[dict[int, bytes]]:
    request = struct.pack(f"={1 + len(COMMANDS)}I", PROPERTIES, *COMMANDS)
    received = yield request
    if not received or received[0] not in SIZES.values():
        raise BadReply("the front end answers no structure that DVB API 5 has")
    size = received[0]
    whole = yield from _more(bytearray(received), 1 + size * len(COMMANDS))
    raw = [whole[1 + at * size : 1 + (at + 1) * size] for at in range(len(COMMANDS))]
    if [struct.unpack_from("=I", one)[0] for one in raw] != list(COMMANDS):
        raise BadReply("the front end answers other properties than were asked for")
    return dict(zip(COMMANDS, raw, strict=True))


def _whole(request: bytes, size: int) -> Dialogue[bytes]:
    return (yield from _more(bytearray((yield request)), size))


def _more(pending: bytearray, size: int) -> Dialogue[bytes]:
    while len(pending) < size:
        received = yield b""
        if not received:
            raise LinkLost("the front end went away")
        pending += received
    if len(pending) > size:
        raise BadReply("the front end answers more than was asked for")
    return bytes(pending)


def _stat(raw: bytes) -> Stat | None:
    """The first of a property's statistics; None where the driver has none."""
    if not raw[_UNION_AT]:
        return None
    scale, _ = _STAT.unpack_from(raw, _UNION_AT + 1)
    shape = _SIGNED if scale == DECIBEL else _STAT
    return Stat(scale, shape.unpack_from(raw, _UNION_AT + 1)[1])


def _level(decibel: str, percent: str, stat: Stat | None) -> dict[str, object]:
    if stat is not None and stat.scale == DECIBEL:
        return {decibel: stat.value / 1000}
    if stat is not None and stat.scale == RELATIVE and stat.value <= FULL:
        return {percent: stat.value * 100 / FULL}
    return {}


def _counted(stat: Stat | None) -> int | None:
    return stat.value if stat is not None and stat.scale == COUNTER else None
