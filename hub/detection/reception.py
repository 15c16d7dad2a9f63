"""A school's reception: its receivers' levels and its dishes' episodes, and when a dish wants to be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.reports import Sample
from hub.detection.aerials import Aerials, name_of
from hub.detection.darkness import Darkness
from hub.detection.diagnosis import Diagnosis
from hub.detection.dishes import Dish, Episode, Gloom
from hub.detection.levels import GAUGES, Level
from hub.detection.rooms import Ledger
from hub.detection.view import LOCK, POWER, DeviceView, SiteView
from hub.detection.world import Calendar, World

_MINUTE_MS = 60_000
_STRENGTHS = ("signal/strength_dbm", "signal/strength_pct")
_STRENGTH_FOLLOWS = 0.05


@dataclass(slots=True)
class Reception:
    """The reception of one school."""

    world: World
    time: Calendar
    aerials: Aerials
    darkness: Darkness
    diagnosis: Diagnosis

    @classmethod
    def of(cls, school: str, world: World, view: SiteView, time: Calendar, ledger: Ledger) -> "Reception":
        aerials = Aerials(world.group, school, view)
        darkness = Darkness(aerials, world, time, ledger)
        return cls(world, time, aerials, darkness, Diagnosis(aerials, world, darkness))

    def sense(self, device: DeviceView, samples: Mapping[str, Sample], t: int) -> bool:
        """A receiver has reported, or is there no more. Whether that changed how it is seen."""
        level = device.level
        if level is None:
            self.aerials.arrange()
            level = device.level
            if level is None:
                return False
        days, name = len(level.days), name_of(device)
        tuning = level.tuning_since
        changed = self._read(device, level, samples, t)
        if changed:
            self._show(name, t)
            self.darkness.note(name, t)
        if len(level.days) != days:
            self.diagnosis.look_back(name, t)
        return changed or level.tuning_since != tuning

    def _read(self, device: DeviceView, level: Level, samples: Mapping[str, Sample], t: int) -> bool:
        settings = self.world.settings.level
        if not device.answers or device.value(POWER) is False:
            return level.unsee(t)
        if device.value(LOCK) is False:
            self._note_strength(device, level, samples)
            return level.darken(t)
        self._note_strength(device, level, samples)
        for gauge in GAUGES:
            sample = samples.get(gauge)
            if sample is not None and isinstance(sample.value, int | float) and self._may_read(level, gauge):
                value = float(sample.value)
                return level.read(t, value if gauge == GAUGES[0] else value / settings.quality_points_per_db, settings)
        return level.lighten(t) if device.value(LOCK) is True else False

    def _may_read(self, level: Level, gauge: str) -> bool:
        if not level.gauge or GAUGES.index(gauge) < GAUGES.index(level.gauge):
            level.gauge = gauge
            level.base = None
            level.hours.clear()
            level.values.clear()
        return gauge == level.gauge

    def _note_strength(self, device: DeviceView, level: Level, samples: Mapping[str, Sample]) -> None:
        told = next((samples[name] for name in _STRENGTHS if name in samples), None)
        if told is not None:
            level.strength = float(told.value) if isinstance(told.value, int | float) else None
        if level.strength is None or device.value(LOCK) is False:
            return
        if level.strength_base is None:
            # Also where it was told before there was lock: what does not change is not told again.
            level.strength_base = level.strength
        elif told is not None:
            level.strength_base += (level.strength - level.strength_base) * _STRENGTH_FOLLOWS

    # --- episodes

    def _show(self, name: str, t: int) -> None:
        dish = self.aerials.dish(name, t)
        dish.pass_time(t, self.time)
        if not dish.show(self.aerials.levels(name), t):
            return
        school, sky, episode = self.aerials.school, self.world.sky, dish.episode
        sky.show(school, name, dish.shown, t)
        if episode is None:
            return
        if episode.clear_since == t:
            if not episode.leading:
                self.diagnosis.weigh(name, t)
            sky.clear(school, name, t)
        elif dish.shown != Gloom.UNSEEN and not dish.told:
            sky.fade(school, name, episode.onset)
            self._look_at_sun(episode, t)

    def _look_at_sun(self, episode: Episode, t: int) -> None:
        place = self.world.place_of(self.aerials.school)
        if place is not None and not episode.sun:
            episode.sun = any(self.world.sun.behind(*place, at) for at in {episode.onset, t})

    def next_due(self) -> int | None:
        """When a dish wants to be looked at, or a receiver has had its time to tune."""
        dues = [*map(self._due, self.aerials.dishes.values()), *(due for _, _, due in self._tuning())]
        return min((due for due in dues if due is not None), default=None)

    def _tuning(self) -> list[tuple[str, Level, int]]:
        return [
            (name, level, level.tuned_at)
            for name in self.aerials.names
            for level in self.aerials.levels(name)
            if level.tuned_at is not None
        ]

    def _due(self, dish: Dish) -> int | None:
        episode = dish.episode
        settings = self.world.settings.dish
        if episode is None:
            return None
        if episode.clear_since is not None:
            return episode.clear_since + round(settings.clear_min * _MINUTE_MS)
        if dish.shown == Gloom.UNSEEN:
            return None
        return max(episode.weighed_at, episode.onset) + round(settings.look_min * _MINUTE_MS)

    def advance(self, t: int) -> None:
        """Look at the dishes that want it."""
        for name, level, tuned_at in self._tuning():
            if tuned_at <= t and level.darken(tuned_at):
                self._show(name, tuned_at)
                self.darkness.note(name, tuned_at)
        for name, dish in self.aerials.dishes.items():
            due = self._due(dish)
            while due is not None and due <= t:
                self._settle(name, dish, due)
                if dish.episode is not None and dish.episode.clear_since is not None:
                    self.diagnosis.end(name)
                else:
                    self.diagnosis.weigh(name, due)
                    self.darkness.note(name, due)
                due = self._due(dish)

    def _settle(self, name: str, dish: Dish, t: int) -> None:
        """Reports are by exception: a level that was not told anew is as it was."""
        changed = [level.settle(t, self.world.settings.level) for level in self.aerials.levels(name)]
        if any(changed):
            self._show(name, t)
        dish.pass_time(t, self.time)

    def satellite_is_back(self, t: int) -> None:
        """What is still dark counts for itself from now on."""
        self.darkness.light_up(t)
        for dish in self.aerials.dishes.values():
            if dish.episode is not None and dish.episode.dark_since is not None:
                dish.pass_time(t, self.time)
                dish.episode.dark_ms = dish.episode.dark_class_ms = 0
