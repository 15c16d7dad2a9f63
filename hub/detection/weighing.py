"""Weighs what could have befallen a dish: each cause gives its odds on the same evidence, and they are ranked.

A weight is a sum of log-likelihoods (natural logarithm): what speaks ten times more for a cause than against it adds 2.3. Each
cause's module says what speaks for and against it; nothing here knows them by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import exp

from hub.core.findings import Alternative
from hub.detection.signs import Number
from hub.detection.thresholds import DishSettings

_TOLD = 4
_DRIES_H = 0.75
_LEAST_DROP_DB, _HALF = 1.5, 0.5
_SWAY_DB, _SINKS_DB = 0.5, 1.0
"""Heat and cold make this of a day's difference; what is lost beyond it, and surely this, is lost for good."""
_LEAST_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class DishEvidence:
    """What is seen of a dish whose signal is not clear.

    t            event time of the look
    onset        since when no receiver on it was clear
    receivers    how many of its receivers are seen now, and `known` in all
    dark         none of those seen has lock, since `dark_since`
    drop_db      how far below clear sky, over the last hours; None without a gauge or lock
    usual_db     the middle of that, once an hour since the onset
    sinking      a slow decline of the dish is told, and stands
    sunk_db      how much further it has sunk since its first hours, over a day at least; None where it is not known yet
    grain_db     in steps of so many dB the finest of those that are low tells its level
    spread_db    between which the readings of the last hours lie; `noise_db` is that of a level that only scatters
    seen_h       for how long it was seen so, since the onset
    dark_class_min, dark_h   for how long it was seen dark at a stretch
    sudden       the signal was as ever in the hour before it fell; None if not known
    slide_db     how far it had sunk already in the days before the onset, by its daily levels
    strength_gone  nothing comes down the cable; None where no receiver tells strength
    neighbours   schools near by, and other dishes of the school, that can be seen; how many of them are `fading` now
    around_db    how far neighbours are below their own clear sky, on average; None where none tells a level
    faded_too    a neighbour faded within the hours around the onset
    dry_h        for how many hours no neighbour has faded, since the onset; without neighbours None
    asleep       there are neighbours, but none can be seen now
    satellite    the satellite is out, as the whole district shows
    peers        it never heard better: so many receivers of its model in the district hear that much more; None as a rule
    sun          the sun stood behind the satellite when it fell, and since then not much time has passed
    """

    t: int
    onset: int
    receivers: int
    known: int
    dark: bool
    dark_since: int | None
    drop_db: float | None
    usual_db: float | None
    spread_db: float | None
    noise_db: float
    seen_h: float
    dark_h: float
    dark_class_min: float
    sudden: bool | None
    slide_db: float
    strength_gone: bool | None
    neighbours: int
    fading: int
    around_db: float | None
    faded_too: bool
    dry_h: float | None
    asleep: bool
    satellite: bool
    sun: bool
    settings: DishSettings
    peers: int | None = None
    sunk_db: float | None = None
    sinking: bool = False
    grain_db: float = 0.0

    @property
    def wet(self) -> float:
        """How much the neighbours speak of rain: 1 while one fades, less and less after the last has, 0 where none did."""
        if self.fading:
            return 1.0
        if self.dry_h is None or self.dry_h >= (self.t - self.onset) / 3_600_000 - 0.01:
            return 0.0
        return exp(-self.dry_h / _DRIES_H)

    @property
    def slid(self) -> float:
        """How much of the loss was there already before the onset, by daily levels: 0 none, 1 half of it or more."""
        share = self.slide_db / max(_LEAST_DROP_DB, self.drop_db or 0.0)
        return max(0.0, min(1.0, share / _HALF))

    @property
    def sinks_on(self) -> float:
        """Whether it sinks on since it is low, beyond what heat and cold make: 0 no, 1 surely. A moved dish stands still."""
        beyond = ((self.sunk_db or 0.0) - _SWAY_DB) / (_SINKS_DB - _SWAY_DB)
        return max(0.0, min(1.0, beyond))

    @property
    def unsteadiness(self) -> float | None:
        """1: the level only scatters; more: it swings."""
        return None if self.spread_db is None or self.dark else self.spread_db / self.noise_db

    @property
    def numbers(self) -> Mapping[str, Number]:
        """What the evidence of a ticket shows."""
        return {
            "receivers": self.receivers,
            "drop_db": None if self.drop_db is None else round(self.drop_db, 1),
            "seen_h": round(self.seen_h, 1),
            "neighbours": self.neighbours,
            "fading": self.fading,
            "storm": self.faded_too,
            "dry_h": None if self.dry_h is None else round(self.dry_h, 1),
            "strength_gone": self.strength_gone,
            "peers": self.peers,
        }


NUMBERS = ("receivers", "drop_db", "seen_h", "neighbours", "fading", "storm", "dry_h", "strength_gone", "peers")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A cause that can take a dish's signal.

    code    its name in the causes contract
    repair  somebody must go and mend it: it opens a ticket
    weigh   its log-odds on the evidence
    ready   whether the contract's time has passed, so that a ticket may be opened
    """

    code: str
    repair: bool
    weigh: Callable[[DishEvidence], float]
    ready: Callable[[DishEvidence], bool] = lambda _: True


def rank(evidence: DishEvidence, hypotheses: Iterable[Hypothesis]) -> tuple[Alternative, ...]:
    """The causes with their shares of the belief, the likeliest first."""
    weights = {each.code: each.weigh(evidence) for each in hypotheses}
    top = max(weights.values())
    odds = {code: exp(weight - top) for code, weight in weights.items()}
    total = sum(odds.values())
    ranked = sorted(((odd / total, code) for code, odd in odds.items()), key=lambda each: (-each[0], each[1]))
    told = [Alternative(code, round(share, 3)) for share, code in ranked[:_TOLD]]
    return tuple(each for each in told if each.share >= _LEAST_SHARE)
