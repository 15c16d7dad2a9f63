"""school_link_outage: the node was silent, and at its return its computer had been up all along, its journal intact."""

from hub.detection.absence import Absence, AbsenceEvidence


def _explains(e: AbsenceEvidence) -> bool:
    return e.restarted is False


ABSENCE = Absence("school_link_outage", _explains, dark=False)
