"""rain_fade: heavy rain between dish and satellite. It swings, it passes within hours, and neighbours mostly have it too.

Rain costs C/N but leaves the level on the cable, which is mostly the LNB's own noise. Cells last minutes to about two hours
(ITU-R P.1853, P.618), long rain is light: the longer and steadier a loss, the less it is rain.
"""

from hub.detection.weighing import DishEvidence, Hypothesis

_COMMONEST = 3.0
_PER_HOUR, _HOURS_FREE = 0.8, 1.0
_HARDLY_EVER = -8.0
_PER_DB_AROUND, _DRY_AROUND_DB = 5.0, 0.3
_SWINGS = 2.0
_HOUR_MS = 3_600_000
_FEW = 2
_UNSEEN_SHARE = 0.15
"""A night in which nobody looked says a little: it would have to rain before and after it."""


def _weigh(e: DishEvidence) -> float:
    weight = _COMMONEST - _PER_HOUR * max(0.0, _counted_hours(e) - _HOURS_FREE)
    if e.neighbours:
        weight += e.wet * (2.0 + min(2.0, 4.0 * e.fading / e.neighbours))
        weight -= (1.0 - e.wet) * (0.5 + 0.25 * min(4, e.neighbours))
    if e.around_db is not None:
        weight += max(-1.5, min(3.0, _PER_DB_AROUND * (e.around_db - _DRY_AROUND_DB)))
    if e.faded_too:
        weight += 1.0
    if e.unsteadiness is not None:
        weight += max(-1.5, min(1.5, e.unsteadiness - _SWINGS))
    if e.strength_gone:
        weight -= 4.0
    if e.satellite:
        weight -= 3.0
    return max(_HARDLY_EVER, weight)


def _counted_hours(e: DishEvidence) -> float:
    """Hours that count against rain: while neighbours have it too, hardly any do. What takes lock for hours is over many."""
    hours = e.dark_h + 0.3 * (e.seen_h - e.dark_h) if e.dark else e.seen_h
    hours += _UNSEEN_SHARE * max(0.0, (e.t - e.onset) / _HOUR_MS - e.seen_h)
    if e.dry_h is None:
        return hours
    alone = 1.0 - e.fading / e.neighbours if e.dark and e.neighbours > _FEW else 0.0
    return min(hours, 1.5 * e.dry_h + (0.25 + 0.5 * alone) * hours)


HYPOTHESIS = Hypothesis("rain_fade", repair=False, weigh=_weigh)
