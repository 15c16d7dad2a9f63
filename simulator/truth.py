"""What was really so, minute by minute of class: lesson time lost and why, use of the rooms, what could be seen of a fault."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from simulator.clock import MINUTE, day_of
from simulator.devices import Hour
from simulator.district import Room, School
from simulator.evidence import Evidence, View, seen
from simulator.faults import HARD, Fault
from simulator.intervals import inside
from simulator.outages import Outages
from simulator.receivers import HYSTERESIS_DB
from simulator.rooms import Stretch
from simulator.schooldays import Calendar

RoomDay = tuple[str, str, date]
Heard = Callable[[School, float], frozenset[str]]


class Truth:
    """Counts over the whole recording. `hour` is called for every school and hour, in order.

    A minute is lost when the lesson could not have been shown, whether or not anybody wanted to. Where two things stand in
    the way, a broken set or dish comes before the mains, these before the satellite, and weather last.
    """

    def __init__(self, calendar: Calendar, faults: list[Fault], outages: Outages, heard: Heard) -> None:
        self.lost: defaultdict[tuple[RoomDay, str], float] = defaultdict(float)
        self.used: defaultdict[RoomDay, float] = defaultdict(float)
        self.evidence = {fault.number: Evidence() for fault in faults}
        self._calendar, self._outages, self._heard = calendar, outages, heard
        self._faults: defaultdict[str, list[Fault]] = defaultdict(list)
        for fault in faults:
            self._faults[fault.school].append(fault)
        self._unlocked: set[tuple[str, str]] = set()

    def hour(self, hour: Hour) -> None:
        window = self._calendar.class_time(day_of(hour.start))
        if window is None or window[0] >= hour.end or window[1] <= hour.start:
            return
        minutes = range(max(0, window[0] - hour.start) // MINUTE, min(3600, window[1] - hour.start) // MINUTE)
        faults = [f for f in self._faults[hour.school.code] if f.onset < hour.end and f.end > hour.start]
        for room in hour.school.rooms:
            if self._calm(hour, room) and not faults:
                self._count_calm(hour, room, minutes)
            else:
                self._count(hour, room, minutes, faults)
        if faults:
            self._look(hour, minutes, faults)

    def _calm(self, hour: Hour, room: Room) -> bool:
        dish = hour.dishes[room.dish]
        if hour.dark or hour.sky.rain_db or hour.sky.sun_deg or not all(dish.carrier):
            return False
        return min(dish.own_db) + room.receiver_offset_db > room.receiver.locks_at_db + HYSTERESIS_DB

    def _count_calm(self, hour: Hour, room: Room, minutes: range) -> None:
        """Nothing can be lost: only the use is counted."""
        low, high = hour.start + minutes.start * MINUTE, hour.start + minutes.stop * MINUTE
        used = sum(
            max(0.0, min(each.end, high) - max(each.start, low))
            for each in hour.rooms[room.key]
            if each.screen == "on" and each.box == "on"
        )
        if used:
            self.used[(hour.school.code, room.key, day_of(hour.start))] += used / MINUTE

    def _count(self, hour: Hour, room: Room, minutes: range, faults: list[Fault]) -> None:
        where: RoomDay = (hour.school.code, room.key, day_of(hour.start))
        mine = [fault for fault in faults if fault.cause in HARD and fault.dish == room.dish]
        mine = [fault for fault in mine if fault.room in (None, room.key)]
        trend = next((f.cause for f in faults if f.dish == room.dish and f.cause not in HARD and f.room is None), "")
        for minute in minutes:
            t = hour.start + minute * MINUTE + 30
            stretch = hour.stretch(room.key, t)
            locked = self._locks(hour, room, minute) and not stretch.no_lock
            cause = self._cause(hour, room, minute, mine, trend=trend, locked=locked)
            if cause:
                self.lost[(where, cause)] += 1
            if stretch.screen == "on" and stretch.box == "on" and locked:
                self.used[where] += 1

    def _locks(self, hour: Hour, room: Room, minute: int) -> bool:
        key = (hour.school.code, room.key)
        cnr = hour.dishes[room.dish].cnr_db[minute] + room.receiver_offset_db
        locked = cnr >= room.receiver.locks_at_db + (HYSTERESIS_DB if key in self._unlocked else 0.0)
        (self._unlocked.discard if locked else self._unlocked.add)(key)
        return locked

    def _cause(self, hour: Hour, room: Room, minute: int, mine: list[Fault], *, trend: str, locked: bool) -> str:
        t, dish = hour.start + minute * MINUTE + 30, hour.dishes[room.dish]
        for fault in mine:
            if fault.lasts(t):
                return fault.cause
        if trend and dish.own_db[minute] + room.receiver_offset_db < room.receiver.locks_at_db:
            return trend
        if hour.dark and inside(hour.dark, t):
            return self._dark_cause(hour.school, t)
        if not dish.carrier[minute]:
            return "satellite_outage"
        if locked:
            return ""
        rain = dish.rain_db[minute] if dish.rain_db else 0.0
        sun = dish.sun_db[minute] if dish.sun_db else 0.0
        return "sun_outage" if sun > rain else "rain_fade"

    def _dark_cause(self, school: School, t: float) -> str:
        own = any(start <= t < end for start, end in self._outages.cuts.get(school.code, ()))
        return "school_power_outage" if own else "area_outage"

    def _look(self, hour: Hour, minutes: range, faults: Iterable[Fault]) -> None:
        today = day_of(hour.start)
        lasting = list(faults)
        for minute in minutes:
            t = hour.start + minute * MINUTE + 30
            rooms: dict[str, Stretch] = {room.key: hour.stretch(room.key, t) for room in hour.school.rooms}
            view = View(hour, minute, self._heard(hour.school, t), rooms)
            for fault in lasting:
                if fault.lasts(t) and seen(fault, view):
                    evidence = self.evidence[fault.number]
                    evidence.minutes += 1
                    evidence.days.add(today)
