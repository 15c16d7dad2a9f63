"""This program's own update: it comes with a release, in an environment of its own, once that release is in place for good.

The new one is asked to reach the hub and read what it offers before the link leads to it; the next run is its first. Where it
cannot, the old one stays.
"""

import logging

from provisioning.errors import BadRelease
from provisioning.services.parts import Parts
from provisioning.services.staging import Staging

log = logging.getLogger(__name__)


class Succession:
    def __init__(self, parts: Parts, staging: Staging) -> None:
        self._parts, self._staging = parts, staging

    def take_over(self) -> None:
        """Raises BadRelease where the new one cannot do its work."""
        files, layout, slots = self._parts.files, self._parts.layout, self._parts.memory.record.slots
        if slots.good is None or slots.trial is not None or slots.good not in self._staging.disk().complete:
            return
        successor = layout.provisioners / slots.good
        now = files.target(layout.provisioner)
        if now == successor.resolve() or slots.good not in files.names(layout.provisioners):
            return
        if now is not None and (doubt := self._parts.workshop.doubt(successor)) is not None:
            raise BadRelease(f"this program stays as it is; that of release {slots.good} cannot do its work: {doubt}")
        files.point(layout.provisioner, successor)
        log.info("this program is that of release %s from its next run on", slots.good)
