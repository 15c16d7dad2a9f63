"""host_disk_full: the fullest file system of the node's own computer is nearly full.

Its signs are the limits that the computer's profile sets in its name.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import Cause

CAUSE = Cause("host_disk_full", frozenset({HOST_KIND}))
