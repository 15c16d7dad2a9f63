"""A set-top box with a console on its serial port, as many Linux boxes have one on the board: prompt, echo, answer, prompt.

No document exists for such a box in general: the settings say what this one is asked and how it answers, with these figures:
{lock} {cnr_db} {level_pct} {uptime_s} {service} {model}. With a password it asks for name and password first, hides what is
typed as the password, and logs out whoever types `exit`. A command it does not know is answered as a shell would.
"""

from string import Formatter
from typing import Annotated

from pydantic import Field, field_validator

from bench.kinds import receiver
from bench.kinds.receiver import ReceiverSettings
from bench.live import Unit
from bench.settings import OnEither
from bench.simulator import Simulator, either
from bench.stations import Plug

MAX_LINE = 256
EXIT = "exit"
STANDBY_ANSWER = "error: front-end is in standby"
FIGURES = frozenset({"lock", "cnr_db", "level_pct", "uptime_s", "service", "model"})
ANSWERS = {
    "version": "{model} 1.0.7",
    "uptime": "{uptime_s}",
    "frontend": "LOCK={lock} SNR={cnr_db:.1f}dB AGC={level_pct}%",
    "service": "{service}",
}
Line = Annotated[str, Field(max_length=200, pattern=r"^[ -~\n]*$")]


class ConsoleSettings(ReceiverSettings, OnEither):
    """`answers`: what each command prints; lines are parted by \\n. Those in `while_on` need a running front-end."""

    prompt: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[ -~]+$")] = "stb# "
    echo: bool = True
    user: Annotated[str, Field(max_length=32, pattern=r"^[ -~]*$")] = "root"
    password: Annotated[str, Field(max_length=32, pattern=r"^[ -~]*$")] = ""
    answers: dict[str, Line] = Field(default_factory=lambda: dict(ANSWERS))
    while_on: tuple[str, ...] = ("frontend", "service")

    @field_validator("answers")
    @classmethod
    def _figures_are_known(cls, answers: dict[str, str]) -> dict[str, str]:
        named = {name for answer in answers.values() for _, name, _, _ in Formatter().parse(answer) if name is not None}
        if named - FIGURES:
            raise ValueError(f"no such figure: {min(named - FIGURES)!r} (there are {', '.join(sorted(FIGURES))})")
        return answers


class ConsoleSession:
    """What hangs on the line. A console keeps no connection: logged in stays logged in until `exit`."""

    def __init__(self, unit: Unit[ConsoleSettings]) -> None:
        self.ended = False
        self._unit = unit
        self._settings = unit.settings
        self._pending = b""
        self._asks = self._settings.prompt if not self._settings.password else "login: "
        self._user = ""

    def greeting(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        *lines, rest = (self._pending + data).replace(b"\r\n", b"\r").replace(b"\n", b"\r").split(b"\r")
        self._pending = rest if len(rest) <= MAX_LINE else b""
        return b"".join(self._hear(line) for line in lines)

    def _hear(self, line: bytes) -> bytes:
        typed = line.decode("ascii", "replace").strip()
        shown = typed if self._settings.echo and not self._asks.startswith("Password") else ""
        return f"{shown}\r\n{self._answered(typed)}{self._asks}".encode("ascii", "replace")

    def _answered(self, typed: str) -> str:
        """Ends with a line's end unless it is empty; afterwards `_asks` is what stands on the next line."""
        if self._asks == "login: ":
            self._user, self._asks = typed, "Password: " if typed else "login: "
            return ""
        if self._asks == "Password: ":
            return self._log_in(typed)
        if typed == EXIT and self._settings.password:
            self._asks = "login: "
            return ""
        answer = self._carry_out(typed) if typed else ""
        return "".join(f"{each}\r\n" for each in answer.split("\n")) if answer else ""

    def _log_in(self, password: str) -> str:
        known = (self._user, password) == (self._settings.user, self._settings.password)
        self._asks = self._settings.prompt if known else "login: "
        return "" if known else "Login incorrect\r\n"

    def _carry_out(self, typed: str) -> str:
        answer, box = self._settings.answers.get(typed), receiver.facts(self._unit)
        if self._unit.refuses:
            return f"{typed.partition(' ')[0]}: Input/output error"
        if answer is None:
            return f"sh: {typed.partition(' ')[0]}: not found"
        if typed in self._settings.while_on and not box.on:
            return STANDBY_ANSWER
        return answer.format(
            lock=int(box.locked),
            cnr_db=box.cnr_db,
            level_pct=box.level_pct,
            uptime_s=box.uptime_s,
            service=self._settings.service,
            model=self._settings.model,
        )


def attach(unit: Unit[ConsoleSettings]) -> tuple[Plug, ...]:
    return either(unit.settings, lambda: ConsoleSession(unit))


SIMULATOR = Simulator("stb-console", "set-top box with a serial console", ConsoleSettings, attach)
