"""host_disk_worn: the node's disk or memory card is at the end of its life.

Its signs are the limits that the computer's profile sets in its name.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import Cause

CAUSE = Cause("host_disk_worn", frozenset({HOST_KIND}))
