"""The one place that holds the school of the moment: a lock around the value, a clock, and those who want to hear of changes.

The simulators run in threads of their own; each looks through its Unit, and nothing else in the bench is shared.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.faults import REFUSE
from bench.school import NOTHING, School
from bench.settings import DeviceSettings

Clock = Callable[[], int]
Change = Callable[[School, int], School]
S_co = TypeVar("S_co", bound=DeviceSettings, covariant=True)


@dataclass(frozen=True, slots=True)
class Moment:
    school: School
    now: int


class LiveSchool:
    def __init__(self, school: School, clock: Clock) -> None:
        self._school = school
        self._clock = clock
        self._lock = threading.RLock()
        self._listeners: list[Callable[[Moment], None]] = []

    def on_change(self, listener: Callable[[Moment], None]) -> None:
        """The listener hears every change, in the thread that made it."""
        self._listeners.append(listener)

    def look(self) -> Moment:
        return self.change(lambda school, _now: school)

    def change(self, how: Change) -> Moment:
        """What is due is done first, then the change; both are one step to everybody else."""
        with self._lock:
            now = self._clock()
            before = self._school
            self._school = how(before.advanced(now), now)
            moment = Moment(self._school, now)
            if self._school is not before:
                for listener in self._listeners:
                    listener(moment)
            return moment


class Unit(Generic[S_co]):
    """One device, as its simulator sees it: its settings, its moment, and what may be done to it through its line."""

    def __init__(self, live: LiveSchool, settings: S_co) -> None:
        self.settings = settings
        self.key = settings.key
        self._live = live

    def look(self) -> Moment:
        return self._live.look()

    @property
    def ills(self) -> tuple[str, ...]:
        return self.look().school.ills(self.key)

    @property
    def refuses(self) -> bool:
        return REFUSE in self.ills

    def switch(self, on: bool) -> None:
        self._live.change(lambda school, now: school.switched(self.key, on, now))

    def note(self, name: str, value: str) -> None:
        self._live.change(lambda school, _now: school.noted(self.key, name, value))

    def noted(self, name: str, default: str = "") -> str:
        return self.look().school.notes.get(self.key, NOTHING).get(name, default)
