"""host_undervoltage: the node's own computer gets too little voltage: a weak supply or cable.

Its signs are the limits that the computer's profile sets in its name.
"""

from hub.detection.facts import HOST_KIND
from hub.detection.signs import Cause

CAUSE = Cause("host_undervoltage", frozenset({HOST_KIND}))
