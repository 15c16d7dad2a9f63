"""A DVB-S2 front end by DVB API 5: FE_GET_INFO, FE_READ_STATUS, FE_GET_PROPERTY, as linux/dvb/frontend.h (v5.11) lays them out.

    struct dtv_properties { __u32 num; struct dtv_property *props; }
    struct dtv_property   { __u32 cmd; __u32 reserved[3]; union u (56 bytes, 52 with pointers of 4); int result; }  packed
    union u, statistics   { __u8 len; struct { __u8 scale; __u64 or __s64 value; } stat[4]; }                       packed

A statistic that the driver does not have has scale 0. The error counters run from tuning on and only rise.
"""

import ctypes
import struct
from typing import Literal

from bench.faults import UNPLUGGED
from bench.kernel.files import IO_ERROR, NO_SUCH_CALL, UNPLUGGED_NOW, failure
from bench.kinds import receiver
from bench.kinds.receiver import ReceiverFacts, ReceiverSettings
from bench.levels import level_dbm
from bench.live import Unit

POINTER = ctypes.sizeof(ctypes.c_void_p)
FE_GET_INFO, FE_READ_STATUS = 0x80A86F3D, 0x80046F45
FE_GET_PROPERTY = 0x80106F53 if POINTER == 8 else 0x80086F53
PROPERTY = struct.Struct("=I12x56si" if POINTER == 8 else "=I12x52si")
FREQUENCY, API_VERSION = 3, 35
STRENGTH, CNR, PRE_ERRORS, PRE_BITS, POST_ERRORS, POST_BITS, ERROR_BLOCKS, BLOCKS = range(62, 70)
UNAVAILABLE, DECIBEL, RELATIVE, COUNTER = range(4)
CARRIER, FULL_LOCK = 0x03, 0x1F
BITS_A_SECOND, BLOCK_BITS = 45_000_000, 188 * 8
FULL_SCALE_DB = 20.0
Stat = tuple[int, int]


class DvbFrontend:
    """`scale`: whether the driver measures in dB, in shares of 65535, or not at all."""

    def __init__(
        self,
        unit: Unit[ReceiverSettings],
        scale: Literal["decibel", "relative", "none"] = "decibel",
        name: str = "Bench DVB-S2",
        frequency_khz: int = 12_355_000,
    ) -> None:
        self._unit, self._scale, self._name, self._frequency_khz = unit, scale, name, frequency_khz

    def ioctl(self, number: int, structure: bytearray) -> None:
        if UNPLUGGED in self._unit.ills or not self._unit.look().school.powered(self._unit.key):
            raise failure(UNPLUGGED_NOW)
        if self._unit.refuses:
            raise failure(IO_ERROR)
        box = receiver.facts(self._unit)
        if number == FE_GET_INFO:
            structure[:128] = self._name.encode().ljust(128, b"\0")
        elif number == FE_READ_STATUS:
            struct.pack_into("=I", structure, 0, FULL_LOCK if box.locked else CARRIER if box.level_pct else 0)
        elif number == FE_GET_PROPERTY:
            self._properties(structure, box)
        else:
            raise failure(NO_SUCH_CALL)

    def _properties(self, structure: bytearray, box: ReceiverFacts) -> None:
        count, address = struct.unpack("@IP", structure)
        for at in range(address, address + count * PROPERTY.size, PROPERTY.size):
            command, _, _ = PROPERTY.unpack(ctypes.string_at(at, PROPERTY.size))
            ctypes.memmove(at, PROPERTY.pack(command, self._value(command, box), 0), PROPERTY.size)

    def _value(self, command: int, box: ReceiverFacts) -> bytes:
        if STRENGTH <= command <= BLOCKS:
            return struct.pack("=BBq", 1, *self._stat(command, box))
        return struct.pack("=I", {FREQUENCY: self._frequency_khz, API_VERSION: 0x050B}.get(command, 0))

    def _stat(self, command: int, box: ReceiverFacts) -> Stat:
        if self._scale == "none":
            return UNAVAILABLE, 0
        if command == STRENGTH:
            return self._strength(box)
        if not box.locked:
            return UNAVAILABLE, 0
        if command == CNR:
            share = int(min(1.0, box.cnr_db / FULL_SCALE_DB) * 65_535)
            return (DECIBEL, round(box.cnr_db * 1000)) if self._scale == "decibel" else (RELATIVE, share)
        bits = box.uptime_s * BITS_A_SECOND
        counted = {PRE_BITS: bits, POST_BITS: bits, BLOCKS: bits // BLOCK_BITS, PRE_ERRORS: bits // 1_000_000}
        return COUNTER, counted.get(command, 0)

    def _strength(self, box: ReceiverFacts) -> Stat:
        if not box.level_pct:
            return UNAVAILABLE, 0
        if self._scale == "decibel":
            return DECIBEL, round(level_dbm(box.level_pct) * 1000)
        return RELATIVE, box.level_pct * 65_535 // 100
