"""A PJLink projector, class 1 or 2, as the specification and the makers' manuals describe it: one session, bytes in, bytes out.

The projector speaks first. With a password set, the first command must carry md5(random + password) in front; a wrong one is
answered by `PJLINK ERRA` and the line goes dead. ERR1 undefined command, ERR2 out of parameter, ERR3 unavailable time,
ERR4 projector failure. Class 2 answers the search `%2SRCH` on UDP with its MAC address, and tells it unasked
(`%2LKUP`) when its network comes up. One session at a time, and after
30 s of idleness it hangs up.
"""

import hmac
import re
import secrets
from collections.abc import Callable
from hashlib import md5
from typing import Annotated

from pydantic import Field

from bench.kinds import projector
from bench.kinds.projector import Lamp, ProjectorFacts, ProjectorSettings
from bench.live import Unit
from bench.settings import OnPort, Port, Text32
from bench.simulator import Simulator
from bench.stations import Plug, TcpPlug, UdpPlug

PORT = 4352
MAX_LINE = 136
DIGEST_CHARS = 32
ERR1, ERR2, ERR3, ERR4 = "ERR1", "ERR2", "ERR3", "ERR4"
COMMAND = re.compile(rb"%([12])([A-Z0-9]{4}) (.{1,128})", re.IGNORECASE)
STATES = {Lamp.STANDBY: "0", Lamp.ON: "1", Lamp.COOLING: "2", Lamp.WARM_UP: "3"}
INPUTS = {"11": "COMPUTER", "31": "HDMI1", "32": "HDMI2"}
HDMI1 = "31"
RESOLUTION = "1920x1080"


class PjLinkSettings(ProjectorSettings, OnPort):
    """An empty password switches its authentication off."""

    port: Port = PORT
    search_port: Port | None = None
    """Where class 2 listens for the search: the same number on UDP unless it is given."""
    announce_to: Annotated[str, Field(max_length=64)] | None = None
    """To which address class 2 tells that it has come to the network (LKUP): the network's broadcast address."""
    password: Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9]*$")] = ""
    pjlink_class: Annotated[int, Field(ge=1, le=2)] = 2
    mac: Annotated[str, Field(pattern=r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$")] = "02:00:00:00:00:02"
    name: Annotated[str, Field(max_length=64)] = "P1 projector"
    maker: Text32 = "Bench Optics"
    info: Text32 = "simulated"
    software: Text32 = "1.04"
    lamp_model: Text32 = "BENCH-LAMP-1"
    filter_model: Text32 = "BENCH-FILTER-1"
    idle_s: Annotated[float, Field(gt=0, le=3600)] = 30.0


Reading = Callable[[ProjectorFacts, PjLinkSettings], str]


def _errors(now: ProjectorFacts) -> str:
    """ERST's six digits: fan, lamp, temperature, cover, filter, other; 0 ok, 1 warning, 2 error."""
    lamp = 2 if now.lamp_failed else int(now.lamp_worn)
    digits = (2 * now.fan_failed, lamp, 2 * now.hot, 2 * now.cover_open, int(now.filter_clogged), 0)
    return "".join(str(int(digit)) for digit in digits)


def _resolution(now: ProjectorFacts, _: PjLinkSettings) -> str:
    if now.lamp is not Lamp.ON:
        return ERR3
    return RESOLUTION if now.signal else "-"


# While the lamp is off, what concerns the picture is "unavailable time"; what concerns the machine is answered.
CLASS_1: dict[str, Reading] = {
    "POWR": lambda now, _: STATES[now.lamp],
    "INPT": lambda now, _: HDMI1 if now.lamp is Lamp.ON else ERR3,
    "AVMT": lambda now, _: "30" if now.lamp is Lamp.ON else ERR3,
    "ERST": lambda now, _: _errors(now),
    "LAMP": lambda now, _: f"{now.lamp_hours} {int(now.lamp_lit)}",
    "INST": lambda _now, _: " ".join(INPUTS),
    "NAME": lambda _now, settings: settings.name,
    "INF1": lambda _now, settings: settings.maker,
    "INF2": lambda _now, settings: settings.model,
    "INFO": lambda _now, settings: settings.info,
    "CLSS": lambda _now, settings: str(settings.pjlink_class),
}
CLASS_2: dict[str, Reading] = {
    "INPT": CLASS_1["INPT"],
    "INST": CLASS_1["INST"],
    "SNUM": lambda _now, settings: settings.serial_number,
    "SVER": lambda _now, settings: settings.software,
    "FILT": lambda now, _: str(now.filter_hours),
    "RLMP": lambda _now, settings: settings.lamp_model,
    "RFIL": lambda _now, settings: settings.filter_model,
    "IRES": _resolution,
    "RRES": lambda _now, _: RESOLUTION,
    "FREZ": lambda now, _: "0" if now.lamp is Lamp.ON else ERR3,
}


class PjLinkSession:
    """One connection, from greeting to hanging up."""

    def __init__(self, unit: Unit[PjLinkSettings], salt: str) -> None:
        """`salt`: eight hexadecimal digits, fresh for every connection."""
        self.ended = False
        self._unit = unit
        self._settings = unit.settings
        self._salt = salt
        self._known = not self._settings.password
        self._pending = b""

    def greeting(self) -> bytes:
        return b"PJLINK 0\r" if self._known else f"PJLINK 1 {self._salt}\r".encode()

    def feed(self, data: bytes) -> bytes:
        *lines, self._pending = (self._pending + data).replace(b"\n", b"").split(b"\r")
        reply = b""
        for line in lines:
            reply += b"" if self.ended else self._hear(line)
        self.ended = self.ended or len(self._pending) > MAX_LINE + DIGEST_CHARS
        return reply

    def _hear(self, line: bytes) -> bytes:
        if not self._known:
            digest, line = line[:DIGEST_CHARS], line[DIGEST_CHARS:]
            if not self._proves(digest):
                self.ended = True
                return b"PJLINK ERRA\r"
            self._known = True
        found = COMMAND.fullmatch(line)
        if found is None:
            return b""
        level, name, parameter = found[1].decode(), found[2].decode().upper(), found[3].decode("utf-8", "replace")
        return f"%{level}{name}={self._answer(int(level), name, parameter)}\r".encode()

    def _proves(self, digest: bytes) -> bool:
        # MD5 is what PJLink prescribes; it guards nothing here.
        expected = md5((self._salt + self._settings.password).encode(), usedforsecurity=False).hexdigest()
        return hmac.compare_digest(digest, expected.encode())

    def _answer(self, level: int, name: str, parameter: str) -> str:
        if self._unit.refuses:
            return ERR4
        readings = CLASS_1 if level == 1 else CLASS_2
        if level <= self._settings.pjlink_class and (level, name) == (2, "INNM"):
            return INPUTS.get(parameter.removeprefix("?"), ERR2)
        if level > self._settings.pjlink_class or name not in readings:
            return ERR1
        if parameter == "?":
            return readings[name](projector.facts(self._unit), self._settings)
        if (level, name) == (1, "POWR"):
            return self._switch(parameter)
        return ERR2

    def _switch(self, parameter: str) -> str:
        if parameter not in ("0", "1"):
            return ERR2
        if projector.facts(self._unit).lamp in (Lamp.WARM_UP, Lamp.COOLING):
            return ERR3
        self._unit.switch(parameter == "1")
        return "OK"


def found(datagram: bytes, settings: PjLinkSettings) -> list[bytes]:
    """What the search is answered with; anything else on that port is not for it."""
    return [f"%2ACKN={settings.mac}\r".encode()] if datagram == b"%2SRCH\r" else []


def lookup(settings: PjLinkSettings) -> bytes:
    """What it tells unasked when its network comes up."""
    return f"%2LKUP={settings.mac}\r".encode()


def _attach(unit: Unit[PjLinkSettings]) -> tuple[Plug, ...]:
    settings = unit.settings
    tcp = TcpPlug(settings.host, settings.port, lambda: PjLinkSession(unit, secrets.token_hex(4)), settings.idle_s)
    if settings.pjlink_class < 2:
        return (tcp,)
    number = settings.port if settings.search_port is None else settings.search_port
    told = ((settings.announce_to, PORT, lookup(settings)),) if settings.announce_to else ()
    return tcp, UdpPlug(settings.host, number, lambda datagram: found(datagram, settings), told)


SIMULATOR = Simulator("pjlink", "PJLink", PjLinkSettings, _attach)
