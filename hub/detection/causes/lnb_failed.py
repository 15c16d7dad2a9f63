"""lnb_failed: every receiver on the dish loses lock and strength at once and for good, while neighbours are fine."""

from hub.detection.weighing import DishEvidence, Hypothesis


def _weigh(e: DishEvidence) -> float:
    if not e.dark:
        return -9.0
    weight = 0.5 + min(3.0, 0.5 * e.dark_h)
    if e.strength_gone is not None:
        weight += 3.0 if e.strength_gone else -3.0
    if e.receivers > 1:
        weight += 0.5
    return weight + (0.0 if e.sudden is None else 0.7 if e.sudden else -0.3)


def _ready(e: DishEvidence) -> bool:
    return e.dark_class_min >= e.settings.dark_class_min


HYPOTHESIS = Hypothesis("lnb_failed", repair=True, weigh=_weigh, ready=_ready)
