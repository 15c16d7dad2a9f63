"""C/N that a dish delivers, minute by minute: its clear-sky value, the sky, and what is wrong with it."""

import math
from dataclasses import dataclass

from simulator.clock import DAY, MINUTE, hour_of
from simulator.district import Dish, School
from simulator.faults import Fault
from simulator.intervals import Interval, inside
from simulator.randomness import stream
from simulator.sky import MINUTES, SchoolHour, rain_loss, sun_loss

NONE_DB = -30.0
"""No carrier."""


@dataclass(frozen=True, slots=True)
class DishHour:
    """Per minute. cnr_db as delivered; own_db without rain and sun; level_db: change of the signal's level; live: LNB works."""

    cnr_db: list[float]
    own_db: list[float]
    rain_db: list[float] | None
    sun_db: list[float] | None
    level_db: list[float]
    live: list[bool]
    carrier: list[bool]


class DishSignal:
    """One dish over the whole recording."""

    def __init__(self, seed: int, school: School, dish: Dish, faults: list[Fault], start: float) -> None:
        dice = stream(seed, "dish", school.code, dish.key)
        self.dish = dish
        self._start = start
        self._ageing = dice.uniform(0, 0.3) / (30 * DAY)
        self._faults = [fault for fault in faults if fault.dish == dish.key and fault.room is None]
        self._day = [dice.gauss(0, 0.08) for _ in range(97)]

    def clear(self, t: float) -> float:
        """Without weather: what the budget gives, the afternoon's heat, ageing, repairs and faults."""
        dish = self.dish
        heat = 0.5 - 0.5 * math.cos((hour_of(t) - 5.0) / 24 * 2 * math.pi)
        drift = self._day[int(t // DAY) % 97] + self._ageing * (t - self._start)
        shift = sum(fault.shift_db for fault in self._faults if t >= fault.end)
        return dish.clear_db - dish.swing_db * heat - drift + shift - self._lost(t)

    def _lost(self, t: float) -> float:
        return sum(fault.grown(t) for fault in self._faults if fault.cause in ("dish_misaligned", "signal_degrading"))

    def dead(self, t: float) -> bool:
        return any(fault.cause == "lnb_failed" and fault.lasts(t) for fault in self._faults)

    def hour(self, start: int, sky: SchoolHour, silences: list[Interval]) -> DishHour:
        times = [start + minute * MINUTE + 30 for minute in range(MINUTES)]
        own = self._own(start, times)
        live = [True] * MINUTES if not self._troubled(start) else [not self.dead(t) for t in times]
        carrier = [not inside(silences, t) for t in times] if silences else [True] * MINUTES
        system, size = self.dish.noise_k, self.dish.size_m
        rain = [rain_loss(loss, system) for loss in sky.rain_db] if sky.rain_db else None
        sun = [sun_loss(angle, size, system) for angle in sky.sun_deg] if sky.sun_deg else None
        level = [-0.35 * loss for loss in sky.rain_db] if sky.rain_db else [0.0] * MINUTES
        cnr = self._delivered(own, rain, sun, live, carrier)
        if self._troubled(start):
            level = [value - 0.25 * self._lost(t) for value, t in zip(level, times, strict=True)]
        return DishHour(cnr, own, rain, sun, level, live, carrier)

    def _own(self, start: int, times: list[int]) -> list[float]:
        """Straight through the hour, unless something breaks in it."""
        if any(start < edge < start + 3600 for fault in self._faults for edge in (fault.onset, fault.end)):
            return [self.clear(t) for t in times]
        first, last = self.clear(start), self.clear(start + 3599)
        return [first + (last - first) * minute / MINUTES for minute in range(MINUTES)]

    def _troubled(self, start: int) -> bool:
        return any(fault.onset < start + 3600 and fault.end > start for fault in self._faults)

    @staticmethod
    def _delivered(
        own: list[float], rain: list[float] | None, sun: list[float] | None, live: list[bool], carrier: list[bool]
    ) -> list[float]:
        cnr = list(own)
        for losses in (rain, sun):
            if losses is not None:
                cnr = [value - loss for value, loss in zip(cnr, losses, strict=True)]
        if all(live) and all(carrier):
            return cnr
        return [v if a and b else NONE_DB for v, a, b in zip(cnr, live, carrier, strict=True)]
