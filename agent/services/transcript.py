"""A recorded session played to a profile's driver in place of the device. The files are described in tests/transcripts/README.md.

What the profile asks must be what was asked in the recording, byte by byte; what it then reads is compared by the caller.
"""

import re
import threading
from dataclasses import dataclass, field

from agent.core.devices import DeviceSettings
from agent.core.readings import Poll
from agent.errors import OperatorError
from agent.services.devices import BadDevice, build_device
from agent.services.driver import Driver
from firmware_profiles.schema import Profile

_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SIGNS = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}
_PLACES = {"serial": "serial:/dev/recorded", "dvb": "dvb:/dev/dvb/adapter0/frontend0", "cec": "cec:/dev/cec0"}
Line = tuple[str, bytes]


@dataclass
class VirtualTime:
    """A clock and an event whose waiting takes no time."""

    now: int = 0
    stopping: threading.Event = field(init=False)

    def __post_init__(self) -> None:
        time = self

        class Instant(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                time.now += round((timeout or 0) * 1000)
                return self.is_set()

        self.stopping = Instant()

    def utc_ms(self) -> int:
        return 1_700_000_000_000 + self.now

    def mono_ms(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


class Recording:
    """The lines of a session as a Link. `departures` tells where the profile said what the recording does not have."""

    def __init__(self, text: str, time: VirtualTime) -> None:
        self._lines = lines_of(text)
        self._time = time
        self.departures: list[str] = []

    def open(self, *_ignored: object) -> "Recording":
        self._expect("!", b"open")
        return self

    def send(self, data: bytes) -> None:
        self._expect(">", data)

    def receive(self, timeout_s: float) -> bytes | None:
        if self._lines[:1] == [("!", b"closed")]:
            self._lines.pop(0)
            return b""
        if not self._lines or self._lines[0][0] != "<" or timeout_s <= 0:
            self._time.now += max(1, round(timeout_s * 1000))
            return None
        return self._lines.pop(0)[1]

    def close(self) -> None:
        if self._lines[:1] == [("!", b"closed")]:
            self._lines.pop(0)

    def finish(self) -> None:
        if self._lines and not self.departures:
            self.departures.append(f"the recording goes on with {_shown(self._lines[0])}")

    def _expect(self, sign: str, data: bytes) -> None:
        """The next line, if it is this one. After the first departure nothing more is said: all else follows from it."""
        if self._lines[:1] == [(sign, data)]:
            self._lines.pop(0)
        elif not self.departures:
            recorded = _shown(self._lines[0]) if self._lines else "its end"
            self.departures.append(f"the profile says {_shown((sign, data))}, the recording has {recorded}")


def lines_of(text: str) -> list[Line]:
    """Raises OperatorError."""
    lines: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        if line[:2] not in ("! ", "> ", "< "):
            raise OperatorError(f'session.txt:{number}: begins with none of "! ", "> ", "< ", "# "; correct the line')
        lines.append((line[0], _unescaped(line[2:], number)))
    return lines


def replay(profile: Profile, session: str, settings: dict[str, object]) -> tuple[Poll, list[str]]:
    """One round with the recorded device, and where it departed from the recording. Raises OperatorError."""
    time = VirtualTime()
    recording = Recording(session, time)
    scheme = profile.link.schemes[0].value if profile.link.schemes else ""
    given = {"key": "recorded", "address": _PLACES.get(scheme, f"{scheme}://equipment.test"), **settings}
    try:
        device = build_device(
            DeviceSettings.model_validate({**given, "profile": profile.id}), _One(profile), recording.open
        )
    except (BadDevice, ValueError) as error:
        raise OperatorError(f"expected.toml: settings: {error}") from None
    driver = Driver(device, device.open_channel(time, time.stopping), time)
    poll = driver.round()
    recording.finish()
    return poll, recording.departures


class _One:
    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def profile(self, _profile_id: str) -> Profile:
        return self._profile


def _unescaped(text: str, number: int) -> bytes:
    def sign(found: "re.Match[bytes]") -> bytes:
        if found[1]:
            return bytes.fromhex(found[1].decode())
        if found[2] not in _SIGNS:
            raise OperatorError(
                f"session.txt:{number}: \\{found[2].decode()} means nothing; write \\r, \\n, \\t, \\\\ or \\xNN"
            )
        return _SIGNS[found[2]]

    return _ESCAPE.sub(sign, text.encode())


def _shown(line: Line) -> str:
    text = "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in line[1])
    return f"{line[0]} {text}".replace("\\x0d", "\\r").replace("\\x0a", "\\n")
