"""What televisions, projectors, plugs and a UPS tell at a poll."""

from collections.abc import Iterator

from simulator.clock import HOUR
from simulator.devices import Device, Event, Hour
from simulator.district import Room, School
from simulator.intervals import inside
from simulator.models import OffHabit
from simulator.randomness import stream
from simulator.reporting import Figures

HOURLY = {"panel/hours": 3600.0, "lamp/hours": 3600.0, "lamp/life_used_pct": 3600.0}
FRESH_LIFE = (0.1, 0.82)
"""What part of its life a lamp has behind it, where it is not meant to be worn."""


class Screen(Device):
    """A television or projector. `lamp_h` is fixed by the plan where a lamp is to wear out."""

    def __init__(self, seed: int, school: School, room: Room, poll_s: int, lamp_h: float | None) -> None:
        dice = stream(seed, "screen", school.code, room.key)
        model = room.screen
        self.model, self.room = model, room
        super().__init__(
            room.screen_key,
            model.kind,
            model.profile,
            room.key,
            poll_s=poll_s,
            phase=dice.uniform(0, poll_s),
            bands={"panel/temp_c": 1.0},
            heartbeats=HOURLY,
        )
        self._hours = float(dice.randrange(300, 20000))
        self._warm = dice.uniform(36, 45)
        self._error = dice.choice(("E-LAMP", "backlight", "fan", "07", "temp"))
        worn = dice.uniform(*FRESH_LIFE) * (model.life_h or 0)
        self._lamp = lamp_h if lamp_h is not None else worn
        self._since: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._on(None, False, 0.0, False))

    def figures(self, t: float, hour: Hour) -> Figures | None:
        stretch = hour.stretch(self.room.key, t)
        self._count(t, stretch.screen == "on")
        if stretch.screen == "on":
            return self._on(stretch.source, stretch.picture, t, stretch.error)
        if stretch.screen == "standby" and self.model.off is OffHabit.ANSWERS:
            return self._standby(stretch.error)
        return None

    def events(self, start: float, end: float, hour: Hour) -> Iterator[Event]:
        """Hours of use are counted to the minute, also over a stretch in which nothing is told."""
        for stretch in hour.rooms[self.room.key]:
            low, high = max(start, stretch.start), min(end, stretch.end)
            if low < high:
                self._count(low, stretch.screen == "on")
                yield from self.steady(low, high, hour)
                self._count(high, stretch.screen == "on")

    def _count(self, t: float, on: bool) -> None:
        if self._since is not None and on and t > self._since:
            self._hours += (t - self._since) / HOUR
            self._lamp += (t - self._since) / HOUR
        self._since = t if on else None

    def _on(self, source: str | None, picture: bool, t: float, error: bool) -> Figures:
        model = self.model
        told: Figures = {"device/reachable": True, "power/on": True}
        if model.tells_source:
            told["input/source"] = source
        if model.tells_signal:
            told["input/signal"] = picture
        if model.tells_hours:
            told["panel/hours"] = int(self._hours)
        if model.tells_temp:
            told["panel/temp_c"] = float(round(self._warm + (int(t) // 900) % 3 * 0.7, 1))
        told["error/code"] = self._error if error else ""
        told.update(self._lamp_figures())
        return told

    def _lamp_figures(self) -> Figures:
        model = self.model
        if model.life_h is None:
            return {}
        told: Figures = {"lamp/hours": int(self._lamp)}
        if "life" in model.wears:
            told["lamp/life_used_pct"] = float(round(100 * self._lamp / model.life_h, 1))
        if "error" in model.wears:
            told["error/lamp"] = 1 if self._lamp >= model.life_h else 0
        return told

    def _standby(self, error: bool) -> Figures:
        told: Figures = dict.fromkeys(self.names)
        told.update({"device/reachable": True, "power/on": False, "error/code": self._error if error else ""})
        told.update(self._lamp_figures())
        return told


class Plug(Device):
    """A smart plug in front of the screen: tells whether what is plugged in draws the power of a running set.

    A set that is dead on its line still draws power when somebody switches it on.
    """

    @property
    def names(self) -> tuple[str, ...]:
        return ("device/reachable", "power/on")

    def __init__(self, seed: int, school: School, room: Room, poll_s: int) -> None:
        phase = stream(seed, "plug", school.code, room.key).uniform(0, poll_s)
        super().__init__(room.plug_key, "other", "shelly/gen2-plug", room.key, poll_s=poll_s, phase=phase, bands={})

    def figures(self, t: float, hour: Hour) -> Figures | None:
        stretch = hour.stretch(self.room_key or "", t)
        return None if stretch.screen == "none" else {"device/reachable": True, "power/on": stretch.wanted}


class Ups(Device):
    """The UPS that holds the agent and the router through a short cut."""

    @property
    def names(self) -> tuple[str, ...]:
        return ("device/reachable", "ups/on_battery", "ups/charge_pct")

    def __init__(self, seed: int, school: School, poll_s: int) -> None:
        phase = stream(seed, "ups", school.code).uniform(0, poll_s)
        super().__init__(
            "office-ups", "ups", "nut/ups", None, poll_s=poll_s, phase=phase, bands={"ups/charge_pct": 2.0}
        )
        self._charge, self._seen = 100.0, 0.0

    def edges(self, hour: Hour) -> list[float]:
        return sorted(edge for cut in hour.dark for edge in cut)

    def figures(self, t: float, hour: Hour) -> Figures | None:
        battery = inside(hour.dark, t)
        per_second = -100 / (hour.school.ups_minutes * 75.0) if battery else 100 / (6 * HOUR)
        if self._seen:
            self._charge = max(5.0, min(100.0, self._charge + per_second * (t - self._seen)))
        self._seen = t
        return {"device/reachable": True, "ups/on_battery": battery, "ups/charge_pct": float(round(self._charge))}
