"""An account of lesson minutes: what was told rightly, and of what was not, why.

Of each room and day the minutes of the labels are laid beside those that were told. What is missing or too much has one of these
reasons; they are tried in this order, and each minute has one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from simulator.evaluation.scores import unseen_days
from simulator.evaluation.told import Labels, RoomDay

SKY = ("rain_fade", "sun_outage", "satellite_outage")
UPSTREAM = ("school_power_outage", "area_outage", "school_link_outage", "school_offline")
Day = tuple[str, str, str]
"""School, room and ISO date."""


class Reason(Enum):
    """TOLD       rightly, whatever the cause
    HIDDEN     missing: a fault took them in a room of which nothing that is reported tells
    UNWATCHED  missing: the sky took them while all receivers of the dish were off, or their agent away
    SKY        missing: the sky took them, and a receiver was on for long enough to see it
    POWER      missing: a school was without power
    FAULT      missing: of a fault that could be seen, mostly before its first sign or after its last
    TOO_MUCH   more was told than was lost, on a day on which something was
    NOTHING    told where the labels have nothing
    """

    TOLD = "told"
    HIDDEN = "hidden"
    UNWATCHED = "unwatched"
    SKY = "sky"
    POWER = "power"
    FAULT = "fault"
    TOO_MUCH = "too_much"
    NOTHING = "nothing"


WORDS = {
    Reason.TOLD: "told",
    Reason.HIDDEN: "missing: a fault of which nothing that is reported tells",
    Reason.UNWATCHED: "missing: weather, sun or satellite over receivers that were off, or whose agent was away",
    Reason.SKY: "missing: weather, sun or satellite that a receiver could see",
    Reason.POWER: "missing: a school without power",
    Reason.FAULT: "missing: of a fault that could be seen",
    Reason.TOO_MUCH: "too much: more was told than was lost that day",
    Reason.NOTHING: "too much: nothing was lost that day",
}


@dataclass(slots=True)
class Account:
    """Minutes by reason. true: all that the labels have."""

    true: float = 0.0
    minutes: defaultdict[Reason, float] = field(default_factory=lambda: defaultdict(float))

    def share(self, reason: Reason) -> float:
        return self.minutes[reason] / self.true if self.true else 0.0


def account(labels: Labels, told: Mapping[RoomDay, float], unwatched: Mapping[Day, float]) -> Account:
    """`unwatched`: class minutes in which nobody could look through the room's dish."""
    hidden = unseen_days(labels)
    found = Account(sum(labels.lost.values()))
    true_by_day, told_by_day = _by_day(labels.lost), _by_day(told)
    for day in {*true_by_day, *told_by_day}:
        true, said = true_by_day.get(day, {}), told_by_day.get(day, {})
        missing = sum(true.values()) - sum(said.values())
        found.minutes[Reason.TOLD] += min(sum(true.values()), sum(said.values()))
        if missing < 0:
            found.minutes[Reason.TOO_MUCH if true else Reason.NOTHING] -= missing
            continue
        lacking = {cause: minutes - said.get(cause, 0.0) for cause, minutes in true.items()}
        for reason, most in _reasons(day, lacking, hidden, unwatched.get(day, 0.0)):
            part = min(missing, most)
            found.minutes[reason] += part
            missing -= part
    return found


def _reasons(
    day: Day, lacking: Mapping[str, float], hidden: frozenset[RoomDay], unwatched: float
) -> Iterable[tuple[Reason, float]]:
    """What can explain that minutes of a day are missing, and how many at most."""
    positive = {cause: minutes for cause, minutes in lacking.items() if minutes > 0}
    sky = sum(minutes for cause, minutes in positive.items() if cause in SKY)
    dark = sum(minutes for cause, minutes in positive.items() if (*day, cause) in hidden)
    power = sum(minutes for cause, minutes in positive.items() if cause in UPSTREAM)
    yield Reason.HIDDEN, dark
    yield Reason.UNWATCHED, min(sky, unwatched)
    yield Reason.POWER, power
    yield Reason.FAULT, sum(positive.values()) - sky - dark - power
    yield Reason.SKY, sky


def _by_day(minutes: Mapping[RoomDay, float]) -> dict[Day, dict[str, float]]:
    days: defaultdict[Day, dict[str, float]] = defaultdict(dict)
    for (school, room, day, cause), value in minutes.items():
        days[school, room, day][cause] = value
    return days
