"""A TV or commercial display: whether it shows a picture, how warm it gets, how long its panel has been lit."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import GENERIC, SWITCHED_OFF, Fault
from bench.live import Unit
from bench.power import MS_PER_HOUR
from bench.school import NOTHING
from bench.settings import DeviceSettings, Hours, Kind, Text32

INPUT, HDMI1, AV = "input", "hdmi1", "av"
OVERHEATED_BY_C = 35.0

NO_SIGNAL = Fault("no-signal", "the HDMI cable is out: it is on and has no picture")
OTHER_INPUT = Fault("other-input", "somebody chose the AV input: it is on and has no picture there")
BACKLIGHT = Fault("backlight", "it reports that its backlight has failed")
FAN = Fault("fan", "it reports that its fan has failed")
HOT = Fault("hot", "it is too hot inside, and says so")


class DisplaySettings(DeviceSettings):
    kind: ClassVar[Kind] = Kind.TV
    faults: ClassVar[tuple[Fault, ...]] = (*GENERIC, SWITCHED_OFF, NO_SIGNAL, OTHER_INPUT)

    model: Text32 = "55BENCH-TV"
    serial_number: Text32 = "BENCHTV0001"
    hours: Hours = 7210
    warm_c: Annotated[float, Field(ge=0, le=60)] = 14.0


@dataclass(frozen=True, slots=True)
class DisplayFacts:
    on: bool
    input: str
    signal: bool
    temp_c: float
    on_minutes: int
    backlight_ok: bool
    fan_ok: bool
    temp_ok: bool

    @property
    def hours(self) -> int:
        return self.on_minutes // 60


def facts(unit: Unit[DisplaySettings]) -> DisplayFacts:
    moment, settings = unit.look(), unit.settings
    school, now = moment.school, moment.now
    ills, power = school.ills(unit.key), school.powers[unit.key]
    source = AV if OTHER_INPUT.code in ills else school.notes.get(unit.key, NOTHING).get(INPUT, HDMI1)
    fed = NO_SIGNAL.code not in ills and source == HDMI1 and school.feeds_pictures(settings.room)
    heat_c = OVERHEATED_BY_C if HOT.code in ills else 0.0
    return DisplayFacts(
        on=power.on,
        input=source,
        signal=power.on and fed,
        temp_c=school.warm_c(unit.key, settings.warm_c, now) + heat_c,
        on_minutes=settings.hours * 60 + power.on_ms(now) * 60 // MS_PER_HOUR,
        backlight_ok=BACKLIGHT.code not in ills,
        fan_ok=FAN.code not in ills,
        temp_ok=HOT.code not in ills,
    )
