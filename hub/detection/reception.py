"""A school's reception: its receivers' levels and its dishes' episodes, and when a dish wants to be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.core.findings import FindingOpened
from hub.core.reports import Sample
from hub.detection.aerials import Aerials, name_of
from hub.detection.darkness import Darkness, Mistake
from hub.detection.diagnosis import Diagnosis
from hub.detection.dishes import Dish, Episode, Gloom
from hub.detection.levels import GAUGES, Condition, Level
from hub.detection.rooms import Ledger
from hub.detection.view import LOCK, POWER, DeviceView, SiteView
from hub.detection.world import Calendar, World

_MINUTE_MS = 60_000
_DBM, _PCT = "signal/strength_dbm", "signal/strength_pct"
_STRENGTH_FOLLOWS = 0.05
_NUMBERS = (int, float)
"""Made once: of each report this is asked."""


@dataclass(slots=True)
class Reception:
    """The reception of one school. `stirred`: a receiver may want its time at another moment than was asked for last."""

    world: World
    time: Calendar
    aerials: Aerials
    darkness: Darkness
    diagnosis: Diagnosis
    stirred: bool = False

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
        days, tuning, fell_at = len(level.days), level.tuning_since, level.fell_at
        changed = self._read(device, level, samples, t)
        if changed:
            self._show(name_of(device), t)
            self.darkness.note(name_of(device), t)
        if len(level.days) != days:
            self.diagnosis.look_back(name_of(device), t)
        # One odd reading says nothing to anybody yet.
        self.stirred |= level.fell_at != fell_at
        return changed or level.tuning_since != tuning

    def _read(self, device: DeviceView, level: Level, samples: Mapping[str, Sample], t: int) -> bool:
        settings = self.world.settings.level
        power, locked = device.readings.get(POWER), device.readings.get(LOCK)
        if not device.answers or (power is not None and power.value is False):
            return level.unsee(t)
        lock = None if locked is None else locked.value
        self._note_strength(level, samples, locked=lock is not False)
        if lock is False:
            return level.darken(t)
        for gauge in GAUGES:
            sample = samples.get(gauge)
            if sample is not None and isinstance(sample.value, _NUMBERS) and self._may_read(level, gauge):
                value, fresh = float(sample.value), level.base is None
                if gauge != GAUGES[0]:
                    value /= settings.quality_points_per_db
                changed = level.read(t, value, settings)
                return (fresh and self._borrow(device, level, t)) or changed
        return level.lighten(t) if lock is True else False

    def _borrow(self, device: DeviceView, level: Level, t: int) -> bool:
        """A fresh receiver has no clear sky of its own yet: others of its model tell what is usual."""
        profile = device.facts.profile
        if level.base is None or profile is None:
            return False
        heard = self.world.heard_by(profile, level.gauge)
        return level.borrow(t, heard, self.world.settings.level)

    def _may_read(self, level: Level, gauge: str) -> bool:
        if gauge == level.gauge:
            return True
        if not level.gauge or GAUGES.index(gauge) < GAUGES.index(level.gauge):
            level.gauge = gauge
            level.base, level.peers, level.grain = None, 0, 0.0
            level.hours.clear()
            level.values.clear()
        return gauge == level.gauge

    def _note_strength(self, level: Level, samples: Mapping[str, Sample], *, locked: bool) -> None:
        told = samples.get(_DBM) or samples.get(_PCT)
        if told is not None:
            level.strength = float(told.value) if isinstance(told.value, _NUMBERS) else None
        if level.strength is None or not locked:
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
        """When a dish wants to be looked at, or a receiver has had its time."""
        dues = [*map(self._due, self.aerials.dishes.values()), *(due for _, _, due in self._waiting())]
        return min((due for due in dues if due is not None), default=None)

    def _waiting(self) -> list[tuple[str, Level, int]]:
        return [
            (name, level, due)
            for name in self.aerials.names
            for level in self.aerials.levels(name)
            if (due := level.due) is not None
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
        for name, level, over in self._waiting():
            if over <= t and level.fall_due(over, self.world.settings.level):
                self._show(name, over)
                self.darkness.note(name, over)
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

    def own_up(self, device: DeviceView, finding: FindingOpened) -> FindingOpened:
        """A receiver without lock has a fault of its own: what its dish was told to have on its word alone was that fault."""
        level = device.level
        if level is None or level.condition is not Condition.DARK or level.spoke is None:
            return finding
        name, (was, since), level.spoke = name_of(device), level.spoke, None
        self.darkness.pass_on(name, device, Mistake(was, since, finding.cause), finding.opened_at)
        return replace(finding, taken_for=((self.aerials.place(name), was),))

    def satellite_is_back(self, t: int) -> None:
        """What is still dark counts for itself from now on."""
        self.darkness.light_up(t)
        for dish in self.aerials.dishes.values():
            if dish.episode is not None and dish.episode.dark_since is not None:
                dish.pass_time(t, self.time)
                dish.episode.dark_ms = dish.episode.dark_class_ms = 0
