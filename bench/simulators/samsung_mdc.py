"""A Samsung commercial display with MDC, on RS-232 or on TCP (port 1515): the same frames on both.

    request  AA <command> <id> <length> <data> <sum>
    ack      AA FF <id> <length> 41 <command> <values> <sum>
    nak      AA FF <id> 03 4E <command> <error> <sum>

The sum is that of all bytes after AA, modulo 256; the length counts data only. A request without data asks. FE means all
sets: carried out, never answered. Source: MDC protocol v13.7c (excerpt). It is silent on a frame with a wrong sum (here: not
answered), on the NAK's codes (here: 01) and on what is answered in standby (here: power, status, identity and hours).
"""

from collections.abc import Callable
from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import Fault
from bench.frames import Frames
from bench.kinds import display
from bench.kinds.display import BACKLIGHT, FAN, HOT, INPUT, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnEither, Text32
from bench.simulator import Simulator, either
from bench.stations import Plug

HEADER, ACK_COMMAND, ALL, ACK, NAK, REFUSED = 0xAA, 0xFF, 0xFE, 0x41, 0x4E, 0x01
STATUS, POWER, SOURCE = 0x00, 0x11, 0x14
INPUTS = {
    "hdmi1": 0x21,
    "hdmi2": 0x23,
    "hdmi3": 0x31,
    "av": 0x0C,
    "component": 0x08,
    "pc": 0x14,
    "dvi": 0x18,
    "dp": 0x25,
}
NAMES = {code: name for name, code in INPUTS.items()}


class SamsungSettings(DisplaySettings, OnEither):
    faults: ClassVar[tuple[Fault, ...]] = (*DisplaySettings.faults, BACKLIGHT, FAN, HOT)

    set_id: Annotated[int, Field(ge=0, le=0xFD)] = 1
    software: Text32 = "S-BENCH-1001.2"
    fan: bool = True
    hours_bytes: Annotated[int, Field(ge=2, le=8)] = 4
    """How wide the panel-on time is: two bytes on old sets, more on new ones."""


Reading = Callable[[DisplayFacts, SamsungSettings], bytes]


def _status(tv: DisplayFacts, _settings: SamsungSettings) -> bytes:
    """Power, volume, mute, input, aspect and two zeros."""
    return bytes((tv.on, 20, 0, _source(tv), 0x31, 0, 0))


def _source(tv: DisplayFacts) -> int:
    return INPUTS.get(tv.input, INPUTS["hdmi1"])


def _health(tv: DisplayFacts, settings: SamsungSettings) -> bytes:
    """Lamp, temperature, brightness sensor (none here), no-sync, °C, fan."""
    fan = int(not tv.fan_ok) if settings.fan else 2
    return bytes((not tv.backlight_ok, not tv.temp_ok, 0, not tv.signal, round(tv.temp_c) & 0xFF, fan))


def _panel_on(tv: DisplayFacts, settings: SamsungSettings) -> bytes:
    """In units of ten minutes; a counter that is full stays full."""
    full = (1 << 8 * settings.hours_bytes) - 1
    return min(tv.on_minutes // 10, full).to_bytes(settings.hours_bytes, "big")


ALWAYS: dict[int, Reading] = {
    STATUS: _status,
    POWER: lambda tv, _: bytes((tv.on,)),
    0x0B: lambda _, settings: settings.serial_number.encode(),
    0x0E: lambda _, settings: settings.software.encode(),
    0x8A: lambda _, settings: settings.model.encode(),
    0x83: _panel_on,
    0xB5: lambda _, settings: bytes((settings.standby == "answers",)),
}
WHILE_ON: dict[int, Reading] = {
    0x0D: _health,
    0x12: lambda _tv, _: bytes((20,)),
    0x13: lambda _tv, _: bytes((0,)),
    SOURCE: lambda tv, _: bytes((_source(tv),)),
    0xF9: lambda _tv, _: bytes((0,)),
}


def framed(body: bytes) -> bytes:
    """With header and sum."""
    return bytes((HEADER,)) + body + bytes((sum(body) & 0xFF,))


def _cut(data: bytes) -> int:
    if data[0] != HEADER:
        return -1
    return 5 + data[3] if len(data) >= 4 else 0


class Mdc:
    """One set at the end of one line or connection."""

    def __init__(self, unit: Unit[SamsungSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._frames = Frames(unit, _cut)

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._hear(frame) for frame in self._frames.feed(data))

    def _hear(self, frame: bytes) -> bytes:
        command, set_id, data = frame[1], frame[2], frame[4:-1]
        if framed(frame[1:-1]) != frame or set_id not in (self._unit.settings.set_id, ALL):
            return b""
        values = None if self._unit.refuses else self._carry_out(command, data)
        answer = bytes((NAK, command, REFUSED)) if values is None else bytes((ACK, command)) + values
        return b"" if set_id == ALL else framed(bytes((ACK_COMMAND, self._unit.settings.set_id, len(answer))) + answer)

    def _carry_out(self, command: int, data: bytes) -> bytes | None:
        """The values to acknowledge with; None refuses."""
        tv = display.facts(self._unit)
        if data:
            return self._set(command, data, tv.on)
        reading = ALWAYS.get(command) or (WHILE_ON.get(command) if tv.on else None)
        return reading(tv, self._unit.settings) if reading else None

    def _set(self, command: int, data: bytes, on: bool) -> bytes | None:
        if command == POWER and data in (b"\x00", b"\x01"):
            self._unit.switch(data == b"\x01")
            return data
        if command == SOURCE and on and len(data) == 1 and data[0] in NAMES:
            self._unit.note(INPUT, NAMES[data[0]])
            return data
        return None


def _attach(unit: Unit[SamsungSettings]) -> tuple[Plug, ...]:
    return either(unit.settings, lambda: Mdc(unit))


SIMULATOR = Simulator("samsung-mdc", "Samsung MDC", SamsungSettings, _attach)
