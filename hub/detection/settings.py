"""What an operator may set about detection: every threshold with its unit in the name and the reason for its value.

Limits of one model (temperatures, disk, lamp life) stand in its profile. The bench shortens the times in its own file.
"""

from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

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


Hour = Annotated[time, BeforeValidator(_hour)]
Hours = Annotated[tuple[Hour, Hour], AfterValidator(_in_order)]
Term = Annotated[tuple[date, date], AfterValidator(_term_in_order)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class CalendarSettings(BaseModel):
    """When there is class: [calendar] of hub.toml, and the `calendar` of an inventory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
    always_on_h: float = Field(
        72,
        gt=0,
        description="A set that has answered for so long without a break, nights included, answers in standby too: "
        "its silence is a sign. Three days hold two nights, whatever day they begin.",
    )
    node_quiet_min: float = Field(
        15,
        gt=0,
        description="A node reports at least every 5 minutes. Where its reports leave a gap of more than three such beats "
        "it was off, and that time counts for no sign of its devices.",
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
    startup_grace_min: float = Field(
        15,
        ge=0,
        description="After the hub has started or found its broker again, nodes get so long to be heard before one is missed.",
    )
    host_profile: str = Field(
        "host/linux", description="Its limits hold for a node's own computer that names no profile of its own."
    )
