"""Tells the program that updates this agent what was commanded, and how the agent is: the files of wire.handoff.

A folder that cannot be written costs updates, never reports: it is told once.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from agent.core.wishes import Wish
from wire.errors import HandoffError
from wire.handoff import Health, Wanted

log = logging.getLogger(__name__)


class HandoffFiles:
    """For the main loop's thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._complained = False

    def want(self, wish: Wish) -> None:
        """Written although it stands there already: who asks again wants another attempt."""
        self._try(lambda: replace(self._wanted(), **{wish.kind: wish.version}).write(self._folder))

    def tell(self, health: Health) -> None:
        self._try(lambda: health.write(self._folder))

    def _wanted(self) -> Wanted:
        try:
            return Wanted.read(self._folder) or Wanted()
        except HandoffError as error:
            log.warning("%s: %s; it is written anew", self._folder, error)
            return Wanted()

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
            self._complained = False
        except OSError as error:
            if not self._complained:
                log.warning("%s: cannot be written: %s; this agent cannot be updated", self._folder, error.strerror)
            self._complained = True
