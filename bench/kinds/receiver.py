"""A satellite receiver on one of the school's dishes: whether it locks, with how much to spare, and how strong the level is."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from bench import sky
from bench.faults import GENERIC, Fault
from bench.live import Unit
from bench.school import School
from bench.settings import DeviceSettings, DishSettings, Key, Kind, Seconds, Text32

LEVEL_IN_CLEAR_SKY_PCT = 78
LEVEL_PCT_PER_DB = 3

STANDBY = Fault("standby", "merely in standby: no ticket may come", switches_off=True)
NO_LOCK = Fault("no-lock", "its tuner is broken: strength but no lock")


class ReceiverSettings(DeviceSettings):
    kind: ClassVar[Kind] = Kind.RECEIVER
    faults: ClassVar[tuple[Fault, ...]] = (*GENERIC, STANDBY, NO_LOCK)

    dish: Key | None = None
    model: Text32 = "sat-one"
    service: Text32 = "DLTV 1"
    lock_after_s: Seconds = 4.0
    locks_above_db: Annotated[float, Field(ge=0, le=30)] = 8.0


@dataclass(frozen=True, slots=True)
class ReceiverFacts:
    on: bool
    locked: bool
    cnr_db: float
    level_pct: int
    uptime_s: int


def facts(unit: Unit[ReceiverSettings]) -> ReceiverFacts:
    moment, settings = unit.look(), unit.settings
    school, now = moment.school, moment.now
    dish = school.settings.dish_called(settings.dish)
    on, cnr_db = school.runs(unit.key), _cnr_db(school, dish, now)
    booted_at = school.booted_at[unit.key]
    settled = min(school.powers[unit.key].for_ms(now), now - booted_at) >= settings.lock_after_s * 1000
    heard = on and "lnb-dead" not in school.ills(dish.key)
    locked = heard and settled and NO_LOCK.code not in school.ills(unit.key) and cnr_db > settings.locks_above_db
    level = round(LEVEL_IN_CLEAR_SKY_PCT - LEVEL_PCT_PER_DB * (dish.clear_sky_cnr_db - cnr_db))
    return ReceiverFacts(
        on=on,
        locked=locked,
        cnr_db=cnr_db if locked else 0.0,
        level_pct=max(0, level) if heard else 0,
        uptime_s=(now - booted_at) // 1000,
    )


def _cnr_db(school: School, dish: DishSettings, now: int) -> float:
    since = school.ill_since(dish.key, "rain")
    fade = sky.shower_db(now - (now if since is None else since), dish.shower_s * 1000, dish.shower_depth_db)
    return dish.clear_sky_cnr_db + sky.wobble_db(now) - fade
