"""An Epson projector with ESC/VP21: commands on RS-232, or on TCP 3629 after the handshake of ESC/VP.net.

A command ends with CR; the colon that follows an answer means "ready", also after nothing but CR. `ERR` alone refuses,
`ERR=xx` answers ERR?. Sources: ESC/VP21 User's Guide, EB-Z10005 and EB-455 manuals; the handshake from client code. In an
abnormal state (lamp failed, too hot) older models execute nothing and send no colon, newer ones tell PWR=05: `abnormal` says
which. The guide is silent on standby: here power, errors, hours and serial number are told, the rest is refused.
"""

import hmac
import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from bench.kinds import projector
from bench.kinds.projector import Lamp, ProjectorFacts, ProjectorSettings
from bench.live import Unit
from bench.settings import OnEither
from bench.simulator import Simulator
from bench.stations import Plug, SerialPlug, Session, TcpPlug

MAX_LINE = 128
READY, REFUSED = b":", b"ERR\r:"
ASKING = re.compile(r"([A-Z0-9]{2,12})\?")
MAGIC = b"ESC/VP.net"
HEAD, CONNECT = 16, b"\x10\x03"
OK, BAD, WANTS_PASSWORD, WRONG_PASSWORD = 0x20, 0x40, 0x41, 0x43
PASSWORD_HEADER, PASSWORD_SIZE = b"\x01\x01", 16
STATES = {Lamp.ON: "01", Lamp.WARM_UP: "02", Lamp.COOLING: "03"}
EVENTS = {Lamp.STANDBY: 1, Lamp.WARM_UP: 2, Lamp.ON: 3, Lamp.COOLING: 4}


class EpsonSettings(ProjectorSettings, OnEither):
    abnormal: Literal["reports", "silent"] = "reports"
    network_standby: bool = True
    eco: bool = False
    password: Annotated[str, Field(max_length=PASSWORD_SIZE, pattern=r"^[A-Za-z0-9]*$")] = ""
    """Of ESC/VP.net alone."""


Reading = Callable[[ProjectorFacts, EpsonSettings], str]


def abnormal(now: ProjectorFacts) -> bool:
    return now.lamp_failed or now.hot or now.cover_open


def _power(now: ProjectorFacts, settings: EpsonSettings) -> str:
    if abnormal(now):
        return "05"
    return STATES.get(now.lamp, "04" if settings.network_standby else "00")


def _error(now: ProjectorFacts, _settings: EpsonSettings) -> str:
    """One code for all: the gravest."""
    wrong = {"06": now.lamp_failed, "04": now.hot, "07": now.cover_open, "01": now.fan_failed, "0C": now.filter_clogged}
    return next((code for code, so in wrong.items() if so), "00")


ALWAYS: dict[str, Reading] = {
    "PWR": _power,
    "ERR": _error,
    "LAMP": lambda now, _: str(now.lamp_hours),
    "SNO": lambda _, settings: settings.serial_number,
}
WHILE_ON: dict[str, Reading] = {
    "SOURCE": lambda _now, _: "30",
    "MUTE": lambda _now, _: "OFF",
    "LUMINANCE": lambda _, settings: f"{int(settings.eco):02d}",
}


class Vp21:
    """The commands, from power-on or from a finished handshake."""

    def __init__(self, unit: Unit[EpsonSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._pending = b""

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        *lines, rest = (self._pending + data).replace(b"\n", b"").split(b"\r")
        self._pending = rest if len(rest) <= MAX_LINE else b""
        return b"".join(self._hear(line) for line in lines)

    def _hear(self, line: bytes) -> bytes:
        now, settings = projector.facts(self._unit), self._unit.settings
        if abnormal(now) and settings.abnormal == "silent":
            return b""
        if self._unit.refuses:
            return REFUSED
        if not line:
            return READY
        command = line.decode("latin-1").upper()
        asked = ASKING.fullmatch(command)
        return self._tell(asked[1], now) if asked else self._set(command, now)

    def _tell(self, name: str, now: ProjectorFacts) -> bytes:
        reading = ALWAYS.get(name) or (WHILE_ON.get(name) if now.lamp is Lamp.ON else None)
        return f"{name}={reading(now, self._unit.settings)}\r:".encode() if reading else REFUSED

    def _set(self, command: str, now: ProjectorFacts) -> bytes:
        if command not in ("PWR ON", "PWR OFF") or now.lamp in (Lamp.WARM_UP, Lamp.COOLING):
            return REFUSED
        self._unit.switch(command == "PWR ON")
        return READY


class VpNet:
    """The handshake, then the commands; what changes meanwhile is told as IMEVENT in front of the next answer."""

    def __init__(self, unit: Unit[EpsonSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._commands = Vp21(unit)
        self._pending = b""
        self._open = False
        self._told = self._event()

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        if self._open:
            return self._notice() + self._commands.feed(data)
        self._pending += data
        wanted = HEAD + (self._pending[15] * (2 + PASSWORD_SIZE) if len(self._pending) >= HEAD else 0)
        if len(self._pending) < wanted:
            return b""
        status = self._judge(self._pending[:wanted])
        rest, self._pending = self._pending[wanted:], b""
        self._open, self.ended = status == OK, status != OK
        answer = MAGIC + CONNECT + bytes((0, 0, status, 0))
        return answer + (self._commands.feed(rest) if self._open else b"")

    def _judge(self, request: bytes) -> int:
        secret = self._unit.settings.password.encode().ljust(PASSWORD_SIZE, b"\0")
        if not request.startswith(MAGIC + CONNECT) or request[15] > 1:
            return BAD
        if self._unit.settings.password and not request[15]:
            return WANTS_PASSWORD
        if request[15] and request[HEAD : HEAD + 2] != PASSWORD_HEADER:
            return BAD
        given = request[HEAD + 2 :]
        return OK if not request[15] or hmac.compare_digest(given, secret) else WRONG_PASSWORD

    def _event(self) -> str:
        now = projector.facts(self._unit)
        warnings = now.lamp_worn << 0 | (now.lamp is Lamp.ON and not now.signal) << 1 | now.filter_clogged << 3
        alarms = now.cover_open << 1 | now.lamp_failed << 2 | now.fan_failed << 3 | now.hot << 5
        return f"IMEVENT=0001 {EVENTS[now.lamp]:02d} {warnings:08X} {alarms:08X} T1 F1"

    def _notice(self) -> bytes:
        before, self._told = self._told, self._event()
        return b"" if before == self._told else f"{self._told}\r:".encode()


def _attach(unit: Unit[EpsonSettings]) -> tuple[Plug, ...]:
    settings = unit.settings
    if settings.port is None:
        return (SerialPlug(settings.line or settings.key, lambda: Vp21(unit)),)

    def session() -> Session:
        return VpNet(unit)

    return (TcpPlug(settings.host, settings.port, session),)


SIMULATOR = Simulator("epson-vp21", "Epson ESC/VP21", EpsonSettings, _attach)
