"""What a cause is declared with: signs, and what a sign sees. How long a sign must hold is judged in evaluate.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from hub.detection.daily import ClassTime
from hub.detection.facts import ProfileFacts
from hub.detection.settings import DetectionSettings
from hub.detection.view import DeviceView, SiteView

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
Number = str | int | float | bool | None


class Verdict(Enum):
    """What the values say of a sign.

    PRESENT  it is there
    BETWEEN  it is no longer there, but health is not back either (hysteresis)
    GONE     the opposite is seen
    UNKNOWN  nothing can be said: values are missing, or something else explains it. Time stands still.
    """

    PRESENT = "present"
    BETWEEN = "between"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sight:
    """A verdict. `since`: when what is seen began, where the values tell; `numbers`: what the evidence shows."""

    verdict: Verdict
    numbers: Mapping[str, Number] = field(default_factory=dict)
    since: int | None = None


GONE = Sight(Verdict.GONE)
BETWEEN = Sight(Verdict.BETWEEN)
UNKNOWN = Sight(Verdict.UNKNOWN)


def present(since: int | None = None, **numbers: Number) -> Sight:
    return Sight(Verdict.PRESENT, numbers, since)


class Scene(NamedTuple):
    """All that a sign may look at: a device, the school around it, its class time, the profile and the settings."""

    view: SiteView
    device: DeviceView
    settings: DetectionSettings
    time: ClassTime

    @property
    def profile(self) -> ProfileFacts:
        return self.device.profile


@dataclass(frozen=True, slots=True)
class Span:
    """A time, by the clock or of class."""

    ms: int
    in_class: bool = False

    @classmethod
    def of_class(cls, minutes: float) -> "Span":
        return cls(round(minutes * MINUTE_MS), in_class=True)

    @classmethod
    def of_clock(cls, minutes: float) -> "Span":
        return cls(round(minutes * MINUTE_MS))


def _recovered(scene: Scene) -> Span:
    return Span.of_clock(scene.settings.recovered_min)


@dataclass(frozen=True, slots=True)
class Sign:
    """One way in which a cause shows.

    code     short name, unique within the cause; `evidence.<cause>.<code>` is its wording
    see      what the values say now
    hold     how long it must be there before it counts
    clear    how long it must be gone before it counts as gone
    numbers  the parameters of its evidence, beside those of every sign (see texts.py)
    watches  the metrics of the device that it looks at, beside those that concern the whole school (SHARED in evaluate.py)
    alone    nothing else of what changes from report to report concerns it
    twice    it is looked at again when it is due: what explains it shows at other schools
    of_silence  the device says nothing any more: as long as it answers the sign is gone, and is not looked for
    """

    code: str
    see: Callable[[Scene], Sight]
    hold: Callable[[Scene], Span]
    clear: Callable[[Scene], Span] = _recovered
    numbers: tuple[str, ...] = ()
    watches: frozenset[str] = frozenset()
    alone: bool = False
    twice: bool = False
    of_silence: bool = False


def at_once(_scene: Scene, _metric: str) -> Span | None:
    return Span(0)


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the causes contract.

    code     its name there
    kinds    the kinds of device that it can befall; `host` is the node's own computer
    signs    how it shows in what the node reports. Limits that a profile sets in its name are signs too (see limits.py)
    dark     the lesson cannot be shown in the device's room
    patience  for how long at least a metric that a profile limits in the cause's name must be past its limit; None: its value
             says nothing yet
    unheard  for a cause that shows in the node's saying nothing at all: for how long
    """

    code: str
    kinds: frozenset[str]
    signs: tuple[Sign, ...] = ()
    dark: bool = False
    patience: Callable[[Scene, str], Span | None] = at_once
    unheard: Callable[[DetectionSettings], Span] | None = None
