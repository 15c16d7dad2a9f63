"""A Philips signage display with SICP 1.9x or 2.x, on RS-232 or TCP (port 5000).

    <size> <monitor id> <group> <command> <parameters> <xor>

The size counts everything (3 to 40), the last byte is the XOR of all before it. A question is answered under its own
command; what only does something, or cannot be, by command 00 with 06 (done), 15 (damaged) or 18 (valid, not available).
Source: SICP guide for the FHD552 (excerpt), captured strings. It is silent on standby: power and identity are told here, the
rest is "not available". An answer's group is 01 although 00 was asked, as captured. Monitor 00 means all: never answered.
"""

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import Fault
from bench.frames import Frames
from bench.kinds import display
from bench.kinds.display import HOT, INPUT, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnEither, Text32
from bench.simulator import Simulator, either
from bench.stations import Plug

ALL, REPORT = 0x00, 0x00
DONE, DAMAGED, NOT_AVAILABLE = 0x06, 0x15, 0x18
SMALLEST, LARGEST, HEADER = 3, 40, 4
SENSOR_ABSENT = 0xFF
INPUTS = {"hdmi1": 0x0D, "hdmi2": 0x06, "hdmi3": 0x0F, "vga": 0x05, "dvi": 0x0E, "dp": 0x0A, "ops": 0x0B, "av": 0x01}
NAMES = {code: name for name, code in INPUTS.items()}


class PhilipsSettings(DisplaySettings, OnEither):
    faults: ClassVar[tuple[Fault, ...]] = (*DisplaySettings.faults, HOT)

    set_id: Annotated[int, Field(ge=1, le=0xFF)] = 1
    group: Annotated[int, Field(ge=0, le=0xFF)] = 1
    sensors: Annotated[int, Field(ge=1, le=2)] = 2
    software: Text32 = "BENCH 1.08"
    sicp: Text32 = "SICP V2.03"


Reading = Callable[[DisplayFacts, PhilipsSettings], bytes]


def _temperature(tv: DisplayFacts, settings: PhilipsSettings) -> bytes:
    """One byte a sensor; the second one sits where it is a little warmer."""
    first = round(tv.temp_c) & 0xFF
    return bytes((first, first + 2 if settings.sensors > 1 else SENSOR_ABSENT))


def _serial(_tv: DisplayFacts, settings: PhilipsSettings) -> bytes:
    return settings.serial_number.encode().ljust(14)[:14]


# Command and its parameters; what asks for identity is told in standby as well.
ALWAYS: dict[bytes, Reading] = {
    b"\x19": lambda tv, _: bytes((2 if tv.on else 1,)),
    b"\x15": _serial,
    b"\xa1\x00": lambda _, settings: settings.model.encode(),
    b"\xa1\x01": lambda _, settings: settings.software.encode(),
    b"\xa2\x00": lambda _, settings: settings.sicp.encode(),
}
WHILE_ON: dict[bytes, Reading] = {
    b"\x2f": _temperature,
    b"\xad": lambda tv, _: bytes((INPUTS.get(tv.input, INPUTS["hdmi1"]), 0, 0, 0)),
    b"\x59": lambda tv, _: bytes((tv.signal,)),
}


def framed(body: bytes) -> bytes:
    """With size in front and checksum behind."""
    whole = bytes((len(body) + 2,)) + body
    return whole + bytes((reduce(xor, whole),))


def _cut(data: bytes) -> int:
    return data[0] if SMALLEST <= data[0] <= LARGEST else -1


class Sicp:
    def __init__(self, unit: Unit[PhilipsSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._frames = Frames(unit, _cut)

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._hear(frame) for frame in self._frames.feed(data))

    def _hear(self, frame: bytes) -> bytes:
        settings = self._unit.settings
        if framed(frame[1:-1]) != frame or len(frame) <= HEADER:
            return self._said(REPORT, bytes((DAMAGED,)))
        if frame[1] not in (settings.set_id, ALL):
            return b""
        command, parameters = frame[3], frame[4:-1]
        answer = self._carry_out(command, parameters)
        return b"" if frame[1] == ALL else answer

    def _carry_out(self, command: int, parameters: bytes) -> bytes:
        tv, settings = display.facts(self._unit), self._unit.settings
        asked = bytes((command,)) + parameters
        reading = ALWAYS.get(asked) or (WHILE_ON.get(asked) if tv.on else None)
        if self._unit.refuses:
            return self._said(REPORT, bytes((NOT_AVAILABLE,)))
        if reading:
            return self._said(command, reading(tv, settings)[: LARGEST - HEADER - 1])
        return self._said(REPORT, bytes((DONE if self._set(command, parameters, tv.on) else NOT_AVAILABLE,)))

    def _set(self, command: int, parameters: bytes, on: bool) -> bool:
        if command == 0x18 and parameters in (b"\x01", b"\x02"):
            self._unit.switch(parameters == b"\x02")
            return True
        if command == 0xAC and on and parameters and parameters[0] in NAMES:
            self._unit.note(INPUT, NAMES[parameters[0]])
            return True
        return False

    def _said(self, command: int, data: bytes) -> bytes:
        return framed(bytes((self._unit.settings.set_id, self._unit.settings.group, command)) + data)


def _attach(unit: Unit[PhilipsSettings]) -> tuple[Plug, ...]:
    return either(unit.settings, lambda: Sicp(unit))


SIMULATOR = Simulator("philips-sicp", "Philips SICP", PhilipsSettings, _attach)
