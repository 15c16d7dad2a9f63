"""A UPS behind NUT's upsd, as its network protocol document describes it: one session, lines in, lines out.

Reading needs no login; whoever wants to write is asked for name and password, and then denied. A list repeats the question after
BEGIN and END; quotes and backslashes in a value are escaped by a backslash. ERR DRIVER-NOT-CONNECTED: upsd has lost its driver;
ERR DATA-STALE: the driver has lost its UPS; neither is a fault of the UPS. Source: networkupstools/nut, docs/net-protocol.txt;
where that is silent, as upsd 2.8.0 answers (tests/bench/simulators/test_nut_and_upsd.py asks both).
"""

import shlex
from typing import Annotated

from pydantic import Field

from bench.kinds import ups
from bench.kinds.ups import LOW_CHARGE_PCT, UpsFacts, UpsSettings
from bench.live import Unit
from bench.settings import OnPort
from bench.simulator import Simulator
from bench.stations import Plug, TcpPlug

MAX_LINE = 512
WRITING = ("LOGIN", "MASTER", "PRIMARY", "FSD", "SET", "INSTCMD")
ACCESS_DENIED, UNKNOWN_COMMAND, INVALID = "ERR ACCESS-DENIED", "ERR UNKNOWN-COMMAND", "ERR INVALID-ARGUMENT"
UNKNOWN_UPS, NO_SUCH_VAR = "ERR UNKNOWN-UPS", "ERR VAR-NOT-SUPPORTED"
FIXED = {
    "VER": "Network UPS Tools upsd 2.8.0 - simulated by dltv-bench",
    "NETVER": "1.3",
    "HELP": "Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS",
    "LOGOUT": "OK Goodbye",
    "STARTTLS": "ERR FEATURE-NOT-CONFIGURED",
}


class NutSettings(UpsSettings, OnPort):
    """upsd with one UPS; `key` is not its name there, `ups` is."""

    ups: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] = "classups"
    description: Annotated[str, Field(max_length=64)] = 'Classroom "P1" UPS'


class NutSession:
    """One connection to upsd."""

    def __init__(self, unit: Unit[NutSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._settings = unit.settings
        self._pending = b""
        self._said: set[str] = set()

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        *lines, self._pending = (self._pending + data).split(b"\n")
        reply = b""
        for line in lines:
            if not self.ended:
                reply += _lines(*self._answer(_words(line)))
        self.ended = self.ended or len(self._pending) > MAX_LINE
        return reply

    def _answer(self, words: list[str]) -> tuple[str, ...]:
        command, question = words[0].upper(), words[1:]
        if self._unit.refuses:
            return (ACCESS_DENIED,)
        if command in FIXED:
            self.ended = command == "LOGOUT" and not question
            return (INVALID if question else FIXED[command],)
        match command:
            case "LIST":
                return self._list(question)
            case "GET":
                return (self._get(question),)
            case "USERNAME" | "PASSWORD":
                return (self._introduced(command, question),)
        return (self._writing_denied() if command in WRITING else UNKNOWN_COMMAND,)

    def _introduced(self, what: str, said: list[str]) -> str:
        if len(said) != 1:
            return INVALID
        if what in self._said:
            return f"ERR ALREADY-SET-{what}"
        self._said.add(what)
        return "OK"

    def _writing_denied(self) -> str:
        missing = [what for what in ("USERNAME", "PASSWORD") if what not in self._said]
        return f"ERR {missing[0]}-REQUIRED" if missing else ACCESS_DENIED

    def _list(self, question: list[str]) -> tuple[str, ...]:
        name_here = self._settings.ups
        match question:
            case ["UPS"]:
                return _listed("UPS", [f"UPS {name_here} {_quoted(self._settings.description)}"])
            case ["VAR" | "RW" | "CMD" | "CLIENT" as kind, name]:
                problem = self._problem(name)
                values = variables(ups.facts(self._unit), self._settings) if kind == "VAR" else {}
                found = [f"VAR {name} {variable} {_quoted(value)}" for variable, value in values.items()]
                return (problem,) if problem else _listed(f"{kind} {name}", found)
        return (INVALID,)

    def _get(self, question: list[str]) -> str:
        match question:
            case ["UPSDESC", name]:
                known = name == self._settings.ups
                return f"UPSDESC {name} {_quoted(self._settings.description)}" if known else UNKNOWN_UPS
            case ["NUMLOGINS", name]:
                return self._problem(name) or f"NUMLOGINS {name} 0"
            case ["VAR" | "TYPE" | "DESC" as kind, name, variable]:
                return self._problem(name) or self._variable(kind, name, variable)
        return INVALID

    def _variable(self, kind: str, name: str, variable: str) -> str:
        value = variables(ups.facts(self._unit), self._settings).get(variable)
        if value is None:
            return NO_SUCH_VAR
        known = {"VAR": _quoted(value), "TYPE": "NUMBER", "DESC": '"Description unavailable"'}
        return f"{kind} {name} {variable} {known[kind]}"

    def _problem(self, name: str) -> str:
        now = ups.facts(self._unit)
        if name != self._settings.ups:
            return UNKNOWN_UPS
        if not now.driver:
            return "ERR DRIVER-NOT-CONNECTED"
        return "" if now.fresh else "ERR DATA-STALE"


def variables(now: UpsFacts, settings: NutSettings) -> dict[str, str]:
    """In the alphabetical order in which upsd lists them."""
    return {
        "battery.charge": str(now.charge_pct),
        "battery.charge.low": str(LOW_CHARGE_PCT),
        "battery.runtime": str(now.runtime_s),
        "battery.voltage": f"{11.4 + 2.2 * now.charge_pct / 100:.1f}",
        "device.mfr": settings.maker,
        "device.model": settings.model,
        "device.serial": settings.serial_number,
        "device.type": "ups",
        "driver.name": "usbhid-ups",
        "input.voltage": "228.4" if now.mains else "0.0",
        "output.voltage": "228.4" if now.mains else "230.0",
        "ups.load": str(now.load_pct),
        "ups.mfr": settings.maker,
        "ups.model": settings.model,
        "ups.serial": settings.serial_number,
        "ups.status": status(now),
        "ups.temperature": f"{now.temp_c:.1f}",
        "ups.test.result": "Done and error" if now.battery_worn else "Done and passed",
    }


def status(now: UpsFacts) -> str:
    words = {
        "OL": now.mains,
        "OB": not now.mains,
        "LB": not now.mains and now.battery_low,
        "RB": now.battery_worn,
        "DISCHRG": not now.mains,
        "OVER": now.overloaded,
    }
    return " ".join(word for word, true in words.items() if true)


def _words(line: bytes) -> list[str]:
    """An empty line, one that is no text, or one that ends within a quote counts as one word that is no command."""
    try:
        return shlex.split(line.decode("ascii")) or [""]
    except ValueError:
        return [""]


def _listed(question: str, found: list[str]) -> tuple[str, ...]:
    return (f"BEGIN LIST {question}", *found, f"END LIST {question}")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def attach(unit: Unit[NutSettings]) -> tuple[Plug, ...]:
    return (TcpPlug(unit.settings.host, unit.settings.port, lambda: NutSession(unit), callers=8),)


SIMULATOR = Simulator("nut", "NUT's upsd with a UPS", NutSettings, attach)
