"""An LG commercial set on RS-232C, as its manuals describe it: bytes in, answers out. The serial line itself is serial_line.py.

    request  <c1><c2> SP <set id> SP <data>[ SP <data>] CR
    ack      <c2> SP <set id> SP OK<data>x
    nack     <c2> SP <set id> SP NG<data>x      01 illegal code, 02 not supported, 03 wait more time

The reply's first letter is the second command letter: `sv` and `fv` both answer with `v`. In standby this set answers to
`ka` alone and refuses everything else; a frame for set 00 (all sets) is carried out and never answered.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.facts import Line, Thing, TvFacts
from bench.live import LiveRoom
from bench.settings import TvSettings
from bench.stations import Answer

MAX_LINE = 64
BROADCAST = "00"
ILLEGAL, UNSUPPORTED, WAIT = "NG01", "NG02", "NG03"
FRAME = re.compile(rb"([a-z])([a-z]) ([0-9a-f]{2,3})((?: [0-9a-f]{2})+)", re.IGNORECASE)
INPUTS = frozenset({"20", "40", "60", "90", "91", "92", "98", "a0", "a1", "a2", "c0"})


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


def _temperature(tv: TvFacts, _settings: TvSettings) -> str:
    return f"{round(tv.temp_c) & 0xFF:02x}"


READINGS: dict[tuple[str, ...], Callable[[TvFacts, TvSettings], str]] = {
    ("xb", "ff"): lambda tv, _: tv.input,
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
    """One set on one line. It is fed whatever bytes arrive and gives back what it answers, and how late."""

    def __init__(self, settings: TvSettings, live: LiveRoom, noise: random.Random) -> None:
        self._settings = settings
        self._live = live
        self._noise = noise
        self._pending = b""

    def feed(self, data: bytes) -> list[Answer]:
        *lines, rest = (self._pending + data).replace(b"\n", b"").split(b"\r")
        # A line that never ends is noise; a real set forgets it as well.
        self._pending = rest if len(rest) <= MAX_LINE else b""
        return [answer for line in lines if (answer := self._hear(line))]

    def _hear(self, line: bytes) -> Answer | None:
        tv = self._live.look().tv
        frame = Frame.parse(line)
        if frame is None or tv.line is Line.SILENT or frame.set_id not in (self._settings.set_id, BROADCAST):
            return None
        reply = f"{frame.command[1]} {frame.set_id} {self._carry_out(frame, tv)}x".encode()
        if frame.set_id == BROADCAST:
            return None
        if tv.line is Line.GARBAGE:
            return Answer(self._noise.randbytes(len(reply)))
        return Answer(reply, self._settings.slow_s if tv.line is Line.SLOW else 0.0)

    def _carry_out(self, frame: Frame, tv: TvFacts) -> str:
        if frame.command == "ka":
            return self._power(frame.data, tv)
        if not tv.on:
            return WAIT
        if frame.command == "xb" and frame.data[-1] in INPUTS:
            self._live.change(lambda room, _now: room.with_tv_input(frame.data[-1]))
            return f"OK{frame.data[-1]}"
        reading = READINGS.get((frame.command, *frame.data))
        if reading is not None:
            return f"OK{reading(tv, self._settings)}"
        return ILLEGAL if frame.command in COMMANDS else UNSUPPORTED

    def _power(self, data: tuple[str, ...], tv: TvFacts) -> str:
        if data == ("ff",):
            return f"OK{int(tv.on):02x}"
        if data not in (("00",), ("01",)):
            return ILLEGAL
        on = data == ("01",)
        self._live.change(lambda room, now: room.switched(Thing.TV, on, now))
        return f"OK{data[0]}"
