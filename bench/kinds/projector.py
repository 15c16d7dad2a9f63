"""A lamp projector: warming up and cooling down, the hours of lamp and filter, what it complains about."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from bench.faults import GENERIC, SWITCHED_OFF, Fault
from bench.live import Unit
from bench.school import School
from bench.settings import DeviceSettings, Hours, Kind, Seconds, Text32

LAMP = Fault("lamp", "its lamp has failed")
LAMP_WORN = Fault("lamp-worn", "its lamp is past its life: it still burns, and is due for replacement")
FAN = Fault("fan", "its fan has failed")
HOT = Fault("hot", "it is too hot inside")
COVER = Fault("cover", "its lamp cover stands open")
FILTER = Fault("filter", "it asks for a clean filter: a warning, and no ticket yet")
NO_SIGNAL = Fault("no-signal", "its HDMI cable is out: on, and no picture")


class ProjectorSettings(DeviceSettings):
    kind: ClassVar[Kind] = Kind.PROJECTOR
    faults: ClassVar[tuple[Fault, ...]] = (
        *GENERIC, SWITCHED_OFF, LAMP, LAMP_WORN, FAN, HOT, COVER, FILTER, NO_SIGNAL,
    )  # fmt: skip

    model: Text32 = "BX-320"
    serial_number: Text32 = "BENCHPJ0001"
    lamp_hours: Hours = 1234
    lamp_life_h: Hours = 5000
    filter_hours: Hours = 640
    warm_up_s: Seconds = 20.0
    cooling_s: Seconds = 30.0


class Lamp(Enum):
    STANDBY = "standby"
    ON = "on"
    COOLING = "cooling"
    WARM_UP = "warm-up"


@dataclass(frozen=True, slots=True)
class ProjectorFacts:
    lamp: Lamp
    lamp_lit: bool
    signal: bool
    lamp_hours: int
    filter_hours: int
    ills: frozenset[str]

    @property
    def lamp_failed(self) -> bool:
        return LAMP.code in self.ills

    @property
    def lamp_worn(self) -> bool:
        return LAMP_WORN.code in self.ills

    @property
    def fan_failed(self) -> bool:
        return FAN.code in self.ills

    @property
    def hot(self) -> bool:
        return HOT.code in self.ills

    @property
    def cover_open(self) -> bool:
        return COVER.code in self.ills

    @property
    def filter_clogged(self) -> bool:
        return FILTER.code in self.ills


def facts(unit: Unit[ProjectorSettings]) -> ProjectorFacts:
    moment, settings = unit.look(), unit.settings
    school, now = moment.school, moment.now
    ills, power = frozenset(school.ills(unit.key)), school.powers[unit.key]
    lamp, ran_h = _lamp(unit, school, now), power.on_hours(now)
    before_h = max(settings.lamp_hours, settings.lamp_life_h) if LAMP_WORN.code in ills else settings.lamp_hours
    return ProjectorFacts(
        lamp=lamp,
        lamp_lit=lamp is Lamp.ON and LAMP.code not in ills,
        signal=lamp is Lamp.ON and NO_SIGNAL.code not in ills and school.feeds_pictures(settings.room),
        lamp_hours=before_h + ran_h,
        filter_hours=settings.filter_hours + ran_h,
        ills=ills,
    )


def _lamp(unit: Unit[ProjectorSettings], school: School, now: int) -> Lamp:
    power = school.powers[unit.key]
    if power.on:
        return Lamp.ON if power.for_ms(now) >= unit.settings.warm_up_s * 1000 else Lamp.WARM_UP
    return Lamp.STANDBY if power.for_ms(now) >= unit.settings.cooling_s * 1000 else Lamp.COOLING
