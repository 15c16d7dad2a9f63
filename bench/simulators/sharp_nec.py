"""A Sharp/NEC display with the external control of NEC's manuals, on RS-232 or TCP (port 7142).

    01 30 <to> <from> <type> <length> 02 <message> 03 <check> 0D

The length is that of 02 <message> 03, as two hexadecimal digits; the check is the XOR of everything after 01 up to 03. Types:
A command, C get, E set, and their answers B, D, F. All numbers are upper-case hexadecimal text. `BE` as an answer means
"nothing to say": busy, or not known. Sources: NEC LCD8205 and V422 manuals. They are silent on a wrong check (here: not
answered) and on standby (here: power, diagnosis and identity are told, the rest gets the empty message).
"""

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bench.faults import Fault
from bench.frames import Frames
from bench.kinds import display
from bench.kinds.display import BACKLIGHT, FAN, HOT, INPUT, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnEither
from bench.simulator import Simulator, either
from bench.stations import Plug

FRONT, BACK = 7, 2
NULL = "BE"
UNSUPPORTED = "01"
SELECT_SENSOR, SENSOR, SELECT_FAN, FAN_STATUS = "0278", "0279", "027A", "027B"
ANSWERS = {"A": "B", "C": "D", "E": "F"}
INPUTS = {"hdmi1": 0x11, "hdmi2": 0x12, "av": 0x05, "vga": 0x01, "dvi": 0x03, "dp": 0x0F, "option": 0x0D}
NAMES = {code: name for name, code in INPUTS.items()}


class SharpNecSettings(DisplaySettings, OnEither):
    faults: ClassVar[tuple[Fault, ...]] = (*DisplaySettings.faults, BACKLIGHT, FAN, HOT)

    set_id: Annotated[int, Field(ge=1, le=26)] = 1
    sensors: Annotated[int, Field(ge=0, le=4)] = 3
    fans: Annotated[int, Field(ge=0, le=4)] = 2
    temp_steps: Literal[1, 2] = 2
    """Steps to a degree: NEC's own sets count half degrees, clones of the frame whole ones."""
    long_hours: bool = True
    """Whether it has the newer counters of minutes besides those of half hours."""


Reading = Callable[[DisplayFacts, SharpNecSettings], tuple[int, int]]
"""Greatest and current value."""

# The newer counters: minutes in two halves, operation and total; then the older ones of half hours.
COUNTERS: dict[str, Callable[[int], int]] = {
    "11FE": lambda minutes: minutes >> 16,
    "11FF": lambda minutes: minutes & 0xFFFF,
    "11FA": lambda minutes: minutes >> 16,
    "11FB": lambda minutes: minutes & 0xFFFF,
    "00FF": lambda minutes: min(minutes // 30, 0xFFFF),
    "00FA": lambda minutes: min(minutes // 30, 0xFFFF),
}


def _diagnosis(tv: DisplayFacts) -> str:
    wrong = {"80": not tv.fan_ok, "90": not tv.backlight_ok, "A1": not tv.temp_ok, "B0": tv.on and not tv.signal}
    return "".join(code for code, so in wrong.items() if so) or "00"


def framed(receiver: str, sender: str, kind: str, message: str) -> bytes:
    body = f"0{receiver}{sender}{kind}{len(message) + 2:02X}\x02{message}\x03".encode("latin-1")
    return b"\x01" + body + bytes((reduce(xor, body), 0x0D))


def _cut(data: bytes) -> int:
    if data[0] != 0x01:
        return -1
    if len(data) < FRONT:
        return 0
    try:
        return FRONT + int(data[5:7], 16) + BACK
    except ValueError:
        return -1


class SharpNec:
    def __init__(self, unit: Unit[SharpNecSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._settings = unit.settings
        self._frames = Frames(unit, _cut)
        self._own = chr(0x40 + unit.settings.set_id)

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._hear(frame) for frame in self._frames.feed(data))

    def _hear(self, frame: bytes) -> bytes:
        receiver, sender, kind = (chr(sign) for sign in frame[2:5])
        message = frame[8:-3].decode("latin-1")
        if receiver != self._own or kind not in ANSWERS or framed(receiver, sender, kind, message) != frame:
            return b""
        answer = None if self._unit.refuses else self._carry_out(kind, message)
        if answer is None:
            return framed(sender, self._own, "B", NULL)
        return framed(sender, self._own, ANSWERS[kind], answer)

    def _carry_out(self, kind: str, message: str) -> str | None:
        tv = display.facts(self._unit)
        if kind == "A":
            return self._command(message, tv)
        if not tv.on:
            return None
        code, value = message[:4], message[4:]
        return self._get(code, tv) if kind == "C" else self._set(code, value)

    def _command(self, message: str, tv: DisplayFacts) -> str | None:
        if message in ("C203D60001", "C203D60004"):
            self._unit.switch(message.endswith("1"))
            return f"00{message}"
        told = {
            "01D6": f"0200D6000004{'0001' if tv.on else '0004'}",
            "B1": f"A1{_diagnosis(tv)}",
            "C216": f"C316{_text(self._settings.serial_number)}",
            "C217": f"C317{_text(self._settings.model)}",
        }
        return told.get(message)

    def _get(self, code: str, tv: DisplayFacts) -> str:
        greatest, current = self._value(code, tv) or (None, 0)
        if greatest is None:
            return f"{UNSUPPORTED}{code}0000000000"
        return f"00{code}00{greatest:04X}{current & 0xFFFF:04X}"

    def _value(self, code: str, tv: DisplayFacts) -> tuple[int, int] | None:
        settings = self._settings
        if code in COUNTERS and (settings.long_hours or code.startswith("00")):
            return 0xFFFF, COUNTERS[code](tv.on_minutes)
        values = {
            "0060": (0xFFFF, INPUTS.get(tv.input, INPUTS["hdmi1"])),
            SELECT_SENSOR: (settings.sensors, self._chosen(SELECT_SENSOR)),
            SENSOR: (0xFFFF, self._temperature(tv)),
            SELECT_FAN: (settings.fans, self._chosen(SELECT_FAN)),
            FAN_STATUS: (0xFFFF, 1 if tv.fan_ok or self._chosen(SELECT_FAN) != 1 else 2),
        }
        absent = {SENSOR, SELECT_SENSOR} if not settings.sensors else set()
        absent |= {FAN_STATUS, SELECT_FAN} if not settings.fans else set()
        return None if code in absent else values.get(code)

    def _set(self, code: str, value: str) -> str:
        wanted = int(value, 16) if len(value) == 4 and all(sign in "0123456789ABCDEF" for sign in value) else -1
        limit = {SELECT_SENSOR: self._settings.sensors, SELECT_FAN: self._settings.fans}.get(code, 0)
        if 1 <= wanted <= limit:
            self._unit.note(code, str(wanted))
        elif code == "0060" and wanted in NAMES:
            self._unit.note(INPUT, NAMES[wanted])
        else:
            return f"{UNSUPPORTED}{code}0000000000"
        return self._get(code, display.facts(self._unit))

    def _chosen(self, code: str) -> int:
        return int(self._unit.noted(code, "1"))

    def _temperature(self, tv: DisplayFacts) -> int:
        """Two's complement; each further sensor sits where it is a little warmer."""
        return round((tv.temp_c + self._chosen(SELECT_SENSOR) - 1) * self._settings.temp_steps)


def _text(text: str) -> str:
    return f"{text.encode().hex().upper()}00"


def _attach(unit: Unit[SharpNecSettings]) -> tuple[Plug, ...]:
    return either(unit.settings, lambda: SharpNec(unit))


SIMULATOR = Simulator("sharp-nec", "Sharp/NEC external control", SharpNecSettings, _attach)
