"""What an operator may set about detection: every threshold with its unit in the name and the reason for its value.

Limits of one model (temperatures, disk, lamp life) stand in its profile. The bench shortens the times in its own file.
"""

from datetime import date, datetime, time
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hub.detection.thresholds import DishSettings, LevelSettings, PresenceSettings, SkySettings

_END_OF_DAY = time.max


def _hour(value: Any) -> Any:
    return _END_OF_DAY if value == "24:00" else value


def _in_order(hours: tuple[time, time]) -> tuple[time, time]:
    if hours[0] >= hours[1]:
        raise ValueError("the first hour must lie before the second")
    return hours


def _term_in_order(term: tuple[date, date]) -> tuple[date, date]:
    if term[0] > term[1]:
        raise ValueError("the first day must not lie after the last")
    return term


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is no time zone; write a name such as Asia/Bangkok") from None
    return name


def _last_moment(value: Any) -> Any:
    """A day is over at its end, not at its beginning."""
    if isinstance(value, str) and len(value) == len("2026-06-01"):
        value = date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, _END_OF_DAY)
    return value


Hour = Annotated[time, BeforeValidator(_hour)]
Hours = Annotated[tuple[Hour, Hour], AfterValidator(_in_order)]
Term = Annotated[tuple[date, date], AfterValidator(_term_in_order)]
Weekday = Annotated[int, Field(ge=0, le=6)]
SchoolCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,32}$")]


class _Exceptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    no_class: tuple[date, ...] = Field(
        (), description="Further days without class: a school's own feast, an election, a flood."
    )
    also_class: tuple[date, ...] = Field(
        (),
        description="Days with class whatever else is said of them, such as a Saturday that makes up for a lost day.",
    )

    @model_validator(mode="after")
    def _decided(self) -> Self:
        both = set(self.no_class) & set(self.also_class)
        if both:
            raise ValueError(f"{min(both)} stands in no_class and in also_class; take it out of one of them")
        return self


class SchoolCalendar(_Exceptions):
    """What one school does differently; all that is not said is as in the district."""

    class_hours: Hours | None = Field(None, description="First bell and last bell, where they are not the district's.")
    weekdays: tuple[Weekday, ...] | None = Field(None, description="Days with class of this school, 0 = Monday.")
    terms: tuple[Term, ...] | None = Field(None, description="First and last day of each term of this school.")
    holidays: tuple[date, ...] | None = Field(
        None, description="Days without class in place of the district's; for further ones write no_class."
    )


class CalendarSettings(_Exceptions):
    """When there is class: [calendar] of hub.toml, and the `calendar` of an inventory."""

    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "Asia/Bangkok", description="Class hours are wall-clock times of this zone, because bells follow the clock."
    )
    class_hours: Hours = Field(
        (time(8, 30), time(15, 30)),
        description="First bell and last bell; equipment is switched off outside of them, which is no fault.",
    )
    weekdays: tuple[Weekday, ...] = Field(
        (0, 1, 2, 3, 4), description="Days with class, 0 = Monday: schools are closed at the weekend."
    )
    terms: tuple[Term, ...] | None = Field(
        None,
        description="First and last day of each term; without any, those of the ministry's rule of every year: "
        "16 May to 10 October and 1 November to 31 March.",
    )
    holidays: tuple[date, ...] | None = Field(
        None, description="Days without class; without any, the public holidays of Thailand, [] for none at all."
    )
    schools: dict[SchoolCode, SchoolCalendar] = Field(
        default_factory=dict, description="By school code, what a school does differently from its district."
    )


class Maintenance(BaseModel):
    """A time in which nothing is judged, because somebody works on it: [[maintenance]] of hub.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: datetime = Field(
        alias="from", description="Its first moment, or its first day; without an offset, in the calendar's time zone."
    )
    end: Annotated[datetime, BeforeValidator(_last_moment)] = Field(
        alias="to", description="The moment at which it is over, or its last day; in the same zone as its beginning."
    )
    schools: tuple[SchoolCode, ...] | None = Field(
        None, description="The schools that it holds for; without any, all of the district."
    )
    reason: str = Field(
        min_length=1, max_length=200, description="What is done there, for those who wonder at the silence."
    )

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if (self.start.tzinfo is None) != (self.end.tzinfo is None):
            raise ValueError("write an offset in both from and to, or in none of them")
        if self.start >= self.end:
            raise ValueError("from must lie before to")
        return self


class DetectionSettings(BaseModel):
    """How long a sign must hold, and what counts as one: [detection] of hub.toml.

    `_class_min` counts minutes of class time, `_min` and `_s` time by the clock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    silent_class_min: float = Field(
        50,
        gt=0,
        description="A set that answers no more is a fault after one lesson; what is shorter is a teacher's business "
        "(a reboot, a plug).",
    )
    no_lock_class_min: float = Field(
        50,
        gt=0,
        description="A receiver without lock beside others that have it is a fault after one lesson; a retune is shorter.",
    )
    no_signal_class_min: float = Field(
        50,
        gt=0,
        description="A set without a picture source is a fault after one lesson; another input is chosen for less.",
    )
    error_class_min: float = Field(
        50,
        gt=0,
        description="An error that a set reports must last a lesson: cooling down and starting up report some that pass.",
    )
    lamp_class_min: float = Field(
        50,
        gt=0,
        description="A worn lamp must be reported for a lesson; the ticket is planned work, nothing is urgent.",
    )
    offline_class_min: float = Field(
        240,
        gt=0,
        description="A node that stays silent is looked for after 4 class hours; power and Internet often fail for less.",
    )
    limit_time_share: float = Field(
        1,
        ge=0,
        le=1,
        description="The share that is taken of the times in the profiles' limits: all of them; a bench takes less, "
        "to see in seconds what takes a computer hours.",
    )
    waits_class_min: float = Field(
        240,
        gt=0,
        description="A picture source must wait so long for a set whose silence alone proves nothing: several class hours.",
    )
    waits_days: float = Field(
        3,
        ge=1,
        description="And somebody must have switched it on for that set on so many days: one may be a teacher's test.",
    )
    missed_belief: float = Field(
        0.998,
        gt=0.5,
        lt=1,
        description="What must speak for a fault where a set that came nearly every day comes no more while its room waits for "
        "it: where it came on 9 of 9 days, three days are enough, on 5 of 5 four, on 6 of 10 eight. A district has hundreds of "
        "rooms, and in some of them nobody wants a lesson for days.",
    )
    screen_class_min: float = Field(
        300,
        gt=0,
        description="A screen without picture must wait so long for a receiver whose silence alone proves nothing: several class "
        "hours on several days, for a lesson may be held with a stick or a notebook.",
    )
    used_h: float = Field(
        3,
        gt=0,
        description="A set must have answered for so long beside its picture source before its absence there says anything.",
    )
    recovered_min: float = Field(
        10,
        ge=0,
        description="A fault counts as gone when it has been away for so long, so that a loose plug is one fault, not many.",
    )
    together_min: float = Field(
        10,
        gt=0,
        description="Devices of a room that fall silent within so long of each other have lost their power, "
        "or were switched off at one plug.",
    )
    never_off_h: float = Field(
        48,
        gt=0,
        description="A receiver that was on day and night for so long is not one that is switched off: its silence is a sign.",
    )
    always_on_h: float = Field(
        40,
        gt=0,
        description="A set that answered for so long without a break, nights included, and was never silent for long, answers "
        "in standby too: its silence is a sign. Forty hours hold a whole night, whenever they begin.",
    )
    settle_s: float = Field(
        120,
        ge=0,
        description="While a node is online and says nothing new, its last values hold up to so long ago: longer than a "
        "report is under way, and than the broker takes to notice a dead node.",
    )
    clock_ahead_min: float = Field(
        60,
        gt=0,
        description="A node whose clock is further ahead of the hub's is taken to be only so far ahead. Otherwise one report "
        "from next year would keep the node's time standing still until then.",
    )
    clock_again_min: float = Field(
        120,
        ge=0,
        description="An offset of the clock that was told anew soon after a start counts where it was told no otherwise for so "
        "long: agents ask a time server about once an hour, and what is not sent has not changed.",
    )
    startup_grace_min: float = Field(
        15,
        ge=0,
        description="After the hub has started or found its broker again, nodes get so long to be heard before one is missed.",
    )
    host_profile: str = Field(
        "host/raspberry-pi", description="Its limits hold for a node's own computer that names no profile of its own."
    )
    level: LevelSettings = LevelSettings.model_validate({})
    dish: DishSettings = DishSettings.model_validate({})
    presence: PresenceSettings = PresenceSettings.model_validate({})
    sky: SkySettings = SkySettings.model_validate({})
