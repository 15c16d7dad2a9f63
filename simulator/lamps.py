"""How many hours a lamp has behind it at the beginning, so that it is worn out at the moment that the plan says."""

from simulator.clock import DAY, HOUR
from simulator.district import Room
from simulator.faults import Fault
from simulator.intervals import clip, total
from simulator.rooms import RoomLife


def hours_before(room: Room, life: RoomLife, faults: list[Fault], start: float) -> float | None:
    """None where this lamp is not planned to wear out. Walks the days from the beginning to the onset."""
    fault = next((each for each in faults if each.cause == "lamp_worn" and each.room == room.key), None)
    if fault is None or room.screen.life_h is None:
        return None
    used, t = 0.0, start
    while t < fault.onset:
        end = min(t + DAY, fault.onset)
        used += total(clip(((s.start, s.end) for s in life.stretches(t, end, []) if s.screen == "on"), t, end))
        t = end
    return room.screen.life_h - used / HOUR
