"""sun_outage: the sun stands behind the satellite and its noise drowns the signal, some minutes a day around the equinoxes.

When, is computed from the site and the orbital position (hub/detection/sun.py): nothing else looks like it at that time.
"""

from hub.detection.weighing import DishEvidence, Hypothesis


def _weigh(e: DishEvidence) -> float:
    return 14.0 if e.sun else -9.0


HYPOTHESIS = Hypothesis("sun_outage", repair=False, weigh=_weigh)
