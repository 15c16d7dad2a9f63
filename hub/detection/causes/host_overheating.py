"""host_overheating: the node's own computer is hotter than it may be for long.

Its signs are the limits that the computer's profile sets in its name.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import Cause

CAUSE = Cause("host_overheating", frozenset({HOST_KIND}))
