"""The process that judges: what a hub of one process does between two batches of reports, here over and over.

It has the database and nothing else; what it has come to stands there, so that it may be killed at any moment.
"""

import logging
import threading
import time
from typing import BinaryIO
from zoneinfo import ZoneInfo

from hub.apart.lines import Life, Said, read_listening, spell
from hub.config import HubSettings
from hub.core.live import Changes
from hub.detection.pace import Pace
from hub.judging import Judging, make_detection
from hub.mqtt.host_client import utc_ms
from hub.office.following import keeping_up, telling
from hub.runtime import Loop
from hub.store.inventory import read_inventory
from hub.store.opening import open_there
from hub.tickets.service import Tickets
from hub.web.settings import WebSettings

log = logging.getLogger(__name__)

PACE = Pace(at_most=10_000, save_ms=10_000)
"""What arrives meanwhile does not wait: only memory, and how soon what is found is told, set how much is judged at once."""
_EVERY_S, _BREATH_S = 1.0, 0.01
_END_S = 5.0


class Judge:
    """Judges until its hub ends, or tells it to: both close what it hears."""

    def __init__(self, settings: HubSettings, heard: BinaryIO, said: BinaryIO) -> None:
        """Raises what opening the database and reading the register raise."""
        inventory = read_inventory(settings.inventory) if settings.inventory else None
        self._heard, self._said, self._saying = heard, said, threading.Lock()
        self._store = open_there(settings.store_url, settings.data_dir)
        zone = ZoneInfo(WebSettings().time_zone)
        self._judging = Judging(
            self._store,
            make_detection(settings, inventory, PACE),
            Tickets(settings.tickets),
            tell=telling(settings),
            keep_up=keeping_up(self._store, settings, inventory, zone=zone, clock=utc_ms, publish=self.say),
        )
        self._listening = False
        self._ending = threading.Event()
        self._loop = Loop("judge", self._step, lambda: None)

    def run(self) -> bool:
        """Whether it ended in order."""
        threading.Thread(target=self._listen, name="hub", daemon=True).start()
        self._loop.start()
        while not self._ending.wait(_EVERY_S) and self._loop.alive:
            self.say(Life(self._loop.idle_s, self._loop.trouble))
        if not self._loop.stop(_END_S):
            return False
        self._store.close()
        return self._ending.is_set()

    def say(self, told: Said) -> None:
        try:
            with self._saying:
                self._said.write(spell(told))
                self._said.flush()
        except OSError:
            # Nobody is there any more.
            self._ending.set()

    def _listen(self) -> None:
        for line in self._heard:
            self._listening = read_listening(line)
        self._ending.set()

    def _step(self) -> None:
        begun, now = time.monotonic(), utc_ms()
        changed = self._judging.tick(now, listening=self._listening)
        self._judging.count_lessons(now)
        if changed:
            self.say(Changes(tickets=changed))
        took_s = time.monotonic() - begun
        # Looking who is heard costs the same for few reports as for many: while it keeps up, it leaves a fifth of its core.
        self._ending.wait(_BREATH_S if self._judging.behind else max(_EVERY_S - took_s, took_s / 4))
