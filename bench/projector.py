"""A PJLink projector, class 1 or 2, as the specification and the makers' manuals describe it: one session, bytes in, bytes out.

The projector speaks first. With a password set, the first command must carry md5(random + password) in front; a wrong one is
answered by `PJLINK ERRA` and the line goes dead. ERR1 undefined command, ERR2 out of parameter, ERR3 unavailable time,
ERR4 projector failure. Sockets, the 30 s of idleness and the single session are tcp_port.py's.
"""

import hmac
import re
from collections.abc import Callable
from hashlib import md5

from bench.facts import Lamp, ProjectorFacts, Thing
from bench.live import LiveRoom
from bench.settings import ProjectorSettings

MAX_LINE = 136
DIGEST_CHARS = 32
ERR1, ERR2, ERR3 = "ERR1", "ERR2", "ERR3"
COMMAND = re.compile(rb"%([12])([A-Z0-9]{4}) (.{1,128})", re.IGNORECASE)
INPUT_LIST = "11 31 32"
RESOLUTION = "1920x1080"
Reading = Callable[[ProjectorFacts, ProjectorSettings], str]

# While the lamp is off, what concerns the picture is "unavailable time"; what concerns the machine is answered.
CLASS_1: dict[str, Reading] = {
    "POWR": lambda now, _: str(now.lamp.value),
    "INPT": lambda now, _: "31" if now.lamp is Lamp.ON else ERR3,
    "AVMT": lambda now, _: "30" if now.lamp is Lamp.ON else ERR3,
    "ERST": lambda now, _: now.errors,
    "LAMP": lambda now, _: f"{now.lamp_hours} {int(now.lamp_lit)}",
    "INST": lambda _now, _: INPUT_LIST,
    "NAME": lambda _now, settings: settings.name,
    "INF1": lambda _now, settings: settings.maker,
    "INF2": lambda _now, settings: settings.model,
    "INFO": lambda _now, settings: settings.info,
    "CLSS": lambda _now, settings: str(settings.pjlink_class),
}
CLASS_2: dict[str, Reading] = {
    "SNUM": lambda _now, settings: settings.serial_number,
    "SVER": lambda _now, settings: settings.software,
    "FILT": lambda now, _: str(now.filter_hours),
    "IRES": lambda now, _: ERR3 if now.lamp is not Lamp.ON else RESOLUTION if now.signal else "-",
    "RRES": lambda _now, _: RESOLUTION,
}


class PjLinkSession:
    """One connection, from greeting to hanging up."""

    def __init__(self, settings: ProjectorSettings, live: LiveRoom, salt: str) -> None:
        """`salt`: eight hexadecimal digits, fresh for every connection."""
        self.ended = False
        self._settings = settings
        self._live = live
        self._salt = salt
        self._known = not settings.password
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
        readings = CLASS_1 if level == 1 else CLASS_2
        if level > self._settings.pjlink_class or name not in readings:
            return ERR1
        if parameter == "?":
            return readings[name](self._live.look().projector, self._settings)
        if name == "POWR":
            return self._switch(parameter)
        return ERR2

    def _switch(self, parameter: str) -> str:
        if parameter not in ("0", "1"):
            return ERR2
        if self._live.look().projector.lamp in (Lamp.WARM_UP, Lamp.COOLING):
            return ERR3
        self._live.change(lambda room, now: room.switched(Thing.PROJECTOR, parameter == "1", now))
        return "OK"
