"""What a dish that is not clear is judged to have: weighed, told, renamed and cleared, and grouped with what others have.

Whose fault it is, the causes say; here is decided when that is sure enough to be told.
"""

from dataclasses import dataclass, field
from statistics import median

from hub.core.findings import Alternative, FindingCleared, FindingCorrected, FindingOpened
from hub.detection.aerials import Aerials
from hub.detection.darkness import UNEXPLAINED, Darkness
from hub.detection.decline import Declines, sinks_on
from hub.detection.dishes import Dish, Episode, Gloom, drop, grain, noise, spread, strength_gone, sunk
from hub.detection.levels import GAUGES, Condition
from hub.detection.texts import DEGRADING, RECEPTION, dish_corrected, dish_evidence, gone
from hub.detection.view import DeviceView
from hub.detection.weighing import DishEvidence, Hypothesis, rank
from hub.detection.world import World

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
_SUN, _SUN_PASSES_MS = "sun_outage", 45 * _MINUTE_MS
_STEPPED, _NO_LOCK = "dish_misaligned", "receiver_failed"
_SANK_MS = 7 * 24 * _HOUR_MS
"""A decline that had shown in the days before may have been told as a step within so long before it."""
_IMPRESSION_MS = 15 * _MINUTE_MS
"""What a dish was thought to have for no longer than this, it never had."""
_HOURS_KEPT = 48
_RELIEF_SHARE = 0.35
"""A told loss is mended when so much of it at most is left: a repair seldom finds the same dB again."""

_LEAST_RELIEF_DB = 0.1
"""Of a dish that is dark nobody knows how much it lost. That its fault is told, its receivers know by this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a dish has, since when, known at `t`, on what evidence, and what else it could be."""

    cause: str
    onset: int
    t: int
    evidence: DishEvidence
    ranked: tuple[Alternative, ...]


@dataclass(slots=True)
class Diagnosis:
    """Judges the dishes of one school."""

    aerials: Aerials
    world: World
    darkness: Darkness
    declines: Declines = field(default_factory=Declines)

    def weigh(self, name: str, t: int) -> None:
        """What a dish has that is not clear. Tells it where enough speaks for a fault, for long enough."""
        dish = self.aerials.dishes[name]
        episode = dish.episode
        if episode is None:
            return
        episode.weighed_at = t
        evidence = self._evidence(name, dish, episode, t)
        if evidence.drop_db is not None and evidence.seen_h >= len(episode.drops_db) + 1:
            episode.drops_db = [*episode.drops_db[1 - _HOURS_KEPT :], evidence.drop_db]
        ranked = rank(evidence, self.world.hypotheses)
        leader = next(each for each in self.world.hypotheses if each.code == ranked[0].cause)
        episode.led = episode.led + 1 if episode.leading == leader.code else 1
        episode.leading = leader.code
        if not leader.repair and not dish.told:
            self._group(leader.code, name, episode, t)
        if self._is_sure(dish, episode, leader, evidence, ranked[0].share):
            dark = evidence.dark and episode.dark_since is not None
            onset = (episode.dark_from or episode.onset) if dark else episode.onset
            self.world.sky.state.incidents.retract(self.aerials.span(name))
            self._tell(name, Verdict(leader.code, onset, t, evidence, ranked))

    def _is_sure(self, dish: Dish, episode: Episode, leader: Hypothesis, evidence: DishEvidence, share: float) -> bool:
        """Whether the leader is to be told."""
        settings = self.world.settings.dish
        if self.darkness.time.maintained(evidence.t):
            # Somebody works on it. What is still so when that is over is told then.
            return False
        if episode.clear_since is not None or not leader.repair or leader.code == dish.told:
            return False
        if (dish.sinking or dish.told) and not evidence.dark:
            # What sank or stepped is told; days will tell one from the other. Only the loss of lock says something new.
            return False
        belief = settings.correct_belief if dish.told else settings.belief
        return episode.led >= settings.looks and share >= belief and leader.ready(evidence)

    def blame(self, name: str, cause: str) -> None:
        """It is known from elsewhere what a dish has."""
        episode = self.aerials.dishes[name].episode
        if episode is not None:
            episode.leading = cause
            self._group(cause, name, episode, self.aerials.dishes[name].at)

    def _tell(self, name: str, verdict: Verdict) -> None:
        dish, place = self.aerials.dishes[name], self.aerials.place(name)
        cause, t, ranked = verdict.cause, verdict.t, verdict.ranked
        if dish.told:
            text = dish_corrected(dish.told, cause, verdict.evidence)
            self.world.tell(FindingCorrected(place, dish.told, cause, RECEPTION, t, (text,), ranked))
        else:
            text = dish_evidence(cause, verdict.onset, verdict.evidence)
            weak = [] if verdict.evidence.dark else self._taken_for(name)
            taken_for = tuple((self.aerials.place_of(each), _NO_LOCK) for each in weak)
            if cause == DEGRADING and dish.passed is not None and dish.passed[0] == _STEPPED:
                # It had sunk in the days before, in which a step was told: the first falls of a decline come and go.
                taken_for += ((place, _STEPPED),) if t - dish.passed[1] < _SANK_MS else ()
            for each in weak:
                self.darkness.take_over(each, _NO_LOCK, cause, t)
            self.world.tell(FindingOpened(place, cause, RECEPTION, verdict.onset, t, (text,), ranked, taken_for))
            self.world.sky.clear(self.aerials.school, name, t)
            dish.told_onset = verdict.onset
            for level in self.aerials.levels(name):
                level.relief_db = max(_LEAST_RELIEF_DB, _RELIEF_SHARE * (verdict.evidence.drop_db or 0.0))
        dish.told = cause
        self.darkness.rename(name, verdict.onset, cause, t)
        self.darkness.stay(name, t)

    def _taken_for(self, name: str) -> list[DeviceView]:
        """Receivers that lost their lock since the dish was last heard well by one that tells how well: it was weak, not they.

        One that tells only lock may be locked on a weak dish, and was a witness against them.
        """
        receivers = self.aerials.receivers(name)
        well_at = max((level.clear_at for _, level in receivers), default=0)
        dark = [(each, level) for each, level in receivers if level.blamed and level.condition is Condition.DARK]
        return [each for each, level in dark if level.blamed_from > well_at]

    def end(self, name: str) -> None:
        """A receiver has been clear for long enough."""
        dish = self.aerials.dishes[name]
        episode = dish.episode
        if episode is None:
            return
        end, levels = episode.clear_since or dish.at, self.aerials.levels(name)
        self.world.sky.clear(self.aerials.school, name, end)
        self.world.sky.state.incidents.end(self.aerials.span(name), self._end_of_group(episode, end))
        if dish.told:
            text = gone(dish.told, RECEPTION, dish.told_onset, end)
            self.world.tell(FindingCleared(self.aerials.place(name), dish.told, RECEPTION, end, (text,)))
            for level in levels:
                level.begin_anew()
        dish.end(levels, end)
        self.darkness.pass_by(name, end)

    def _group(self, cause: str, name: str, episode: Episode, t: int) -> None:
        """What the dish has, others have too. What it was before is over, or was a first impression."""
        if episode.grouped == cause:
            return
        span, incidents = self.aerials.span(name), self.world.sky.state.incidents
        start = episode.onset
        if episode.grouped and t - episode.grouped_from >= _IMPRESSION_MS:
            start = self._end_of_group(episode, t)
            incidents.end(span, start)
        else:
            incidents.retract(span)
        episode.grouped, episode.grouped_from = cause, start
        self.darkness.rename(name, start, cause, t)
        gap_ms = round(self.world.settings.sky.incident_gap_min * _MINUTE_MS)
        near = self.world.sky.near if cause == UNEXPLAINED else _anywhere
        incidents.begin(cause, self.aerials.school, span, start, gap_ms=gap_ms, near=near)

    def _end_of_group(self, episode: Episode, t: int) -> int:
        """What the dish shared with others is over at `t`; the sun's part of it when the sun had gone, whoever looked then."""
        gone_at = self.darkness.sun_gone(episode.onset, t, 0) if episode.grouped == _SUN else None
        return t if gone_at is None else gone_at

    # --- what is seen

    def _evidence(self, name: str, dish: Dish, episode: Episode, t: int) -> DishEvidence:
        levels = self.aerials.levels(name)
        settings = self.world.settings
        around = self.world.sky.around(self.aerials.school, name, episode.onset, t)
        dark = dish.shown == Gloom.DARK or (dish.shown != Gloom.LOW and episode.dark_since is not None)
        return DishEvidence(
            t=t,
            onset=episode.onset,
            receivers=sum(each.condition.value in ("low", "dark") for each in levels),
            known=len(levels),
            dark=dark,
            dark_since=episode.dark_since,
            drop_db=drop(levels),
            usual_db=median(episode.drops_db) if episode.drops_db else None,
            spread_db=spread(levels),
            noise_db=noise(levels),
            grain_db=grain(levels),
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
            asleep=around.asleep,
            satellite=episode.dark_since is not None
            and self.world.sky.satellite_out(t if dark else episode.dark_since),
            sun=episode.sun and t - episode.onset < _SUN_PASSES_MS and self.darkness.sun_gone(episode.onset, t) is None,
            settings=settings.dish,
            sinking=dish.declines,
            peers=max((each.peers for each in levels), default=0) or None,
            sunk_db=sunk(episode.drops_db) if t - episode.onset >= settings.dish.small_step_h * _HOUR_MS else None,
        )

    # --- slow decline

    def look_back(self, name: str, t: int) -> None:
        """A day of a receiver is complete: has the dish sunk over the days?"""
        dish = self.aerials.dishes.get(name)
        known = [(device, level) for device, level in self.aerials.receivers(name) if level.days]
        if dish is None or not known:
            return
        settings = self.world.settings.dish
        if all(level.gauge != GAUGES[0] for _, level in known):
            # A quality tells of a decline as well, but not at which of its points lock is lost.
            settings = settings.model_copy(update={"lock_lost_db": None})
        receivers = [(self.aerials.place_of(device), level.days) for device, level in known]
        if not dish.told:
            for finding in self.declines.look(self.aerials.place(name), receivers, t, settings):
                self.world.tell(finding)
            dish.sinking = self.declines.has_told(name)
            for _, level in known:
                level.sinks = dish.sinking
        elif dish.told == _STEPPED and sinks_on(receivers, dish.told_onset):
            self._rename(name, dish, DEGRADING, t)

    def _rename(self, name: str, dish: Dish, cause: str, t: int) -> None:
        """It went on sinking: that was no step."""
        episode = dish.episode
        if episode is not None:
            evidence = self._evidence(name, dish, episode, t)
            text = dish_corrected(dish.told, cause, evidence)
            self.world.tell(FindingCorrected(self.aerials.place(name), dish.told, cause, RECEPTION, t, (text,)))
            dish.told = cause


def _anywhere(_one: str, _other: str) -> bool:
    return True
