"""What is true of each piece of equipment at one moment: the room says it, the simulators put it into protocol words."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Thing(StrEnum):
    """A piece of equipment that somebody can switch on and off."""

    TV = "tv"
    PROJECTOR = "projector"
    RECEIVER = "receiver"


class Line(Enum):
    """How the serial line behaves."""

    CLEAN = "clean"
    SILENT = "silent"
    GARBAGE = "garbage"
    SLOW = "slow"


class Lamp(Enum):
    """PJLink's four power states."""

    STANDBY = 0
    ON = 1
    COOLING = 2
    WARM_UP = 3


@dataclass(frozen=True, slots=True)
class TvFacts:
    line: Line
    on: bool
    input: str
    signal: bool
    temp_c: float
    hours: int
    backlight_ok: bool


@dataclass(frozen=True, slots=True)
class ProjectorFacts:
    listening: bool
    lamp: Lamp
    lamp_lit: bool
    signal: bool
    lamp_hours: int
    filter_hours: int
    errors: str
    """ERST's six digits: fan, lamp, temperature, cover, filter, other; 0 ok, 1 warning, 2 error."""


@dataclass(frozen=True, slots=True)
class ReceiverFacts:
    listening: bool
    on: bool
    locked: bool
    cnr_db: float
    level_pct: int
    uptime_s: int
