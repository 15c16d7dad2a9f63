"""A Philips display with the other framing, on RS-232 or TCP (port 5000).

    request  A6 <id> 00 00 00 <length> 01 <command> <data> <xor>
    reply    21 <id> 00 00 <length> 01 <command> <data> <xor>

The length counts from the 01 to the end; the last byte is the XOR of all before it. Command 00 in a reply is a status: 00
done, 03 cancelled, 04 not understood. Source: client code only; commands and values are taken to be those of the first
framing, and what that one calls "not available" is "cancelled" here.
"""

from functools import reduce
from operator import xor

from bench.frames import Frames
from bench.kinds import display
from bench.kinds.display import INPUT
from bench.live import Unit
from bench.simulator import Simulator, either
from bench.simulators.philips_sicp import ALWAYS, NAMES, WHILE_ON, PhilipsSettings
from bench.stations import Plug

REQUEST, REPLY, MARK = 0xA6, 0x21, 0x01
DONE, CANCELLED, NOT_UNDERSTOOD = 0x00, 0x03, 0x04
HEAD = 6
"""What stands before the 01 of a request."""


def checked(body: bytes) -> bytes:
    return body + bytes((reduce(xor, body),))


def _cut(data: bytes) -> int:
    if data[0] != REQUEST:
        return -1
    if len(data) < HEAD:
        return 0
    return HEAD + data[5] if data[5] >= 3 else -1


class SicpB:
    def __init__(self, unit: Unit[PhilipsSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._frames = Frames(unit, _cut)

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._hear(frame) for frame in self._frames.feed(data))

    def _hear(self, frame: bytes) -> bytes:
        if frame[1] != self._unit.settings.set_id:
            return b""
        if checked(frame[:-1]) != frame or frame[HEAD] != MARK:
            return self._said(0, bytes((NOT_UNDERSTOOD,)))
        return self._carry_out(frame[7], frame[8:-1])

    def _carry_out(self, command: int, data: bytes) -> bytes:
        tv, asked = display.facts(self._unit), bytes((command,)) + data
        reading = ALWAYS.get(asked) or (WHILE_ON.get(asked) if tv.on else None)
        if self._unit.refuses:
            return self._said(0, bytes((CANCELLED,)))
        if reading:
            return self._said(command, reading(tv, self._unit.settings))
        return self._said(0, bytes((DONE if self._set(command, data, tv.on) else CANCELLED,)))

    def _set(self, command: int, data: bytes, on: bool) -> bool:
        if command == 0x18 and data in (b"\x01", b"\x02"):
            self._unit.switch(data == b"\x02")
            return True
        if command == 0xAC and on and data and data[0] in NAMES:
            self._unit.note(INPUT, NAMES[data[0]])
            return True
        return False

    def _said(self, command: int, data: bytes) -> bytes:
        return checked(bytes((REPLY, self._unit.settings.set_id, 0, 0, len(data) + 3, MARK, command)) + data)


def _attach(unit: Unit[PhilipsSettings]) -> tuple[Plug, ...]:
    return either(unit.settings, lambda: SicpB(unit))


SIMULATOR = Simulator("philips-sicp-b", "Philips SICP, other framing", PhilipsSettings, _attach)
