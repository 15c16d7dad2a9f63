"""A UPS behind NUT's upsd, as its network protocol document describes it: one session, lines in, lines out.

Reading needs no login here and nothing can be written. A list repeats the question after BEGIN and END; quotes and backslashes
in a value are escaped by a backslash. ERR DRIVER-NOT-CONNECTED: upsd has lost its driver; ERR DATA-STALE: the driver has lost
its UPS; neither is a fault of the UPS. Sockets are tcp_port.py's. Source: networkupstools/nut, docs/net-protocol.txt.
"""

import shlex
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from bench.mains import LOW_CHARGE_PCT, UpsFacts
from bench.settings import Port, Table, Text32

MAX_LINE = 512
NO_COMMANDS = ("LOGIN", "MASTER", "PRIMARY", "FSD", "SET", "INSTCMD")
ACCESS_DENIED, UNKNOWN_COMMAND, INVALID = "ERR ACCESS-DENIED", "ERR UNKNOWN-COMMAND", "ERR INVALID-ARGUMENT"
UNKNOWN_UPS, NO_SUCH_VAR = "ERR UNKNOWN-UPS", "ERR VAR-NOT-SUPPORTED"
FIXED = {
    "VER": "Network UPS Tools upsd 2.8.0 - simulated by dltv-bench",
    "NETVER": "1.3",
    "HELP": "Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS",
    "LOGOUT": "OK Goodbye",
    "STARTTLS": "ERR FEATURE-NOT-CONFIGURED",
}


class NutSettings(Table):
    """A upsd with one UPS."""

    host: str = "127.0.0.1"
    port: Port = 3493
    ups: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] = "classups"
    description: Annotated[str, Field(max_length=64)] = 'Classroom "P1" UPS'
    maker: Text32 = "Bench Power"
    model: Text32 = "BU-650"
    serial_number: Text32 = "BENCHUPS0001"


class NutSession:
    """One connection to upsd. An answer may be empty only while a line is still incomplete."""

    def __init__(self, settings: NutSettings, look: Callable[[], UpsFacts]) -> None:
        self.ended = False
        self._settings = settings
        self._look = look
        self._pending = b""

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        *lines, self._pending = (self._pending + data).split(b"\n")
        self.ended = len(self._pending) > MAX_LINE
        reply = b""
        for line in lines:
            reply += b"" if self.ended else self._hear(line.rstrip(b"\r"))
        return reply

    def _hear(self, line: bytes) -> bytes:
        try:
            words = shlex.split(line.decode("ascii"))
        except ValueError:
            return _lines(UNKNOWN_COMMAND)
        return _lines(*self._answer(words)) if words else b""

    def _answer(self, words: list[str]) -> tuple[str, ...]:
        match words:
            case [command] if command in FIXED:
                self.ended = command == "LOGOUT"
                return (FIXED[command],)
            case ["USERNAME" | "PASSWORD", _]:
                return ("OK",)
            case ["LIST", *question]:
                return self._list(question)
            case ["GET", *question]:
                return (self._get(question),)
        return (ACCESS_DENIED if words[0] in NO_COMMANDS else UNKNOWN_COMMAND,)

    def _list(self, question: list[str]) -> tuple[str, ...]:
        ups = self._settings.ups
        match question:
            case ["UPS"]:
                return _listed("UPS", [f"UPS {ups} {_quoted(self._settings.description)}"])
            case ["VAR" | "RW" | "CMD" | "CLIENT" as kind, name]:
                problem = self._problem(name)
                values = variables(self._look(), self._settings) if kind == "VAR" else {}
                found = [f"VAR {ups} {variable} {_quoted(value)}" for variable, value in values.items()]
                return (problem,) if problem else _listed(f"{kind} {ups}", found)
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
        value = variables(self._look(), self._settings).get(variable)
        if value is None:
            return NO_SUCH_VAR
        known = {"VAR": _quoted(value), "TYPE": "NUMBER", "DESC": '"Description unavailable"'}
        return f"{kind} {name} {variable} {known[kind]}"

    def _problem(self, name: str) -> str:
        ups = self._look()
        if name != self._settings.ups:
            return UNKNOWN_UPS
        if not ups.driver:
            return "ERR DRIVER-NOT-CONNECTED"
        return "" if ups.fresh else "ERR DATA-STALE"


def variables(ups: UpsFacts, settings: NutSettings) -> dict[str, str]:
    """In the alphabetical order in which upsd lists them."""
    return {
        "battery.charge": str(ups.charge_pct),
        "battery.charge.low": str(LOW_CHARGE_PCT),
        "battery.runtime": str(ups.runtime_s),
        "battery.voltage": f"{11.4 + 2.2 * ups.charge_pct / 100:.1f}",
        "device.mfr": settings.maker,
        "device.model": settings.model,
        "device.serial": settings.serial_number,
        "device.type": "ups",
        "driver.name": "usbhid-ups",
        "input.voltage": "228.4" if ups.mains else "0.0",
        "output.voltage": "228.4" if ups.mains else "230.0",
        "ups.load": str(ups.load_pct),
        "ups.mfr": settings.maker,
        "ups.model": settings.model,
        "ups.serial": settings.serial_number,
        "ups.status": status(ups),
        "ups.temperature": f"{ups.temp_c:.1f}",
        "ups.test.result": "Done and error" if ups.battery_worn else "Done and passed",
    }


def status(ups: UpsFacts) -> str:
    words = {
        "OL": ups.mains,
        "OB": not ups.mains,
        "LB": not ups.mains and ups.battery_low,
        "RB": ups.battery_worn,
        "CHRG": ups.mains and ups.charge_pct < 100,
        "DISCHRG": not ups.mains,
        "OVER": ups.overloaded,
    }
    return " ".join(word for word, true in words.items() if true)


def _listed(question: str, found: list[str]) -> tuple[str, ...]:
    return (f"BEGIN LIST {question}", *found, f"END LIST {question}")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii")
