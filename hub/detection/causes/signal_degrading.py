"""signal_degrading: C/N sinks slowly over days to weeks: a growing tree, a corroding connector, an ageing LNB.

Mostly it is seen in the daily levels (decline.py) long before a reading is low. A fast one is low first, and had sunk before.
"""

from hub.detection.weighing import DishEvidence, Hypothesis

_SINKS_ON, _FORETOLD = 2.0, 3.0


def _weigh(e: DishEvidence) -> float:
    if e.drop_db is None and not e.dark:
        return -9.0
    slid = 1.0 if e.sinking else e.slid
    weight = -5.0 + 7.0 * slid + min(2.0, 0.2 * e.seen_h) + _SINKS_ON * e.sinks_on
    if e.dark:
        weight -= 1.0
    if e.sinking:
        # At the end of a decline lock comes and goes, without any rain: right before, the level was as it had been of late.
        return weight + _FORETOLD * (1 - e.wet)
    return weight + (0.0 if e.sudden is None else -2.0 if e.sudden else 1.5)


def _ready(e: DishEvidence) -> bool:
    # What came back most of the way is no loss that anybody has to mend yet: the days will tell.
    sunk = e.dark or (e.drop_db or 0.0) >= e.settings.trend_db
    return sunk and e.seen_h * 60 >= e.settings.low_observed_min


HYPOTHESIS = Hypothesis("signal_degrading", repair=True, weigh=_weigh, ready=_ready)
