"""An LG commercial set on RS-232C, as its manuals describe it: bytes in, answers out. It hangs on a
serial line, or on TCP as network-ready sets do (port 9761 there).

    request  <c1><c2> SP <set id> SP <data>[ SP <data>] CR
    ack      <c2> SP <set id> SP OK<data>x
    nack     <c2> SP <set id> SP NG<data>x      01 illegal code, 02 not supported, 03 wait more time

The reply's first letter is the second command letter: `sv` and `fv` both answer with `v`. In standby this set answers to
`ka` alone and refuses everything else; a frame for set 00 (all sets) is carried out and never answered.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import Fault
from bench.kinds import display
from bench.kinds.display import BACKLIGHT, HOT, INPUT, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnEither
from bench.simulator import Simulator, either
from bench.stations import Plug

MAX_LINE = 64
BROADCAST = "00"
ILLEGAL, UNSUPPORTED, WAIT = "NG01", "NG02", "NG03"
FRAME = re.compile(rb"([a-z])([a-z]) ([0-9a-f]{2,3})((?: [0-9a-f]{2})+)", re.IGNORECASE)
INPUTS = {
    "20": "av", "40": "component", "60": "rgb", "90": "hdmi1", "91": "hdmi2", "92": "hdmi3",
    "98": "ops", "a0": "hdmi1-pc", "a1": "hdmi2-pc", "a2": "hdmi3-pc", "c0": "dp",
}  # fmt: skip
CODES = {name: code for code, name in INPUTS.items()}


class LgSettings(DisplaySettings, OnEither):
    faults: ClassVar[tuple[Fault, ...]] = (*DisplaySettings.faults, BACKLIGHT, HOT)

    set_id: Annotated[str, Field(pattern=r"^[0-9a-f]{2,3}$")] = "01"
    software: Annotated[str, Field(pattern=r"^[0-9]{6}$")] = "041350"


@dataclass(frozen=True, slots=True)
class Frame:
    command: str
    set_id: str
    data: tuple[str, ...]

    @classmethod
    def parse(cls, line: bytes) -> "Frame | None":
        found = FRAME.fullmatch(line)
        if found is None:
            return None
        first, second, set_id, data = (group.decode().lower() for group in found.groups())
        return cls(first + second, set_id, tuple(data.split()))


def _hex_text(text: str) -> str:
    return text.encode("ascii").hex()


def _temperature(tv: DisplayFacts, _settings: LgSettings) -> str:
    return f"{round(tv.temp_c) & 0xFF:02x}"


READINGS: dict[tuple[str, ...], Callable[[DisplayFacts, LgSettings], str]] = {
    ("xb", "ff"): lambda tv, _: CODES.get(tv.input, "90"),
    ("dn", "ff"): _temperature,
    ("dl", "ff"): lambda tv, _: f"{tv.hours:04x}",
    ("dp", "ff"): lambda tv, _: "1" if tv.backlight_ok else "0",
    ("sv", "02", "ff"): lambda tv, _: f"02{int(tv.signal):02x}",
    ("sv", "03", "ff"): lambda _tv, _: "0300",
    ("fv", "ff"): lambda _tv, settings: _hex_text(settings.model),
    ("fz", "ff"): lambda _tv, settings: settings.software,
    ("fy", "ff"): lambda _tv, settings: settings.serial_number,
}
COMMANDS = frozenset(key[0] for key in READINGS) | {"ka"}


class LgTv:
    """One set on one line. It is fed whatever bytes arrive and gives back what it answers."""

    def __init__(self, unit: Unit[LgSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._pending = b""

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        *lines, rest = (self._pending + data).replace(b"\n", b"").split(b"\r")
        # A line that never ends is noise; a real set forgets it as well.
        self._pending = rest if len(rest) <= MAX_LINE else b""
        return b"".join(self._hear(line) for line in lines)

    def _hear(self, line: bytes) -> bytes:
        frame = Frame.parse(line)
        if frame is None or frame.set_id not in (self._unit.settings.set_id, BROADCAST):
            return b""
        reply = f"{frame.command[1]} {frame.set_id} {self._carry_out(frame)}x".encode()
        return b"" if frame.set_id == BROADCAST else reply

    def _carry_out(self, frame: Frame) -> str:
        tv = display.facts(self._unit)
        if self._unit.refuses:
            return UNSUPPORTED
        if frame.command == "ka":
            return self._power(frame.data, tv)
        if not tv.on:
            return WAIT
        if frame.command == "xb" and frame.data[-1] in INPUTS:
            self._unit.note(INPUT, INPUTS[frame.data[-1]])
            return f"OK{frame.data[-1]}"
        reading = READINGS.get((frame.command, *frame.data))
        if reading is not None:
            return f"OK{reading(tv, self._unit.settings)}"
        return ILLEGAL if frame.command in COMMANDS else UNSUPPORTED

    def _power(self, data: tuple[str, ...], tv: DisplayFacts) -> str:
        if data == ("ff",):
            return f"OK{int(tv.on):02x}"
        if data not in (("00",), ("01",)):
            return ILLEGAL
        self._unit.switch(data == ("01",))
        return f"OK{data[0]}"


def _attach(unit: Unit[LgSettings]) -> tuple[Plug, ...]:
    return either(unit.settings, lambda: LgTv(unit))


SIMULATOR = Simulator("lg-rs232", "LG RS-232C", LgSettings, _attach)
