"""Who announces himself in the networks around, and is to be asked who he is. How one hears is the adapter's matter."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from agent.core.callers import Callers
from agent.core.neighbourhood import Neighbourhood
from agent.errors import OperatorError
from agent.ports import Clock

log = logging.getLogger(__name__)

ANSWERS_WITHIN_S = 2.0
NETWORKS_EVERY = 10
"""Looks: a computer seldom changes its networks."""


class Ear(Protocol):
    """Nothing here waits or raises."""

    def search(self) -> None: ...

    def heard(self, rests: Callable[[str], bool]) -> dict[str, list[str]]:
        """The names that hosts gave since the last time; without the hosts that rest."""

    def close(self) -> None: ...


Nearby = Callable[[], list[Neighbourhood]]
OpenEar = Callable[[Sequence[Neighbourhood], Sequence[str]], Ear]


class Listening:
    """For one thread. services: the names by which profiles' equipment announces itself."""

    def __init__(
        self, nearby: Nearby, open_ear: OpenEar, services: Sequence[str], clock: Clock, stopping: threading.Event
    ) -> None:
        self._nearby, self._open_ear, self._services = nearby, open_ear, services
        self._clock, self._stopping = clock, stopping
        self._near: list[Neighbourhood] = []
        self._ear: Ear | None = None
        self._callers = Callers()
        self._problem = ""
        self._looks = 0

    def look(self, used: Collection[str]) -> dict[str, list[str]]:
        """The hosts to ask now, with the names they gave; never those of `used`, where devices are already.

        What answers one look's search is heard at the next, so that nobody wakes up for it; only the first is waited for.
        """
        before, ear = self._ear, self._present_ear()
        if ear is None:
            return {}
        if ear is not before:
            ear.search()
            self._stopping.wait(ANSWERS_WITHIN_S)
        now = self._clock.mono_ms()
        heard = ear.heard(lambda host: host in used or self._callers.rests(host, now))
        ear.search()
        return {host: heard[host] for host in self._callers.take(heard, now)}

    def is_first(self, host: str) -> bool:
        """Whether the host is to be asked for the first time."""
        return self._callers.is_first(host)

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()
        self._ear, self._near = None, []

    def _present_ear(self) -> Ear | None:
        """Of the networks that the computer is in now: a cable may come later than the agent."""
        self._looks += 1
        if self._ear is not None and self._looks % NETWORKS_EVERY:
            return self._ear
        near = self._networks()
        if near != self._near:
            self.close()
            self._near, self._ear = near, self._open_ear(near, self._services) if near else None
            log.info("looking for new equipment in %s", ", ".join(str(one.network) for one in near) or "no network")
        return self._ear

    def _networks(self) -> list[Neighbourhood]:
        try:
            near, self._problem = self._nearby(), ""
        except OperatorError as error:
            near = []
            if str(error) != self._problem:
                self._problem = str(error)
                log.warning("discovery.subnets: %s", error)
        return near
