"""How a report's bytes stand in the journal: deflated, by a dictionary of what reports say over and over, and sealed.

Most of a report is the names of its metrics; without them a memory card is written to a third as much. The dictionary belongs to
the journal's version and never changes: what was packed with it could not be read with another. The seal is a checksum over the
bytes and the offset: a bit that turns over on a memory card must not become another reading.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from agent.core.entries import Entry, Kept, pack, unpack
from wire.errors import WireError

PLAIN, DEFLATED, SEALED, GATHERED = 1, 2, 3, 4
"""Versions of the journal's file."""
SINGLE = (PLAIN, DEFLATED, SEALED)
"""Those in which each report is packed by itself."""
_SEAL = 4
_HEAD, _SIZE = struct.Struct(">QQ"), struct.Struct(">I")

_MOST = 1024 * 1024
_WINDOW = -11
_WORDS = """Node Control/Properties/agent_version os hardware model firmware serial_number ups/replace_battery ups/runtime_s
ups/charge_pct ups/on_battery lamp/life_used_pct lamp/hours error/filter error/temp error/fan error/lamp tuner/service
tuner/frequency_khz signal/uncorrected_blocks signal/ber signal/strength_pct signal/strength_dbm signal/quality_pct signal/cnr_db
signal/lock host/undervoltage_seen host/undervoltage host/throttled host/clock_offset_s host/disk_life_used_pct
host/disk_used_pct agent/journal_backlog agent/rss_bytes net/rtt_ms net/internet host/uptime_s host/mem_used_pct host/load1
host/cpu_temp_c host/cpu_pct receiver projector -computer panel/hours error/code panel/temp_c hdmi1 input/source input/signal
power/on device/reachable"""
_DICTIONARY = "".join(f"\n{chr(len(word))}{word}" for word in _WORDS.split()).encode()


def deflated(body: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, _WINDOW, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    return packing.compress(body) + packing.flush()


def inflated(packed: bytes) -> bytes:
    """Raises WireError for what `deflated` did not make."""
    reading = zlib.decompressobj(_WINDOW, _DICTIONARY)
    try:
        body = reading.decompress(packed, _MOST)
    except zlib.error as error:
        raise WireError(str(error)) from None
    if not reading.eof or reading.unused_data:
        raise WireError("it does not end where it should")
    return body


def packed(version: int, offset: int, entry: Entry) -> bytes:
    """The body of a report in a file of this version."""
    body = pack(entry)
    if version == PLAIN:
        return body
    body = deflated(body)
    return body if version == DEFLATED else body + _seal(offset, body)


def unpacked(version: int, offset: int, body: bytes) -> Entry:
    """Raises WireError, ValueError or TypeError for what `packed` did not make."""
    if version == SEALED:
        body, seal = body[:-_SEAL], body[-_SEAL:]
        if seal != _seal(offset, body):
            raise WireError("its seal is broken")
    return unpack(body if version == PLAIN else inflated(body))


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that follow one another, and the cursors when they were kept."""

    kept: tuple[Kept, ...]
    acked: int
    published: int


def packed_group(kept: Sequence[Kept], acked: int, published: int) -> bytes:
    """Most of what is said on a beat is said of each device: together they take a third of what each takes by itself."""
    parts = [_HEAD.pack(acked, published)]
    for each in kept:
        body = pack(each.entry)
        parts += (_SIZE.pack(len(body)), body)
    body = deflated(b"".join(parts))
    return body + _seal(kept[0].offset, body)


def unpacked_group(offset: int, body: bytes) -> Group:
    """offset: of its first report. Raises WireError, ValueError or TypeError for what `packed_group` did not make."""
    body, seal = body[:-_SEAL], body[-_SEAL:]
    if seal != _seal(offset, body):
        raise WireError("its seal is broken")
    data = inflated(body)
    if len(data) < _HEAD.size + _SIZE.size:
        raise WireError("a group holds a report at least")
    acked, published = _HEAD.unpack_from(data)
    kept: list[Kept] = []
    at = _HEAD.size
    while at < len(data):
        size = int.from_bytes(data[at : at + _SIZE.size], "big")
        at += _SIZE.size + size
        if at > len(data):
            raise WireError("its last report is cut off")
        kept.append(Kept(offset + len(kept), unpack(data[at - size : at])))
    return Group(tuple(kept), acked, published)


def _seal(offset: int, body: bytes) -> bytes:
    return zlib.crc32(body, offset & 0xFFFFFFFF).to_bytes(_SEAL, "big")
