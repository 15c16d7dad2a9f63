"""A UPS: on the mains or on its battery, how long that will last, and whether the software still reaches it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from bench.faults import GENERIC, Fault
from bench.live import Unit
from bench.settings import DeviceSettings, Kind, Text32

ON_BATTERY = Fault("on-battery", "the mains has failed: it runs on its battery, which empties")
BATTERY_WORN = Fault("battery-worn", "its self-test has failed: the battery wants replacing")
OVERLOADED = Fault("overloaded", "more hangs on it than it can carry")
STALE = Fault("stale", "the cable to the UPS is out: the software's data are stale, the UPS itself is well")
NO_DRIVER = Fault("no-driver", "the software's driver has died: nobody knows how the UPS is")
LOW_CHARGE_PCT = 20
WORN_SHARE = 0.15


class UpsSettings(DeviceSettings):
    kind: ClassVar[Kind] = Kind.OTHER
    faults: ClassVar[tuple[Fault, ...]] = (*GENERIC, ON_BATTERY, BATTERY_WORN, OVERLOADED, STALE, NO_DRIVER)

    maker: Text32 = "Bench Power"
    model: Text32 = "BU-650"
    serial_number: Text32 = "BENCHUPS0001"
    runtime_s: Annotated[int, Field(gt=0, le=86_400)] = 2400
    load_pct: Annotated[int, Field(ge=0, le=100)] = 21
    warm_c: Annotated[float, Field(ge=0, le=60)] = 4.0


@dataclass(frozen=True, slots=True)
class UpsFacts:
    mains: bool
    charge_pct: int
    runtime_s: int
    load_pct: int
    temp_c: float
    battery_worn: bool
    overloaded: bool
    driver: bool
    fresh: bool

    @property
    def battery_low(self) -> bool:
        return self.charge_pct <= LOW_CHARGE_PCT


def facts(unit: Unit[UpsSettings]) -> UpsFacts:
    moment, settings = unit.look(), unit.settings
    school, now = moment.school, moment.now
    ills = school.ills(unit.key)
    full_s = settings.runtime_s * (WORN_SHARE if BATTERY_WORN.code in ills else 1.0)
    since = school.ill_since(unit.key, ON_BATTERY.code)
    left_s = max(0.0, full_s - (0 if since is None else (now - since) / 1000))
    return UpsFacts(
        mains=since is None,
        charge_pct=round(100 * left_s / full_s),
        runtime_s=int(left_s),
        load_pct=112 if OVERLOADED.code in ills else settings.load_pct,
        temp_c=school.warm_c(unit.key, settings.warm_c, now),
        battery_worn=BATTERY_WORN.code in ills,
        overloaded=OVERLOADED.code in ills,
        driver=NO_DRIVER.code not in ills,
        fresh=STALE.code not in ills,
    )
