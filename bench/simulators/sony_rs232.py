"""A Sony display on RS-232C.

    enquiry  83 <category> <function> FF FF <sum>         answer  70 00 <length> <data> <sum>
    control  8C <category> <function> <length> <data> <sum>       70 00 70

The length counts data and sum; the sum is that of all bytes before it, modulo 256. 70 03 73 cancels (also what is not
accepted in standby, where only the power is), 70 04 74 says that the sum was wrong. Professional panels (FWD) have category
30 for model, serial number, operation time in seconds and the reasons of shutdowns, and say E0 00 E0 to what they lack there.
Sources: pro-bravia.sony.net, rs-232c; FWD-S47H1 manual. The text of a model's name in category 30 is not told: plain ASCII here.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import Fault
from bench.frames import Frames
from bench.kinds import display
from bench.kinds.display import FAN, HOT, INPUT, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnLine
from bench.simulator import Simulator
from bench.stations import Plug, SerialPlug

ENQUIRY, CONTROL, ANSWER, SERVICE_ERROR = 0x83, 0x8C, 0x70, 0xE0
DONE, CANCELLED, WRONG_SUM, NO_FUNCTION = 0x00, 0x03, 0x04, 0x00
ASK = b"\xff\xff"
POWER, SOURCE = (0x00, 0x00), (0x00, 0x02)
SERVICE = 0x30
FAN_BIT, TEMP_BIT = 1 << 1, 1 << 3
# Connector and number.
INPUTS = {"hdmi1": b"\x04\x01", "hdmi2": b"\x04\x02", "hdmi3": b"\x04\x03", "av": b"\x02\x01", "component": b"\x03\x01"}
NAMES = {code: name for name, code in INPUTS.items()}


class SonyRs232Settings(DisplaySettings, OnLine):
    faults: ClassVar[tuple[Fault, ...]] = (*DisplaySettings.faults, FAN, HOT)

    professional: bool = False
    unit_number: Annotated[int, Field(ge=0, le=9_999_999)] = 1_234_567
    """The serial number of a professional panel."""


def summed(body: bytes) -> bytes:
    return body + bytes((sum(body) & 0xFF,))


def _cut(data: bytes) -> int:
    if data[0] == ENQUIRY:
        return 6
    if data[0] != CONTROL:
        return -1
    return 4 + data[3] if len(data) >= 4 else 0


class SonyRs232:
    def __init__(self, unit: Unit[SonyRs232Settings]) -> None:
        self.ended = False
        self._unit = unit
        self._frames = Frames(unit, _cut)

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._hear(frame) for frame in self._frames.feed(data))

    def _hear(self, frame: bytes) -> bytes:
        if summed(frame[:-1]) != frame:
            return summed(bytes((ANSWER, WRONG_SUM)))
        function = (frame[1], frame[2])
        if self._unit.refuses or (not self._on and function != POWER):
            return summed(bytes((ANSWER, CANCELLED)))
        if frame[0] == CONTROL:
            done = self._set(function, frame[4:-1])
            return summed(bytes((ANSWER, DONE if done else CANCELLED)))
        return self._tell(function) if frame[3:5] == ASK else summed(bytes((ANSWER, CANCELLED)))

    @property
    def _on(self) -> bool:
        return display.facts(self._unit).on

    def _tell(self, function: tuple[int, int]) -> bytes:
        tv, settings = display.facts(self._unit), self._unit.settings
        if function[0] == SERVICE:
            told = self._service(function[1], tv) if settings.professional else None
            missing = bytes((SERVICE_ERROR, NO_FUNCTION))
        else:
            told = {POWER: bytes((tv.on,)), SOURCE: INPUTS.get(tv.input, INPUTS["hdmi1"])}.get(function)
            missing = bytes((ANSWER, CANCELLED))
        return summed(missing if told is None else bytes((ANSWER, DONE, len(told) + 1)) + told)

    def _service(self, function: int, tv: DisplayFacts) -> bytes | None:
        settings = self._unit.settings
        log = FAN_BIT * (not tv.fan_ok) | TEMP_BIT * (not tv.temp_ok)
        return {
            0x00: settings.model.encode(),
            0x01: settings.unit_number.to_bytes(4, "big"),
            0x02: (tv.on_minutes * 60 & 0xFFFFFFFF).to_bytes(4, "big"),
            0x11: bytes((log,)),
        }.get(function)

    def _set(self, function: tuple[int, int], data: bytes) -> bool:
        if function == POWER and data in (b"\x00", b"\x01"):
            self._unit.switch(data == b"\x01")
            return True
        if function == SOURCE and data in NAMES:
            self._unit.note(INPUT, NAMES[data])
            return True
        return False


def _attach(unit: Unit[SonyRs232Settings]) -> tuple[Plug, ...]:
    return (SerialPlug(unit.settings.line or unit.key, lambda: SonyRs232(unit)),)


SIMULATOR = Simulator("sony-rs232", "Sony RS-232C", SonyRs232Settings, _attach)
