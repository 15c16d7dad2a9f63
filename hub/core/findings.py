"""What detection concludes. Tickets are made of findings; incidents and lesson time are kept as they are told here.

Each is absolute and has an identity of its own: told twice, it changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.core.equipment import DeviceKey
from hub.core.texts import Text


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What a fault has befallen: a device; a dish, which stands for the receivers on it; or with neither the node's computer.

    dish  its name in the register; `device` is then the node's own (HOST)
    """

    device: DeviceKey
    dish: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A cause that would explain the same, and its share of the belief: 0 to 1, all together 1."""

    cause: str
    share: float


@dataclass(frozen=True, slots=True)
class FindingOpened:
    """A sign has held for long enough.

    cause         code of the causes contract, e.g. tv_failed
    sign          which of the cause's signs it is, e.g. silent
    onset_at      event time at which it began, ms
    opened_at     event time at which the hub knew enough, ms
    evidence      the numbers it was opened on
    alternatives  what else it could be, the likeliest first; `cause` itself is the first of them
    taken_for     where, and for what, this very fault was taken before: a receiver's for its dish's, or the other way round
    """

    place: Place
    cause: str
    sign: str
    onset_at: int
    opened_at: int
    evidence: tuple[Text, ...]
    alternatives: tuple[Alternative, ...] = ()
    taken_for: tuple[tuple[Place, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FindingCorrected:
    """More is known: what was told as `was` is `cause`. Its sign `sign` stands on under the new name."""

    place: Place
    was: str
    cause: str
    sign: str
    corrected_at: int
    evidence: tuple[Text, ...]
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingCleared:
    """The sign is gone since `cleared_at` (event time, ms). ended_at: when it went, where nobody looked for a while before."""

    place: Place
    cause: str
    sign: str
    cleared_at: int
    evidence: tuple[Text, ...]
    ended_at: int | None = None


Finding = FindingOpened | FindingCorrected | FindingCleared


@dataclass(frozen=True, slots=True)
class Incident:
    """What befalls several schools, or what no technician can mend. Replaces what was told of `key` before.

    group    the district
    key      its identity within the group, for good
    start    event time, ms
    end      None while it lasts
    schools  by code, since when and until when it was seen there; none at all: it turned out to be something else
    """

    group: str
    key: str
    cause: str
    start: int
    end: int | None
    schools: Mapping[str, tuple[int, int | None]]
    evidence: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomDay:
    """One day of one room, in minutes of class time. Replaces what was told of that day before.

    date  ISO 8601, in the school's time zone
    lost  by cause: the lesson could not be shown
    used  its TV or projector was on and its receiver locked
    """

    group: str
    school: str
    room: str
    date: str
    lost: Mapping[str, float] = field(default_factory=dict)
    used: float = 0.0


Conclusion = Finding | Incident | RoomDay
