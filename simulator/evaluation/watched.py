"""For how long, on each day, somebody could look through a dish: a receiver on it was on, and its agent was heard."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from simulator.clock import day_of
from simulator.evaluation.minutes import Day
from simulator.evaluation.plain_rule import school_of
from simulator.evaluation.told import RoomDay
from simulator.schooldays import Calendar

Dish = tuple[str, str]
"""School and dish; where the register names none, a school has one."""


@dataclass(slots=True)
class Watch:
    """Takes the lines of a recording. seconds: of class, by dish and ISO date."""

    calendar: Calendar
    dishes: Mapping[tuple[str, str], str]
    seconds: defaultdict[tuple[Dish, str], float] = field(default_factory=lambda: defaultdict(float))
    _on: defaultdict[Dish, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _since: dict[Dish, int] = field(default_factory=dict)
    _off: set[tuple[str, str]] = field(default_factory=set)
    _now: int = 0

    def take(self, message: Mapping[str, Any]) -> None:
        t, kind, node = message["t"], message["type"], message["node"]
        self._now = max(self._now, t)
        if kind in ("NBIRTH", "NDEATH"):
            for dish in [dish for dish, seen in self._on.items() if any(each[0] == node for each in seen)]:
                for each in [each for each in self._on[dish] if each[0] == node]:
                    self._see(dish, each, seen=False, t=t)
            return
        device = (node, message.get("device") or "")
        name = self.dishes.get((school_of(node), device[1]))
        if name is not None:
            self._see((school_of(node), name), device, seen=self._is_on(kind, device, message), t=t)

    def _is_on(self, kind: str, device: tuple[str, str], message: Mapping[str, Any]) -> bool:
        told = dict(message["metrics"]) if kind != "DDEATH" else {"device/reachable": False}
        if told.get("device/reachable") is False or told.get("power/on") is False:
            self._off.add(device)
        elif told.get("device/reachable") is True or told.get("power/on") is True or "signal/lock" in told:
            self._off.discard(device)
        return device not in self._off

    def _see(self, dish: Dish, device: tuple[str, str], *, seen: bool, t: int) -> None:
        looking = self._on[dish]
        if (device in looking) is seen:
            return
        if not looking:
            self._since[dish] = t
        (looking.add if seen else looking.discard)(device)
        if not looking:
            self._count(dish, self._since.pop(dish), t)

    def end(self) -> Mapping[tuple[Dish, str], float]:
        for dish, since in self._since.items():
            self._count(dish, since, self._now)
        self._since.clear()
        return self.seconds

    def _count(self, dish: Dish, start: int, end: int) -> None:
        day, last = day_of(start / 1000), day_of(end / 1000)
        while day <= last:
            hours = self.calendar.class_time(day)
            if hours is not None:
                seen = min(end / 1000, hours[1]) - max(start / 1000, hours[0])
                self.seconds[dish, day.isoformat()] += max(0.0, seen)
            day += timedelta(days=1)

    def missing(self, inventory: Mapping[str, Any], days: Iterable[RoomDay]) -> dict[Day, float]:
        """Class minutes of each room's day in which nobody could look through its dish."""
        rooms = {(each["school"], each.get("room")): each.get("dish") or "" for each in _receivers(inventory)}
        seconds, found = self.end(), {}
        for school, room, day, _ in days:
            hours = self.calendar.class_time(date.fromisoformat(day))
            whole = hours[1] - hours[0] if hours else 0
            found[school, room, day] = (whole - seconds.get(((school, rooms.get((school, room), "")), day), 0.0)) / 60
        return found


def dishes_of(inventory: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The dish of each receiver, by school and device."""
    return {(each["school"], each["device"]): each.get("dish") or "" for each in _receivers(inventory)}


def _receivers(inventory: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in inventory.get("devices", ()) if each.get("kind") == "receiver")
