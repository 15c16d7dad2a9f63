"""Messages, put together: what gathers, what tells people and what tells programs, each on a thread that nothing waits for."""

import threading
from collections.abc import Callable, Iterable
from functools import cache
from zoneinfo import ZoneInfo

from hub.config import HubSettings
from hub.core.findings import Incident
from hub.messaging.sealing import KEY_FILE, Seal
from hub.office.desk_api import DeskApi
from hub.office.desks import Desks
from hub.office.following import the_office
from hub.office.gathering import Gathering
from hub.office.message_desk import MessageDesk
from hub.office.sending import Hand, Sending
from hub.office.webhooks import Webhooks
from hub.runtime import Loop
from hub.store.deliveries import DeliveryRows
from hub.store.directory import kept_secret
from hub.store.events import EventRows
from hub.store.insights import StoreInsights
from hub.store.outbox import keep_notices
from hub.store.unit_of_work import Store, UnitOfWork
from hub.web.message_words import MessageWords
from hub.workflows.engine import Engine

_EVERY_S = 5.0
_FAREWELL_S = 0.5
_DAY_MS = 86_400_000


class Messages:
    """`pages`: what the pages ask."""

    def __init__(
        self,
        store: Store,
        settings: HubSettings,
        engine: Engine,
        zone: ZoneInfo,
        clock: Callable[[], int],
        *,
        every_s: float = _EVERY_S,
    ) -> None:
        mine, mail, home = settings.messages, settings.notices, settings.accounts.link or settings.notices.link
        self._store, self._settings, self._clock, self._every_s = store, mine, clock, every_s
        # Made when it is needed first: a hub that nobody wants to be told by has none.
        seal = cache(lambda: Seal(kept_secret(settings.data_dir / KEY_FILE)))
        words, hand = MessageWords(zone, home), Hand(mail, mine.allowed)
        # Of an incident only what it is and where is told: which days have class is of no interest.
        look = StoreInsights(store, zone, lambda _school, _first, _last: ()).incident
        self._gathering = Gathering(store, engine.definitions, look, home)
        self._sending = Sending(store, hand, seal, words, zone)
        self.webhooks = Webhooks(store, seal, mine.allowed, clock)
        self.desks = Desks(store, settings.help_desks, engine.definitions, words, clock)
        own = [each.name for each in settings.help_desks]
        self.pages = MessageDesk(store, self._sending, self.webhooks, DeskApi(store, own, clock))
        self._office = the_office(mine)
        self._closing, self._forgot_at = threading.Event(), 0
        self._loops = (
            Loop("messages", self._paced(self.tell_people), lambda: None),
            Loop("webhooks", self._paced(self.tell_programs), lambda: None),
            Loop("help desks", self._paced(self.keep_desks), lambda: None),
        )

    def note(self, work: UnitOfWork, told: Iterable[Incident], now: int) -> None:
        """In the transaction in which the incidents are kept."""
        keep_notices(work.connection, [self._office], told, now)

    def start(self) -> None:
        self._sending.recover(self._clock())
        self.webhooks.recover()
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """What waits is sent after the next start."""
        self._closing.set()
        for loop in self._loops:
            loop.stop(_FAREWELL_S)

    def gather(self) -> None:
        """What is new, to those who are to be told."""
        self._gathering.gather(self._clock())
        self._sending.spread(self._clock())

    def tell_people(self) -> None:
        self.gather()
        self._sending.send(self._clock, self._closing)
        self._forget()

    def tell_programs(self) -> None:
        self.webhooks.send(self._closing)

    def keep_desks(self) -> None:
        self.desks.keep_up(self._closing)

    def _paced(self, step: Callable[[], None]) -> Callable[[], None]:
        def paced() -> None:
            if not self._closing.wait(self._every_s):
                step()

        return paced

    def _forget(self) -> None:
        """Once a day."""
        now = self._clock()
        if now - self._forgot_at >= _DAY_MS:
            self._forgot_at = now
            with self._store.begin() as work:
                before = now - round(self._settings.keep_days * _DAY_MS)
                DeliveryRows(work.connection).forget(before)
                EventRows(work.connection).forget(before)
