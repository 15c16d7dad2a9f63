"""Rain and sun as incidents: which schools they reached, from when to when, and whether anybody could notice."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from simulator.attenuation import cnr_loss
from simulator.clock import MINUTE, day_of
from simulator.devices import Hour
from simulator.intervals import EVER
from simulator.sky import sun_loss

NOTABLE_DB, BEGINS_DB = 3.0, 1.5
"""C/N has to fall by the first for an incident, which lasts while it is down by the second."""


@dataclass
class Fade:
    """One cell's rain, or one day's sun. schools: those where it was notable."""

    cause: str
    start: float = EVER
    end: float = 0.0
    schools: set[str] = field(default_factory=set)
    seen: bool = False
    mild: dict[str, tuple[float, float]] = field(default_factory=dict)

    def feel(self, hour: Hour, losses: list[float]) -> None:
        """What one school felt of it in one hour."""
        minutes = [minute for minute, loss in enumerate(losses) if loss >= BEGINS_DB]
        if not minutes:
            return
        code, old = hour.school.code, self.mild.get(hour.school.code, (EVER, 0.0))
        low, high = hour.start + minutes[0] * MINUTE, hour.start + (minutes[-1] + 1) * MINUTE
        self.mild[code] = (min(old[0], low), max(old[1], high))
        worst = losses.index(max(losses))
        if losses[worst] >= NOTABLE_DB:
            self.schools.add(code)
            t = hour.start + worst * MINUTE
            self.seen |= any(hour.stretch(room.key, t).box == "on" for room in hour.school.rooms)
        if code in self.schools:
            self.start, self.end = min(self.start, self.mild[code][0]), max(self.end, self.mild[code][1])


class Fades:
    """All of them. `hour` is called for every school and hour."""

    def __init__(self) -> None:
        self._rain: dict[int, Fade] = {}
        self._sun: dict[date, Fade] = {}

    def hour(self, hour: Hour) -> None:
        dish = hour.school.dishes[0]
        for cell, attenuation in hour.sky.by_cell.items():
            fade = self._rain.setdefault(cell, Fade("rain_fade"))
            fade.feel(hour, [cnr_loss(loss, dish.noise_k) for loss in attenuation])
        if hour.sky.sun_deg:
            fade = self._sun.setdefault(day_of(hour.start), Fade("sun_outage"))
            fade.feel(hour, [sun_loss(angle, dish.size_m, dish.noise_k) for angle in hour.sky.sun_deg])

    def found(self) -> list[Fade]:
        rain = _joined(fade for fade in self._rain.values() if fade.schools)
        return sorted([*rain, *(fade for fade in self._sun.values() if fade.schools)], key=lambda fade: fade.start)


def _joined(fades: Iterable[Fade]) -> list[Fade]:
    """Cells that rain on the same school at the same time are one incident."""
    joined: list[Fade] = []
    for fade in sorted(fades, key=lambda each: each.start):
        for other in [each for each in joined if each.end >= fade.start and each.schools & fade.schools]:
            joined.remove(other)
            fade = Fade(  # noqa: PLW2901  what has been joined goes on joining
                "rain_fade",
                min(other.start, fade.start),
                max(other.end, fade.end),
                other.schools | fade.schools,
                other.seen or fade.seen,
            )
        joined.append(fade)
    return joined
