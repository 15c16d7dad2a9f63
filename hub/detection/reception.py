"""A school's reception: its receivers' levels, its dishes' episodes, and what they are weighed to be.

Decides when a dish's fault is told, renamed and cleared; whose fault it is, the causes say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Alternative, FindingCleared, FindingCorrected, FindingOpened, Place
from hub.core.reports import Sample
from hub.detection.decline import Declines, decline_in
from hub.detection.dishes import Dish, Episode, Gloom, drop, noise, spread, strength_gone
from hub.detection.levels import GAUGES, Condition, Level
from hub.detection.rooms import Ledger
from hub.detection.texts import DEGRADING, RECEPTION, dish_corrected, dish_evidence, gone
from hub.detection.view import LOCK, POWER, DeviceView, SiteView
from hub.detection.weighing import DishEvidence, rank
from hub.detection.world import Calendar, World

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
UNNAMED = "dish"
"""The dish of a school of which the register names none."""
_STRENGTHS = ("signal/strength_dbm", "signal/strength_pct")
_STRENGTH_FOLLOWS = 0.05
_SUN_PASSES_MS = 45 * _MINUTE_MS
_STEPPED = "dish_misaligned"
_IMPRESSION_MS = 15 * _MINUTE_MS
"""What a dish was thought to have for no longer than this, it never had."""
_UNEXPLAINED = "rain_fade"
"""What went dark and came back by itself, too soon to be weighed as anything else."""


@dataclass(slots=True)
class Reception:
    """The reception of one school."""

    school: str
    world: World
    view: SiteView
    time: Calendar
    ledger: Ledger
    dishes: dict[str, Dish] = field(default_factory=dict)
    declines: Declines = field(default_factory=Declines)
    _receivers: dict[str, list[DeviceView]] = field(default_factory=dict)

    def arrange(self) -> None:
        """Which receiver hangs on which dish, as the register says now."""
        self._receivers.clear()
        for device in self.view.receivers:
            if device.level is None:
                device.level = Level()
            self._receivers.setdefault(device.facts.dish or UNNAMED, []).append(device)

    def sense(self, device: DeviceView, samples: Mapping[str, Sample], t: int) -> bool:
        """A receiver has reported, or is there no more. Whether that changed how it is seen."""
        level = device.level
        if level is None:
            self.arrange()
            level = device.level
            if level is None:
                return False
        days, name = len(level.days), device.facts.dish or UNNAMED
        changed = self._read(device, level, samples, t)
        if changed:
            self._show(name, t)
            self._lose_dark(name, t)
        if len(level.days) != days:
            self._look_back(name, t)
        return changed

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
        for name in _STRENGTHS:
            sample = samples.get(name)
            if sample is None:
                continue
            level.strength = float(sample.value) if isinstance(sample.value, int | float) else None
            if level.strength is not None and device.value(LOCK) is not False:
                base = level.strength if level.strength_base is None else level.strength_base
                level.strength_base = base + (level.strength - base) * _STRENGTH_FOLLOWS
            return

    # --- episodes

    def _levels(self, dish: str) -> list[Level]:
        return [device.level for device in self._receivers.get(dish, ()) if device.level is not None]

    def _show(self, name: str, t: int) -> None:
        dish = self.dishes.get(name)
        if dish is None:
            dish = self.dishes[name] = Dish(at=t)
        dish.pass_time(t, self.time)
        if not dish.show(self._levels(name), t):
            return
        self.world.sky.show(self.school, name, dish.shown, t)
        episode = dish.episode
        if episode is None:
            return
        if episode.clear_since == t:
            if not episode.leading:
                self._weigh(name, dish, episode, t)
            self.world.sky.clear(self.school, name, t)
        elif dish.shown != Gloom.UNSEEN and not dish.told:
            self.world.sky.fade(self.school, name, episode.onset)
            self._look_at_sun(episode, t)

    def _look_at_sun(self, episode: Episode, t: int) -> None:
        place = self.world.place_of(self.school)
        if place is not None and not episode.sun:
            episode.sun = any(self.world.sun.behind(*place, at) for at in {episode.onset, t})

    def next_due(self) -> int | None:
        """When a dish wants to be looked at."""
        return min((due for due in map(self._due, self.dishes.values()) if due is not None), default=None)

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
        for name, dish in self.dishes.items():
            due = self._due(dish)
            while due is not None and due <= t:
                episode = dish.episode
                assert episode is not None
                self._settle(name, dish, due)
                if episode.clear_since is not None:
                    self._end(name, dish, episode)
                else:
                    self._weigh(name, dish, episode, due)
                    self._lose_dark(name, due)
                due = self._due(dish)

    def _settle(self, name: str, dish: Dish, t: int) -> None:
        """Reports are by exception: a level that was not told anew is as it was."""
        changed = [level.settle(t, self.world.settings.level) for level in self._levels(name)]
        if any(changed):
            self._show(name, t)
        dish.pass_time(t, self.time)

    def satellite_is_back(self, t: int) -> None:
        """What is still dark counts for itself from now on."""
        for dish in self.dishes.values():
            if dish.episode is not None and dish.episode.dark_since is not None:
                dish.pass_time(t, self.time)
                dish.episode.dark_ms = dish.episode.dark_class_ms = 0

    def _weigh(self, name: str, dish: Dish, episode: Episode, t: int) -> None:
        episode.weighed_at = t
        evidence = self._evidence(name, dish, episode, t)
        ranked = rank(evidence, self.world.hypotheses)
        leader = next(each for each in self.world.hypotheses if each.code == ranked[0].cause)
        settings = self.world.settings.dish
        span = f"{self.school}/{name}"
        episode.led = episode.led + 1 if episode.leading == leader.code else 1
        episode.leading = leader.code
        if not leader.repair and not dish.told:
            self._group(leader.code, name, episode, t)
        belief = settings.correct_belief if dish.told else settings.belief
        if episode.clear_since is not None or not leader.repair or leader.code == dish.told:
            return
        if episode.led < settings.looks or ranked[0].share < belief or not leader.ready(evidence):
            return
        if self.declines.has_told(name) and not evidence.dark:
            return
        onset = episode.dark_since if evidence.dark and episode.dark_since is not None else episode.onset
        self.world.sky.state.incidents.retract(span)
        self._tell(name, dish, leader.code, onset, t, evidence, ranked)

    def blame(self, name: str, cause: str) -> None:
        """It is known from elsewhere what a dish has."""
        episode = self.dishes[name].episode
        if episode is not None:
            episode.leading = cause
            self._group(cause, name, episode, self.dishes[name].at)

    def _tell(
        self,
        name: str,
        dish: Dish,
        cause: str,
        onset: int,
        t: int,
        evidence: DishEvidence,
        ranked: tuple[Alternative, ...],
    ) -> None:
        place = self._place(name)
        if dish.told:
            text = dish_corrected(dish.told, cause, evidence)
            self.world.tell(FindingCorrected(place, dish.told, cause, RECEPTION, t, (text,), ranked))
        else:
            text = dish_evidence(cause, onset, evidence)
            self.world.tell(FindingOpened(place, cause, RECEPTION, onset, t, (text,), ranked))
            self.world.sky.clear(self.school, name, t)
            dish.told_onset = onset
        dish.told = cause
        self._lose(name, dish, t)

    def _lose(self, name: str, dish: Dish, t: int) -> None:
        """While a told fault leaves the dish dark, its rooms have no lesson, also while the receivers are switched off."""
        episode = dish.episode
        if episode is not None and episode.dark_since is not None and dish.told:
            key = f"dish:{name}:{episode.onset}"
            self.ledger.lose(key, self._rooms(name), dish.told, episode.dark_since, None, self.time, t)

    def _end(self, name: str, dish: Dish, episode: Episode) -> None:
        end = episode.clear_since or dish.at
        span = f"{self.school}/{name}"
        dish.episode = None
        self.world.sky.clear(self.school, name, end)
        self.world.sky.state.incidents.end(span, end)
        self.ledger.end(f"dish:{name}:{episode.onset}", end, self.time)
        if dish.told:
            text = gone(dish.told, RECEPTION, dish.told_onset, end)
            self.world.tell(FindingCleared(self._place(name), dish.told, RECEPTION, end, (text,)))
        dish.told = ""
        self._lose_dark(name, end)

    def _lose_dark(self, name: str, t: int) -> None:
        """A receiver without lock has no lesson, for what its dish has; with a dish that is well it has a fault of its own."""
        dish = self.dishes[name]
        episode = dish.episode
        for device in self._receivers.get(name, ()):
            level, room = device.level, device.facts.room
            if level is None or not room:
                continue
            if level.condition is not Condition.DARK or (episode is None and not dish.told):
                if level.lost_since is not None:
                    self.ledger.end(f"dark/{device.node}/{device.key}/{level.lost_since}", t, self.time)
                    level.lost_since = None
                continue
            if level.lost_since is None:
                level.lost_since = level.since if episode is None else max(level.since, episode.onset)
            leading = episode.leading if episode is not None and episode.leading in self._upstream else _UNEXPLAINED
            key = f"dark/{device.node}/{device.key}/{level.lost_since}"
            self.ledger.lose(key, [room], dish.told or leading, level.lost_since, None, self.time, t)

    @property
    def _upstream(self) -> frozenset[str]:
        return frozenset(each.code for each in self.world.hypotheses if not each.repair)

    def _group(self, cause: str, name: str, episode: Episode, t: int) -> None:
        """What the dish has, others have too. What it was before is over, or was a first impression."""
        if episode.grouped == cause:
            return
        span, incidents = f"{self.school}/{name}", self.world.sky.state.incidents
        start = episode.onset
        if episode.grouped and t - episode.grouped_from >= _IMPRESSION_MS:
            incidents.end(span, t)
            start = t
        else:
            incidents.retract(span)
        episode.grouped, episode.grouped_from = cause, start
        gap_ms = round(self.world.settings.sky.incident_gap_min * _MINUTE_MS)
        near = self.world.sky.near if cause == _UNEXPLAINED else _anywhere
        incidents.begin(cause, self.school, span, start, gap_ms=gap_ms, near=near)

    # --- what is seen

    def drop(self) -> float | None:
        """How far its dishes without a fault of their own are below clear sky, dB, by the middle of their receivers."""
        drops = [
            drop
            for name, dish in self.dishes.items()
            if not dish.told and not self.declines.has_told(name)
            for drop in (level.drop for level in self._levels(name))
            if drop is not None
        ]
        return median(drops) if drops else None

    def _evidence(self, name: str, dish: Dish, episode: Episode, t: int) -> DishEvidence:
        levels = self._levels(name)
        settings = self.world.settings
        around = self.world.sky.around(self.school, episode.onset, t)
        dark = dish.shown == Gloom.DARK or (dish.shown != Gloom.LOW and episode.dark_since is not None)
        return DishEvidence(
            t=t,
            onset=episode.onset,
            receivers=sum(each.condition.value in ("low", "dark") for each in levels),
            known=len(levels),
            dark=dark,
            dark_since=episode.dark_since,
            drop_db=drop(levels),
            spread_db=spread(levels),
            noise_db=noise(levels),
            seen_h=episode.seen_ms / _HOUR_MS,
            dark_h=episode.dark_ms / _HOUR_MS,
            dark_class_min=episode.dark_class_ms / _MINUTE_MS,
            sudden=episode.sudden,
            slide_db=episode.slide_db,
            strength_gone=strength_gone(levels, settings.level.strength_gone_db, settings.level.strength_gone_share),
            neighbours=around.neighbours,
            fading=around.fading,
            around_db=around.drop_db,
            faded_too=around.faded_too,
            dry_h=around.dry_h,
            satellite=episode.dark_since is not None
            and self.world.sky.satellite_out(t if dark else episode.dark_since),
            sun=episode.sun and t - episode.onset < _SUN_PASSES_MS,
            settings=settings.dish,
        )

    def _place(self, name: str) -> Place:
        node = min((device.node for device in self._receivers.get(name, ())), default=self.school)
        return Place(DeviceKey(NodeKey(self.world.group, node)), name)

    def _rooms(self, name: str) -> list[str]:
        """The rooms that have their lesson from this dish."""
        return sorted({device.facts.room for device in self._receivers.get(name, ()) if device.facts.room})

    # --- slow decline

    def _look_back(self, name: str, t: int) -> None:
        """A day of a receiver is complete: has the dish sunk over the days?"""
        dish = self.dishes.get(name)
        if dish is None:
            return
        receivers = [
            (Place(DeviceKey(NodeKey(self.world.group, device.node), device.key)), device.level.days)
            for device in self._receivers.get(name, ())
            if device.level is not None and device.level.days and device.level.gauge == GAUGES[0]
        ]
        settings = self.world.settings.dish
        if not dish.told:
            for finding in self.declines.look(self._place(name), receivers, t, settings):
                self.world.tell(finding)
        elif dish.told == _STEPPED and all(decline_in(days, settings) for _, days in receivers) and receivers:
            self._rename(name, dish, DEGRADING, t)

    def _rename(self, name: str, dish: Dish, cause: str, t: int) -> None:
        """It went on sinking: that was no step."""
        episode = dish.episode
        if episode is not None:
            evidence = self._evidence(name, dish, episode, t)
            text = dish_corrected(dish.told, cause, evidence)
            self.world.tell(FindingCorrected(self._place(name), dish.told, cause, RECEPTION, t, (text,)))
            dish.told = cause


def _anywhere(_one: str, _other: str) -> bool:
    return True
