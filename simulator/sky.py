"""What the sky does to each dish, minute by minute: rain on the slant path, the sun, a satellite that is silent."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from simulator.attenuation import ELEVATION_DEG, RAIN_HEIGHT_KM, SLANT_KM, Rain, cnr_loss
from simulator.clock import MINUTE, day_of
from simulator.district import District, School
from simulator.intervals import EVER
from simulator.rain import REACH, Cell
from simulator.sun import look, noise_k, passage

MINUTES = 60
SAMPLES = (0.125, 0.375, 0.625, 0.875)
"""Where along the slant path the rain is looked at."""
_SWING_KM = RAIN_HEIGHT_KM / math.tan(math.radians(ELEVATION_DEG))
"""How far the path leads over the ground before it leaves the rain."""


@dataclass(frozen=True, slots=True)
class SchoolHour:
    """Per minute of an hour. rain_db: attenuation; sun_deg: how far off the sun is; by_cell: which cells bring that rain."""

    rain_db: list[float] | None
    sun_deg: list[float] | None
    by_cell: dict[int, list[float]]


CLEAR = SchoolHour(None, None, {})


class Sky:
    """The weather over a district. Keeps the cells that can still rain, and the sun of the days just asked for."""

    def __init__(self, district: District, cells: list[Cell], rain: Rain) -> None:
        self._cells = cells
        self._per_km = rain.per_km
        self._orbit = district.orbit_deg_east
        self._paths = {school.code: self._path(school) for school in district.schools}
        self._suns: OrderedDict[tuple[str, date], dict[int, float]] = OrderedDict()
        self._active: tuple[float, list[Cell]] = (-EVER, [])

    def hour(self, school: School, start: int) -> SchoolHour:
        rain, by_cell = self._rain(school, start)
        sun = self._sun(school, start)
        return SchoolHour(rain, sun, by_cell) if rain or sun else CLEAR

    def storms(self, school: School) -> list[float]:
        """Moments at which a cell is strong over the school."""
        x, y = school.x_km, school.y_km
        found = []
        for cell in self._cells:
            moment = cell.start + 0.4 * (cell.end - cell.start)
            middle = cell.middle(moment)
            if not cell.wide and cell.peak_mm_h > 25 and math.dist(middle, (x, y)) < cell.radius_km:
                found.append(moment)
        return found

    def _path(self, school: School) -> list[tuple[float, float]]:
        azimuth = math.radians(look(school.lat, school.lon, self._orbit)[0])
        return [
            (school.x_km + share * _SWING_KM * math.sin(azimuth), school.y_km + share * _SWING_KM * math.cos(azimuth))
            for share in SAMPLES
        ]

    def _raining(self, start: int) -> list[Cell]:
        if self._active[0] != start:
            self._active = (start, [cell for cell in self._cells if cell.start < start + 3600 and cell.end > start])
        return self._active[1]

    def _rain(self, school: School, start: int) -> tuple[list[float] | None, dict[int, list[float]]]:
        by_cell: dict[int, list[float]] = {}
        for cell in self._raining(start):
            middle = cell.middle(start + 1800)
            reach = cell.radius_km * REACH + _SWING_KM + math.hypot(cell.east_kmh, cell.north_kmh) / 2
            if math.dist(middle, (school.x_km, school.y_km)) > reach:
                continue
            losses = [self._loss(cell, school.code, start + minute * MINUTE) for minute in range(MINUTES)]
            if max(losses) > 0.05:
                by_cell[cell.number] = losses
        if not by_cell:
            return None, by_cell
        return [sum(each) for each in zip(*by_cell.values(), strict=True)], by_cell

    def _loss(self, cell: Cell, school: str, t: float) -> float:
        strength = cell.strength(t)
        if strength <= 0:
            return 0.0
        middle = cell.middle(t)
        step = SLANT_KM / len(SAMPLES)
        return sum(self._per_km(strength * cell.spread(math.dist(middle, at))) for at in self._paths[school]) * step

    def _sun(self, school: School, start: int) -> list[float] | None:
        day = day_of(start)
        key = (school.code, day)
        if key not in self._suns:
            self._suns[key] = passage(school.lat, school.lon, self._orbit, day)
            while len(self._suns) > 2 * len(self._paths):
                self._suns.popitem(last=False)
        near = self._suns[key]
        if not any(start <= t < start + 3600 for t in near):
            return None
        return [near.get(start + minute * MINUTE, EVER) for minute in range(MINUTES)]


def sun_loss(off_axis_deg: float, size_m: float, system_k: float) -> float:
    """dB of C/N."""
    return 10 * math.log10((system_k + noise_k(off_axis_deg, size_m)) / system_k) if off_axis_deg < EVER else 0.0


def rain_loss(attenuation_db: float, system_k: float) -> float:
    return cnr_loss(attenuation_db, system_k) if attenuation_db > 0 else 0.0
