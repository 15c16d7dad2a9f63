"""A metered smart plug between the wall and one of the room's devices: what flows through it tells on from standby."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import GENERIC, Fault
from bench.live import Unit
from bench.power import MS_PER_HOUR
from bench.school import School
from bench.settings import Key, Kind, OnPort, Text32

RELAY_OFF = Fault("relay-off", "somebody pressed its button: nothing flows any more", switches_off=True)
NO_LOAD = Fault("no-load", "the device's own plug is out of it: no watt flows")
HOT = Fault("hot", "it is too hot inside, and says so")
OVERHEATED_BY_C = 55.0
POWER_FACTOR = 0.9
"""As a television's power supply has it."""


class SmartPlugSettings(OnPort):
    """`feeds`: the key of the device that is plugged into it; without one the load is always on."""

    kind: ClassVar[Kind] = Kind.OTHER
    faults: ClassVar[tuple[Fault, ...]] = (*GENERIC, RELAY_OFF, NO_LOAD, HOT)

    feeds: Key | None = None
    name: Text32 = "P1 TV plug"
    watts_on: Annotated[float, Field(ge=0, le=3600)] = 84.0
    watts_standby: Annotated[float, Field(ge=0, le=100)] = 0.6
    volts: Annotated[float, Field(ge=90, le=260)] = 229.0
    wh_total: Annotated[float, Field(ge=0)] = 14_093.0
    warm_c: Annotated[float, Field(ge=0, le=60)] = 10.0


@dataclass(frozen=True, slots=True)
class SmartPlugFacts:
    on: bool
    watts: float
    volts: float
    wh_total: float
    temp_c: float
    overheated: bool
    uptime_s: int

    @property
    def amperes(self) -> float:
        return self.watts / (self.volts * POWER_FACTOR)


def facts(unit: Unit[SmartPlugSettings]) -> SmartPlugFacts:
    moment, settings = unit.look(), unit.settings
    school, now = moment.school, moment.now
    ills = school.ills(unit.key)
    hot_c = OVERHEATED_BY_C if HOT.code in ills else 0.0
    return SmartPlugFacts(
        on=school.powers[unit.key].on,
        watts=_watts(school, unit),
        volts=settings.volts,
        wh_total=settings.wh_total + _on_ms(school, settings, now) * settings.watts_on / MS_PER_HOUR,
        temp_c=round(school.warm_c(unit.key, settings.warm_c, now) + hot_c, 1),
        overheated=HOT.code in ills,
        uptime_s=(now - school.booted_at[unit.key]) // 1000,
    )


def _watts(school: School, unit: Unit[SmartPlugSettings]) -> float:
    settings = unit.settings
    if not school.powers[unit.key].on or NO_LOAD.code in school.ills(unit.key):
        return 0.0
    if settings.feeds is None or school.runs(settings.feeds):
        return settings.watts_on
    return settings.watts_standby if school.powered(settings.feeds) else 0.0


def _on_ms(school: School, settings: SmartPlugSettings, now: int) -> int:
    """How long what hangs on it has been on: the meter counts no standby here."""
    return school.powers[settings.feeds].on_ms(now) if settings.feeds else 0
