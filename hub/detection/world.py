"""What all schools of a district share while they are judged: settings, calendars, the sun, the sky, the causes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from hub.core.findings import Conclusion
from hub.detection.absence import Absence
from hub.detection.evaluate import Judge
from hub.detection.progress import ClassTime
from hub.detection.rooms import Days
from hub.detection.settings import DetectionSettings
from hub.detection.signs import Cause
from hub.detection.sky import Sky
from hub.detection.sun import SunPath
from hub.detection.weighing import Hypothesis


class Calendar(ClassTime, Days, Protocol):
    """A school's class time, and when somebody works on its equipment."""

    def maintained(self, t: int) -> bool: ...


@dataclass(slots=True)
class World:
    """One district's.

    missing   whether nodes may be missed now: the hub hears its broker, and has for long enough
    place_of  latitude and longitude of a school, where the register knows them
    tell      takes a conclusion
    pauses    whether rooms of the district now and then are unused for so many days of class, and then used again
    heard_by  the clear sky of all established receivers of a profile that read a gauge
    is_away, join_area  whether a node is away, and that it is so together with neighbours: for nodes of any school
    """

    group: str
    settings: DetectionSettings
    calendar_of: Callable[[str], Calendar]
    place_of: Callable[[str], tuple[float, float] | None]
    sun: SunPath
    sky: Sky
    judge: Judge
    causes: Iterable[Cause]
    hypotheses: tuple[Hypothesis, ...]
    absences: tuple[Absence, ...]
    tell: Callable[[Conclusion], None]
    is_away: Callable[[str], bool]
    join_area: Callable[[str], None]
    heard_by: Callable[[str, str], list[float]]
    pauses: Callable[[int], bool]
    missing: bool = True
