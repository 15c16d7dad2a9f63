"""How urgent a repair is, and why: lesson minutes being lost, pupils touched, small schools first. People may say otherwise.

The words are those of form F01: normal, urgent, very urgent, most urgent.
"""

from dataclasses import dataclass
from enum import StrEnum

from hub.core.texts import Text

SMALL_SCHOOL = 120
"""Pupils up to which a school is small (Ministry of Education)."""
_MANY_MINUTES, _MANY_PUPILS = 120, 60
_LONG_DAYS = 7


class Urgency(StrEnum):
    """The most urgent first."""

    MOST = "most_urgent"
    VERY = "very_urgent"
    URGENT = "urgent"
    NORMAL = "normal"


_RANK = {each: place for place, each in enumerate(Urgency)}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known around a repair.

    pupils     of the school; None: nobody knows
    rooms      of the school that have equipment; touched: those of them that the fault is in
    lost_min   lesson minutes that these have lost since it began
    days       since it began
    reports    how often people reported it
    recovered  the readings are well again
    said, why  what somebody set, and the reason
    """

    pupils: int | None = None
    rooms: int = 0
    touched: int = 0
    lost_min: float = 0.0
    days: int = 0
    reports: int = 0
    recovered: bool = False
    said: str | None = None
    why: str = ""

    @property
    def touched_pupils(self) -> int | None:
        """As far as they are spread evenly over the rooms."""
        if self.pupils is None or not self.touched:
            return None
        return round(self.pupils * min(1.0, self.touched / max(self.rooms, 1)))

    @property
    def is_small(self) -> bool:
        return self.pupils is not None and self.pupils <= SMALL_SCHOOL


@dataclass(frozen=True, slots=True)
class Priority:
    """order: sorts the most urgent first; own: somebody set it"""

    urgency: Urgency
    reasons: tuple[Text, ...]
    order: tuple[int, bool, float, int]
    own: bool = False


def weighed(around: Circumstances) -> Priority:
    points = _points(around)
    reasons = tuple(text for _, text in points)
    found = _by_points(sum(each for each, _ in points))
    said = Urgency(around.said) if around.said in set(Urgency) else None
    if said is not None:
        reasons = (Text("priority.said", {"why": around.why, "urgency": found.value}), *reasons)
        found = said
    order = (_RANK[found], not around.is_small, -around.lost_min, -(around.touched_pupils or 0))
    return Priority(found, reasons, order, said is not None)


def _points(around: Circumstances) -> list[tuple[int, Text]]:
    if around.recovered:
        return [(0, Text("priority.recovered"))]
    points: list[tuple[int, Text]] = []
    if around.lost_min >= 1:
        heavy = 2 if around.lost_min >= _MANY_MINUTES else 1
        points.append((heavy, Text("priority.lost", {"minutes": round(around.lost_min)})))
    touched = around.touched_pupils
    if touched:
        points.append((2 if touched >= _MANY_PUPILS else 1, Text("priority.pupils", {"pupils": touched})))
    if around.is_small:
        points.append((1, Text("priority.small_school", {"pupils": around.pupils or 0})))
    if around.reports > 1:
        points.append((1, Text("priority.reports", {"count": around.reports})))
    if around.days >= _LONG_DAYS:
        points.append((1, Text("priority.days", {"days": around.days})))
    return points


def _by_points(points: int) -> Urgency:
    if points >= 5:
        return Urgency.MOST
    if points >= 3:
        return Urgency.VERY
    return Urgency.URGENT if points >= 2 else Urgency.NORMAL
