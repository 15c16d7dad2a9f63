"""A Sony BRAVIA with Simple IP Control on TCP 20060: frames of exactly 24 bytes.

    *S <type> <four letters> <16 parameter signs> LF        type C control, E enquiry, A answer, N notify

An enquiry has sixteen '#'. Success of a control is sixteen '0', an error sixteen 'F', "no such thing" sixteen 'N'. What
changes is notified without having been asked, and may come before an answer; here it comes with the next one. After 30 s
without a word it hangs up. It tells neither temperature, hours nor errors. Source: pro-bravia.sony.net, ssip/overview; what
the input reads in standby is told by two integrations only (here: error).
"""

from bench.frames import Frames
from bench.kinds import display
from bench.kinds.display import INPUT, DisplayFacts, DisplaySettings
from bench.live import Unit
from bench.settings import OnPort, Port
from bench.simulator import Simulator
from bench.stations import Plug, TcpPlug

SIZE = 24
START, END = b"*S", b"\n"
DONE, ERROR, NOTHING = "0" * 16, "F" * 16, "N" * 16
ASK = "#" * 16
# Eight digits of connector (1 HDMI, 3 composite, 4 component), eight of its number.
INPUTS = {
    "hdmi1": "0000000100000001",
    "hdmi2": "0000000100000002",
    "hdmi3": "0000000100000003",
    "av": "0000000300000001",
    "component": "0000000400000001",
}
NAMES = {code: name for name, code in INPUTS.items()}
BITS = {"0" * 16: False, "0" * 15 + "1": True}


class SonySsipSettings(DisplaySettings, OnPort):
    port: Port = 20060
    idle_s: float = 30.0


def _flag(value: bool) -> str:
    return f"{int(value):016d}"


def _cut(data: bytes) -> int:
    if not START.startswith(data[:2]):
        return -1
    if len(data) < SIZE:
        return 0
    return SIZE if data[SIZE - 1 : SIZE] == END else -1


class Ssip:
    def __init__(self, unit: Unit[SonySsipSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._frames = Frames(unit, _cut)
        self._told = self._state()

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        return b"".join(self._hear(frame) for frame in self._frames.feed(data))

    def _hear(self, frame: bytes) -> bytes:
        kind, name, parameter = frame[2:3], frame[3:7].decode("latin-1"), frame[7:23].decode("latin-1")
        if kind not in (b"C", b"E"):
            return b""
        notices = self._notices()
        if self._unit.refuses:
            answer = ERROR
        elif kind == b"E":
            answer = self._read(name) if parameter == ASK else ERROR
        else:
            answer = self._set(name, parameter)
        return notices + _frame("A", name, answer)

    def _state(self) -> dict[str, str]:
        tv = display.facts(self._unit)
        return {"POWR": _flag(tv.on)} | ({"INPT": _input(tv)} if tv.on else {})

    def _notices(self) -> bytes:
        """What has changed since it was last told."""
        now = self._state()
        fresh = {name: value for name, value in now.items() if self._told.get(name) != value}
        self._told = now
        return b"".join(_frame("N", name, value) for name, value in fresh.items())

    def _read(self, name: str) -> str:
        tv = display.facts(self._unit)
        if name == "POWR":
            return _flag(tv.on)
        if name not in ("INPT", "PMUT", "VOLU", "AMUT"):
            return ERROR
        if not tv.on:
            return ERROR
        return {"INPT": _input(tv), "PMUT": _flag(False), "VOLU": f"{20:016d}", "AMUT": _flag(False)}[name]

    def _set(self, name: str, parameter: str) -> str:
        if name == "POWR" and parameter in BITS:
            self._unit.switch(BITS[parameter])
            return DONE
        if name == "INPT" and display.facts(self._unit).on:
            if parameter not in NAMES:
                return NOTHING
            self._unit.note(INPUT, NAMES[parameter])
            return DONE
        return ERROR


def _input(tv: DisplayFacts) -> str:
    return INPUTS.get(tv.input, INPUTS["hdmi1"])


def _frame(kind: str, name: str, parameter: str) -> bytes:
    return START + f"{kind}{name}{parameter}".encode("latin-1") + END


def _attach(unit: Unit[SonySsipSettings]) -> tuple[Plug, ...]:
    settings = unit.settings
    return (TcpPlug(settings.host, settings.port, lambda: Ssip(unit), settings.idle_s),)


SIMULATOR = Simulator("sony-ssip", "Sony Simple IP Control", SonySsipSettings, _attach)
