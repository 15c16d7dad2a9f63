"""host_clock_wrong: the node's clock is far off.

Its signs are the limits that the computer's profile sets in its name.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import Cause

CAUSE = Cause("host_clock_wrong", frozenset({HOST_KIND}))
