"""What all sets have in common: they are polled, answer or do not, and tell what is new."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from simulator.dishes import DishHour
from simulator.district import School
from simulator.intervals import Interval
from simulator.reporting import Figures, Teller
from simulator.rooms import Stretch
from simulator.sky import SchoolHour


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one school: everything that is so, whoever looks."""

    start: int
    school: School
    sky: SchoolHour
    dishes: dict[str, DishHour]
    rooms: dict[str, list[Stretch]]
    dark: list[Interval]

    @property
    def end(self) -> int:
        return self.start + 3600

    def stretch(self, room: str, t: float) -> Stretch:
        return next((each for each in self.rooms[room] if each.start <= t < each.end), self.rooms[room][-1])


class Change(StrEnum):
    NEWS = "news"
    LOST = "lost"
    BACK = "back"


Event = tuple[float, Change, Figures]


class Device(ABC):
    """A set at the end of an agent's line."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """All metrics of it."""

    def __init__(
        self,
        key: str,
        kind: str,
        profile: str,
        room: str | None,
        *,
        poll_s: int,
        phase: float,
        bands: dict[str, float],
        heartbeats: dict[str, float] | None = None,
    ) -> None:
        self.key, self.kind, self.profile, self.room_key = key, kind, profile, room
        self._poll, self._phase = poll_s, phase
        self._teller = Teller(bands, heartbeats or {})
        self.reachable = False
        self.due = 0.0

    @abstractmethod
    def figures(self, t: float, hour: Hour) -> Figures | None:
        """What it answers, or None where it answers nothing."""

    def edges(self, hour: Hour) -> list[float]:
        """When something about it changes."""
        return [each.start for each in hour.rooms[self.room_key]] if self.room_key else []

    def events(self, start: float, end: float, hour: Hour) -> Iterator[Event]:
        edges = [start, *(edge for edge in self.edges(hour) if start < edge < end), end]
        for low, high in pairwise(edges):
            yield from self.steady(low, high, hour)

    def steady(self, start: float, end: float, hour: Hour) -> Iterator[Event]:
        """Nothing changes in this stretch: one look at its beginning, then only when a heartbeat is due."""
        t = self.poll_at(start)
        while t < end:
            yield from self.tell(t, self.figures(t, hour))
            if not self.reachable:
                return
            t = self.poll_at(max(t + self._poll, self.due))

    def poll_at(self, t: float) -> float:
        """The first poll at or after `t`."""
        return math.ceil((t - self._phase) / self._poll) * self._poll + self._phase

    def polls(self, start: float, end: float) -> Iterator[float]:
        t = self.poll_at(start)
        while t < end:
            yield t
            t += self._poll

    def begin(self, t: float, figures: Figures | None) -> None:
        """A birth of the node tells everything anew."""
        self.reachable = figures is not None
        if figures is not None:
            self._teller.start(t, figures)
            self.due = self._teller.next_due()

    def tell(self, t: float, figures: Figures | None) -> Iterator[Event]:
        if figures is None:
            if self.reachable:
                self.reachable = False
                yield t, Change.LOST, {"device/reachable": False}
            return
        if not self.reachable:
            self.begin(t, figures)
            yield t, Change.BACK, figures
            return
        if news := self._teller.news(t, figures):
            yield t, Change.NEWS, news
        self.due = self._teller.next_due()
