"""What a receiver tells at a poll: measured, rounded and remembered as its model does it."""

from collections.abc import Iterator

from simulator.devices import Device, Event, Hour
from simulator.district import Room, School
from simulator.models import OffHabit
from simulator.randomness import NOISE_LENGTH, stream
from simulator.reporting import Figures
from simulator.rooms import Stretch

HYSTERESIS_DB = 0.4
"""A tuner that has lost lock needs so much more to find it again."""
DEAF_DB = 3.0
"""So far below its threshold a tuner still tells a C/N."""
FLOOR = {"dbm": -74.0, "pct": 4.0}
PER_DB = {"dbm": 1.0, "pct": 1.6}


class Receiver(Device):
    """A receiver on a dish."""

    def __init__(self, seed: int, school: School, room: Room, poll_s: int, noise: list[float]) -> None:
        dice = stream(seed, "receiver", school.code, room.key)
        model = room.receiver
        self.model, self.room = model, room
        bands = {"signal/cnr_db": model.cnr_band, "signal/quality_pct": model.quality_band}
        bands |= {"signal/strength_dbm": 1.0, "signal/strength_pct": 3.0}
        phase = dice.uniform(0, poll_s)
        super().__init__(
            room.receiver_key, "receiver", model.profile, room.key, poll_s=poll_s, phase=phase, bands=bands
        )
        self._noise, self._at, self._stride = noise, dice.randrange(NOISE_LENGTH), dice.randrange(1, NOISE_LENGTH)
        self._level = dice.uniform(-56, -40) if model.strength == "dbm" else dice.uniform(62, 90)
        self._frequency = dice.choice((12521000, 12604000, 12645000, 12687000))
        self._service = f"DLTV {dice.randrange(1, 13)}"
        self._locked = True
        self._shown: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._on(14.0, 0.0, 14.0, True, True))

    def events(self, start: float, end: float, hour: Hour) -> Iterator[Event]:
        for stretch in hour.rooms[self.room.key]:
            if stretch.end > start and stretch.start < end:
                low, high = max(start, stretch.start), min(end, stretch.end)
                yield from (
                    self._running(low, high, hour, stretch) if stretch.box == "on" else self.steady(low, high, hour)
                )

    def figures(self, t: float, hour: Hour) -> Figures | None:
        stretch = hour.stretch(self.room.key, t)
        if stretch.box == "on":
            cnr, level, live = self._signal(t, hour, stretch)
            return self._told(cnr, level, live)
        if stretch.box == "standby" and self.model.off is OffHabit.ANSWERS:
            self._shown = None
            return self._standby()
        return None

    def _running(self, start: float, end: float, hour: Hour, stretch: Stretch) -> Iterator[Event]:
        """Every poll counts while the box is on: most of them show nothing new, and are dropped here at once."""
        dish = hour.dishes[self.room.dish]
        delivered, base, offset = dish.cnr_db, hour.start, self.room.receiver_offset_db
        band, deviation = self._band_db(), self.model.noise_db
        noise, stride, at = self._noise, self._stride, self._at
        needs = self.model.locks_at_db
        for t in self.polls(start, end):
            cnr = delivered[int(t - base) // 60] + offset
            at = (at + stride) % NOISE_LENGTH
            shown = self._shown
            if (
                shown is not None
                and t < self.due
                and self._locked
                and cnr > needs
                and not stretch.no_lock
                and abs(cnr + noise[at] * deviation - shown) <= band
            ):
                continue
            self._at = at
            cnr, level, live = self._signal(t, hour, stretch)
            yield from self.tell(t, self._told(cnr, level, live))
        self._at = at

    def _told(self, cnr: float, level: float, live: bool) -> Figures:
        measured, locked = self._measured(cnr), self._lock(cnr)
        self._shown = measured if locked else None
        return self._on(cnr, level, measured, live, locked)

    def _signal(self, t: float, hour: Hour, stretch: Stretch) -> tuple[float, float, bool]:
        dish, minute = hour.dishes[self.room.dish], int(t - hour.start) // 60
        cnr = -30.0 if stretch.no_lock else dish.cnr_db[minute] + self.room.receiver_offset_db
        level = dish.level_db[minute] - (0.0 if dish.carrier[minute] else 4.0)
        return cnr, level, dish.live[minute]

    def _measured(self, cnr: float) -> float:
        return cnr + self._noise[self._at] * self.model.noise_db

    def _lock(self, cnr: float) -> bool:
        self._locked = cnr >= self.model.locks_at_db + (0.0 if self._locked else HYSTERESIS_DB)
        return self._locked

    def _band_db(self) -> float:
        model = self.model
        if model.cnr_step is not None:
            return model.cnr_band
        if model.quality is not None:
            return model.quality_band * (model.quality[1] - model.quality[0]) / 100
        return 3.0 / PER_DB["pct"] if model.strength else 99.0

    def _on(self, cnr: float, level: float, measured: float, live: bool, locked: bool) -> Figures:
        model = self.model
        told: Figures = {"device/reachable": True}
        if model.tells_power:
            told["power/on"] = True
        told["signal/lock"] = locked
        if model.cnr_step is not None:
            audible = cnr > model.locks_at_db - DEAF_DB
            told["signal/cnr_db"] = round(round(measured / model.cnr_step) * model.cnr_step, 2) if audible else None
        if model.quality is not None:
            low, high = model.quality
            share = (measured - low) / (high - low) if locked else 0.0
            told["signal/quality_pct"] = float(round(100 * max(0.0, min(1.0, share))))
        if model.strength is not None:
            value = self._level + level * PER_DB[model.strength] if live else FLOOR[model.strength]
            told[f"signal/strength_{model.strength}"] = float(round(value))
        if model.tells_service:
            told["tuner/frequency_khz"] = self._frequency
            told["tuner/service"] = self._service
        return told

    def _standby(self) -> Figures:
        told: Figures = dict.fromkeys(self.names)
        told.update({"device/reachable": True, "power/on": False, "signal/lock": False})
        return told
