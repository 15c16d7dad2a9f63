"""What time it is: the machine's, or the hub's where that is to be believed more. Where the machine's may be set, it is."""

import logging

from provisioning.core.clock import correction
from provisioning.ports import Clock

log = logging.getLogger(__name__)


class Timekeeping:
    """What cannot be set is reckoned with."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._ahead_ms = clock, 0

    def now(self) -> int:
        return self._clock.utc_ms() + self._ahead_ms

    def believe(self, hub_ms: int) -> None:
        """A hub that has shown who it is says what time it has."""
        own = self._clock.utc_ms()
        better = correction(own, hub_ms, synchronised=self._clock.is_synchronised())
        if better is None:
            self._ahead_ms = 0
        elif self._clock.set_utc_ms(better):
            self._ahead_ms = 0
            log.info("the clock was wrong by %d s and is set by the hub", (hub_ms - own) // 1000)
        else:
            self._ahead_ms = better - own
            log.warning("the clock is wrong by %d s and may not be set: set it by hand", (hub_ms - own) // 1000)
