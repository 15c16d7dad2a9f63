"""Read models of what many days and schools tell together: incidents, lesson time lost, the use of equipment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.core.equipment import NodeKey
from hub.core.texts import Text


@dataclass(frozen=True, slots=True)
class IncidentSchool:
    """A school that an incident befell, since when and until when (None: it lasts)."""

    code: str
    name: str | None
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """What befalls several schools, or what no technician can mend.

    lost_min  lesson minutes that its schools lost to its cause on its days
    """

    group: str
    key: str
    cause: str
    start: int
    end: int | None
    schools: tuple[IncidentSchool, ...]
    evidence: tuple[Text, ...]
    lost_min: float = 0.0

    @property
    def running(self) -> bool:
        return self.end is None


@dataclass(frozen=True, slots=True)
class SchoolLessons:
    """Lesson minutes of a school over some days: those that could be shown, and those that were lost, by cause."""

    group: str
    school: str
    name: str | None
    used_min: float = 0.0
    lost: Mapping[str, float] = field(default_factory=dict)

    @property
    def lost_min(self) -> float:
        return sum(self.lost.values())


@dataclass(frozen=True, slots=True)
class LessonTime:
    """Lesson time of a district over some days (ISO 8601, both included).

    by_cause  lost minutes, most first
    schools   those that lost any, most first
    days      lost minutes of each day that lost any
    """

    first: str
    last: str
    used_min: float
    by_cause: tuple[tuple[str, float], ...]
    schools: tuple[SchoolLessons, ...]
    days: tuple[tuple[str, float], ...]

    @property
    def lost_min(self) -> float:
        return sum(minutes for _, minutes in self.by_cause)


@dataclass(frozen=True, slots=True)
class RoomIdle:
    """A room with a set: for how long nothing has been shown there, as RoomUse has it.

    has_picture  as there; told of rooms that have been idle for long only
    """

    group: str
    school: str
    room: str
    idle_days: int
    has_picture: bool

    @property
    def place(self) -> tuple[str, str, str]:
        return self.group, self.school, self.room


@dataclass(frozen=True, slots=True)
class RoomUse:
    """A room over some days: what was shown there, what was lost, and for how long nothing has been shown.

    days         class days since its receiver first reported
    used_days    those of them on which something was shown
    idle_days    class days since something was shown last, without the last day, which may not be over
    last_used    the day of it, ISO 8601
    has_picture  a receiver of the room has lock now: it could be used
    """

    group: str
    school: str
    school_name: str | None
    room: str
    days: int
    used_days: int
    used_min: float
    idle_days: int
    last_used: str | None
    has_picture: bool
    node: NodeKey | None = None
    lost: Mapping[str, float] = field(default_factory=dict)

    @property
    def lost_min(self) -> float:
        return sum(self.lost.values())
