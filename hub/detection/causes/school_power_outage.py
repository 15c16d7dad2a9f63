"""school_power_outage: the node died, and at its return its computer has been up for less than it was away.

Upstream; only where it keeps coming back is it the school's own supply, and a ticket.
"""

from hub.detection.absence import Absence, AbsenceEvidence


def _explains(e: AbsenceEvidence) -> bool:
    return e.restarted is True


ABSENCE = Absence("school_power_outage", _explains, dark=True, recurring=True)
