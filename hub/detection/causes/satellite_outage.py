"""satellite_outage: receivers of nearly all schools lose lock at once. Whether they do is seen for the district, in sky.py."""

from hub.detection.weighing import DishEvidence, Hypothesis


def _weigh(e: DishEvidence) -> float:
    return 9.0 if e.satellite and e.dark else -9.0


HYPOTHESIS = Hypothesis("satellite_outage", repair=False, weigh=_weigh)
