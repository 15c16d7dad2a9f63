"""A dish: the receivers on it together, and the episode in which none of them was clear.

Decides since when, for how long and how it was seen so. What it was is weighed in weighing.py from the evidence made in site.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from hub.detection.levels import Condition, Level
from hub.detection.progress import ClassTime
from hub.detection.texts import DEGRADING

_STEADY_MS = 150 * 60_000
_SEEN_BEFORE_MS = 3 * 3_600_000
"""What was last seen clear longer ago may have sunk in the meantime."""


_SLIDE_DAYS = 3
_HOURS_TOLD = 3
_SUDDEN_DB = 0.7
_FLICKERS_MS = 120 * 60_000
_TOGETHER_MS = 20 * 60_000
"""Receivers of one dish that fall within so long of each other fell together: polls differ."""


class Gloom:
    """How a dish is seen now."""

    UNSEEN, CLEAR, LOW, DARK = "unseen", "clear", "low", "dark"


def gloom(levels: Sequence[Level]) -> str:
    """What the receivers of a dish show together. One that is clear speaks for the dish; the others have troubles of their own.

    A receiver that tells only lock cannot say whether the signal is low: while others can, it is asked only about the dark.
    """
    seen = [each for each in levels if each.condition is not Condition.UNSEEN]
    if not seen:
        return Gloom.UNSEEN
    if all(each.condition is Condition.DARK for each in seen):
        return Gloom.DARK
    telling = [
        each for each in seen if each.has_gauge and each.base is not None and each.condition is not Condition.DARK
    ]
    lit = telling or [each for each in seen if each.condition is not Condition.DARK]
    return Gloom.CLEAR if any(each.condition is Condition.CLEAR for each in lit) else Gloom.LOW


@dataclass(slots=True)
class Episode:
    """A time in which no receiver of the dish was clear.

    onset        since when
    seen_ms      for how long of it a receiver was seen
    dark_since   since when all that are seen are dark; None while one has lock
    dark_from    when it went dark, as far as anybody can tell: half-way to when it was last seen clear, if nobody looked
    dark_ms, dark_class_ms  for how long it was seen dark since then, by the clock and of class
    flickers     lock came back while it lasted, and may do so again
    clear_since  a receiver is clear again since then; it ends when that holds
    sudden, slide_db  see weighing.DishEvidence
    leading      the cause that leads, as last weighed, and for how many looks it has
    weighed_at   when that was
    grouped, grouped_from  the incident of which cause it is part of, since when
    drops_db     how far it was below clear sky, once an hour that it was seen
    """

    onset: int
    seen_ms: int = 0
    dark_since: int | None = None
    dark_from: int = 0
    dark_ms: int = 0
    dark_class_ms: int = 0
    flickers: bool = False
    clear_since: int | None = None
    sudden: bool | None = None
    slide_db: float = 0.0
    leading: str = ""
    led: int = 0
    weighed_at: int = 0
    grouped: str = ""
    grouped_from: int = 0
    sun: bool = False
    drops_db: list[float] = field(default_factory=list)

    @property
    def stays_dark(self) -> bool:
        """Also while nobody looks. Where lock comes and goes, only what is seen is known, but for a long darkness."""
        return self.dark_since is not None and (not self.flickers or self.dark_ms >= _FLICKERS_MS)


@dataclass(slots=True)
class Dish:
    """The state of a dish.

    shown     how it is seen since `at`
    told      the cause under which its fault has been told, and the sign; empty while none is
    told_onset  the onset that was told
    lost_since  a loss of lessons for its told darkness is kept since then
    clear_at    when it was last seen clear
    passed      what was told of it last, and went by itself or was mended, and when that was
    sinking   a slow decline of the whole dish has been told
    """

    shown: str = Gloom.UNSEEN
    at: int = 0
    episode: Episode | None = None
    told: str = ""
    sinking: bool = False
    told_onset: int = 0
    lost_since: int | None = None
    clear_at: int = 0
    passed: tuple[str, int] | None = None

    @property
    def declines(self) -> bool:
        """It is told to sink slowly, by its days or by what its fault has turned out to be."""
        return self.sinking or self.told == DEGRADING

    def pass_time(self, t: int, time: ClassTime) -> None:
        """Account for the time up to `t`, in which it was seen as it was."""
        episode, start = self.episode, self.at
        if t <= start:
            return
        self.at = t
        if episode is None or self.shown == Gloom.UNSEEN or episode.clear_since is not None:
            return
        episode.seen_ms += t - start
        if self.shown == Gloom.DARK:
            episode.dark_ms += t - start
            episode.dark_class_ms += time.class_ms_between(start, t)

    def show(self, levels: Sequence[Level], t: int) -> bool:
        """How it is seen from `t` on. Whether that changed."""
        if self.shown == Gloom.CLEAR:
            self.clear_at = t
        levels = self._speaking(levels)
        shown = gloom(levels)
        if shown == Gloom.CLEAR and self._is_hearsay(levels):
            shown = Gloom.UNSEEN
        changed = shown != self.shown
        if changed:
            self._turn(shown, levels, t)
        for each in levels:
            each.dimmed |= self.episode is not None and each.condition in (Condition.LOW, Condition.DARK)
        return changed

    def _turn(self, shown: str, levels: Sequence[Level], t: int) -> None:
        before, self.shown = self.shown, shown
        episode = self.episode
        if episode is not None and before == Gloom.UNSEEN:
            # What nobody could see is not weighed.
            episode.weighed_at = max(episode.weighed_at, t)
        if shown == Gloom.CLEAR:
            if episode is not None and episode.clear_since is None:
                episode.clear_since = t
        elif shown != Gloom.UNSEEN:
            self._darken(levels, t, unseen=before == Gloom.UNSEEN)

    def end(self, levels: Sequence[Level], t: int) -> None:
        """Another is clear again. What was told on the word of one receiver alone may have been that receiver's trouble."""
        dimmed = [each for each in levels if each.dimmed]
        if self.told and len(dimmed) == 1 and dimmed[0].condition in (Condition.DARK, Condition.UNSEEN):
            dimmed[0].spoke = self.told, self.told_onset
        for each in levels:
            each.dimmed = False
        self.passed = (self.told, t) if self.told else self.passed
        self.told, self.episode = "", None

    def _speaking(self, levels: Sequence[Level]) -> list[Level]:
        """Those without a trouble of their own. Beside a told fault, one whose lock comes and goes says nothing of the others."""
        for each in levels:
            each.alone |= not self.told and self._is_its_own(each)
        return [each for each in levels if not (each.blamed or each.alone or self._is_its_own(each))]

    def _is_hearsay(self, levels: Sequence[Level]) -> bool:
        """The dish was low by those that tell a level. They are off now: one that tells only lock cannot say that it is well."""
        if self.episode is None or self.episode.dark_since is not None:
            return False
        telling = [each for each in levels if each.has_gauge and each.base is not None]
        return bool(telling) and all(each.condition is Condition.UNSEEN for each in telling)

    def _is_its_own(self, level: Level) -> bool:
        """It is dark since while another on the dish was clear: when that is switched off, it cannot speak for the dish."""
        return level.condition is Condition.DARK and level.since < self.clear_at - _TOGETHER_MS

    def _darken(self, levels: Sequence[Level], t: int, *, unseen: bool) -> None:
        episode, fresh = self.episode, self.episode is None
        if episode is None:
            episode = self.episode = Episode(_fell_together(levels, t), weighed_at=t)
            episode.sudden, episode.slide_db = how_it_began(levels, episode.onset)
        episode.clear_since = None
        if self.shown == Gloom.DARK:
            if episode.dark_since is None:
                episode.dark_since, episode.dark_ms, episode.dark_class_ms = t, 0, 0
                looked = not (unseen and fresh and self.clear_at)
                episode.dark_from = t if looked else (self.clear_at + t) // 2
        else:
            episode.flickers |= episode.dark_since is not None
            episode.dark_since = None


def _fell_together(levels: Iterable[Level], t: int) -> int:
    """When the dish fell: a receiver that was low alone before had its own reason."""
    since = [min(each.since, t) for each in levels if each.condition in (Condition.LOW, Condition.DARK)]
    return min((each for each in since if each >= max(since) - _TOGETHER_MS), default=t)


def how_it_began(levels: Iterable[Level], onset: int) -> tuple[bool | None, float]:
    """Whether the signal was as ever right before it fell, and how far the daily levels had sunk in the two weeks before."""
    known = [each for each in levels if each.base is not None and each.before is not None]
    seen = any(onset - each.clear_at < _SEEN_BEFORE_MS for each in known)
    gradual = bool(known) and median((each.base or 0.0) - (each.before or 0.0) for each in known) >= _SUDDEN_DB
    sudden = False if gradual else True if seen else None
    slides = [slide_of(each) for each in known]
    return sudden, median(slides) if slides else 0.0


def slide_of(level: Level) -> float:
    """How far the daily levels of a receiver have sunk within two weeks, dB."""
    days = [value for _, value in level.days[-14:]]
    if len(days) < _SLIDE_DAYS:
        return 0.0
    return median(days[: len(days) // 2 + 1]) - median(days[-2:])


def drop(levels: Iterable[Level]) -> float | None:
    """How far the dish is below its clear sky, dB, by the middle of the readings of the last hours."""
    drops = [(each.base or 0.0) - median(_latest(each)) for each in _low(levels)]
    return median(drops) if drops else None


def sunk(drops_db: Sequence[float]) -> float | None:
    """How much lower its last hours are than the first ones that are known, dB, by the middle of three of either."""
    if len(drops_db) < 2 * _HOURS_TOLD:
        return None
    return median(drops_db[-_HOURS_TOLD:]) - median(drops_db[:_HOURS_TOLD])


def spread(levels: Iterable[Level]) -> float | None:
    """Between which the readings of the last hours lie, but for a tenth at either end, dB; None while there are too few."""
    widths = [_width(values) for values in map(_latest, _low(levels)) if len(values) >= 6]
    return median(widths) if widths else None


def noise(levels: Iterable[Level]) -> float:
    """The same for readings that only scatter, by how those under a clear sky do."""
    scatters = [each.scatter for each in _low(levels)]
    return 2.5 * median(scatters) + 0.2 if scatters else 0.2


def grain(levels: Iterable[Level]) -> float:
    """In steps of how many dB it is told that the dish is low: the finest of its receivers tells; 0 where none does."""
    return min((each.grain for each in _low(levels)), default=0.0)


def strength_gone(levels: Iterable[Level], gone_db: float, gone_share: float) -> bool | None:
    """Whether nothing comes down the cable any more; None where no receiver tells strength."""
    told = [
        each.strength <= each.strength_base * gone_share
        if each.strength_base > 0
        else each.strength <= each.strength_base - gone_db
        for each in levels
        if each.strength is not None and each.strength_base is not None and each.condition is not Condition.UNSEEN
    ]
    return all(told) if told else None


def _low(levels: Iterable[Level]) -> list[Level]:
    return [each for each in levels if each.base is not None and each.lately and each.condition is Condition.LOW]


def _latest(level: Level) -> list[float]:
    newest = level.lately[-1][0]
    return [value for t, value in level.lately if t > newest - _STEADY_MS]


def _width(values: list[float]) -> float:
    ranked = sorted(values)
    return ranked[(9 * len(ranked)) // 10] - ranked[len(ranked) // 10]
