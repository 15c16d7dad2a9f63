"""dish_misaligned: the dish was moved. C/N of every receiver on it steps down by 2 dB or more and stays, rain or no rain.

Where it was moved so far that lock is gone, the level on the cable still stands: the LNB works, it looks past the satellite.
"""

from hub.detection.weighing import DishEvidence, Hypothesis

_SWINGS, _RAGGED = 2.0, 3.0
_HOUR_MS = 3_600_000
_DAY_DB = 0.5
"""Between the warmest and the coldest hour of a day."""
_SINKS_ON = 2.0
_SLID, _SLID_BY_CHANCE = 6.0, 0.3
"""Daily levels wander by some tenths of a dB; what had sunk further before did not step."""
_SINKING = 4.0
"""Where a decline is told that ends in the loss of lock, the loss of lock is no news."""
_OTHERS = 8
"""One receiver of several is dark, the others are off: it may be that receiver. A day of class is waited for them."""


def _weigh(e: DishEvidence) -> float:
    if e.dark:
        weight = -1.0 + min(2.0, 0.3 * e.dark_h) - (_SINKING if e.sinking else 0.0)
        return weight + (0.0 if e.strength_gone is None else -6.0 if e.strength_gone else 3.0)
    if e.drop_db is None:
        return -9.0
    weight = -1.5 + min(3.0, 0.3 * e.seen_h)
    weight += 1.0 if _lost_db(e, e.drop_db) >= e.settings.step_db else -3.0
    weight += 0.0 if e.sudden is None else 1.5 if e.sudden else -1.5
    if e.unsteadiness is not None:
        weight += max(-1.5, min(1.5, _SWINGS - e.unsteadiness))
    return weight - _SLID * max(0.0, e.slid - _SLID_BY_CHANCE) - _SINKS_ON * e.sinks_on


def _ready(e: DishEvidence) -> bool:
    if e.dark:
        return e.dark_class_min >= e.settings.dark_class_min * (_OTHERS if e.receivers == 1 < e.known else 1)
    if e.drop_db is None or _lost_db(e, e.drop_db) < e.settings.step_db:
        return False
    # Of a fall that is told in coarse steps, one of them may have been made by some tenths.
    surely_db = e.drop_db - e.grain_db
    if surely_db < e.settings.plain_step_db and e.t - e.onset < e.settings.small_step_h * _HOUR_MS:
        return False
    # Where hardly a neighbour can be asked, long light rain must have had its time to end; at night mostly some can be soon.
    patience = 1 if e.neighbours > 1 else 3 if e.asleep else 2
    if e.unsteadiness is not None and e.unsteadiness > _RAGGED:
        # Somebody's rain, whoever else is dry: a moved dish stands still.
        patience *= 2
    return e.seen_h * 60 >= e.settings.low_observed_min * patience


def _lost_db(e: DishEvidence, drop_db: float) -> float:
    """What it has lost now, or in most of its hours: heat and cold take some tenths of a dB and give them back."""
    if e.usual_db is None or drop_db >= e.settings.plain_step_db:
        return drop_db
    return min(drop_db + _DAY_DB, e.usual_db)


HYPOTHESIS = Hypothesis("dish_misaligned", repair=True, weigh=_weigh, ready=_ready)
