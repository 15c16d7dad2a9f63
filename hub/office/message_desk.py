"""What people do with messages on their pages: choose, add ways, test them, send again what failed."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from hub.core.people import Principal
from hub.messages.choices import Choice
from hub.messages.deliveries import Outcome, State
from hub.messages.refusals import MessageRefused
from hub.messages.views import KeptWay, News, Sent
from hub.messaging.addresses import EMAIL, read_address, service_of
from hub.office.desk_api import DeskApi
from hub.office.sending import Sending
from hub.office.webhooks import Webhooks
from hub.store.audit import AuditRows
from hub.store.deliveries import DeliveryRows
from hub.store.message_ways import ChoiceRows, WayRows, names
from hub.store.unit_of_work import Store
from hub.web.message_pages import WishedWay

_MOST = 8
_TEST_EVERY_MS = 15_000
_ASKED_MOST, _ASKED_WITHIN_MS = 5, 60_000
_AT_ONCE = 2
"""Processes of apprise that pages start; the outbox has its own."""


class MessageDesk:
    """The port MessagePages."""

    def __init__(self, store: Store, sending: Sending, webhooks: Webhooks, desks: DeskApi) -> None:
        self._store, self._sending, self._clock = store, sending, webhooks.clock
        self.webhooks, self.desks = webhooks, desks
        self._tested: dict[str, int] = {}
        self._asked: dict[str, list[int]] = {}
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    @property
    def has_mail(self) -> bool:
        return self._sending.hand.has_mail

    def ways(self, owner: str) -> Sequence[KeptWay]:
        with self._store.reading() as connection:
            return WayRows(connection).of(owner)

    def ways_of_roles(self) -> Sequence[KeptWay]:
        with self._store.reading() as connection:
            return WayRows(connection).of_roles()

    def choice(self, owner: str) -> Choice:
        with self._store.reading() as connection:
            return ChoiceRows(connection).get(owner) or Choice()

    def add_way(self, owner: str, wish: WishedWay, who: Principal) -> None:
        """Raises MessageRefused."""
        address = read_address(wish.service, wish.first, wish.second)
        self._require_sense(owner, address)
        now = self._clock()
        way = KeptWay(
            id=0,
            owner=owner,
            name=wish.name.strip()[:100],
            service=service_of(address),
            sealed=self._sending.seal().close(address),
            kinds=wish.kinds,
            made_at=now,
        )
        with self._store.begin() as work:
            rows = WayRows(work.connection)
            if len(rows.of(owner)) >= _MOST:
                raise MessageRefused("way_many", "first")
            number = rows.add(way)
            details = {"owner": owner, "service": way.service}
            AuditRows(work.connection).write(who, "way.added", f"way:{number}", details, now)

    def stop_way(self, owner: str, way_id: int, who: Principal) -> bool:
        now = self._clock()
        with self._store.begin() as work:
            if not WayRows(work.connection).stop(way_id, owner, now):
                return False
            DeliveryRows(work.connection).drop_of(way_id, now)
            AuditRows(work.connection).write(who, "way.removed", f"way:{way_id}", {"owner": owner}, now)
        return True

    def choose(self, owner: str, choice: Choice, who: Principal) -> None:
        """Raises MessageRefused."""
        with self._store.begin() as work:
            if not ChoiceRows(work.connection).put(owner, choice):
                raise MessageRefused("choice_stale")
            if owner != who.label:
                details = {kind.value: when.value for kind, when in choice.times.items()}
                AuditRows(work.connection).write(who, "messages.chosen", owner, details, self._clock())

    def test_way(self, owner: str, way_id: int) -> str:
        """Raises MessageRefused."""
        with self._store.reading() as connection:
            way = WayRows(connection).get(way_id)
        if way is None or way.owner != owner:
            raise MessageRefused("way_gone")
        with self._place() as free:
            if not free or not self._may_test(owner):
                return "soon"
            reply = self._sending.test(way, self.choice(owner).language, self._clock())
        return "" if reply.outcome is Outcome.TAKEN else reply.trouble

    def _may_test(self, owner: str) -> bool:
        """Nobody makes the hub write letter after letter to an address that may be somebody else's."""
        now, last = self._clock(), self._tested.get(owner)
        if last is not None and now - last < _TEST_EVERY_MS:
            return False
        self._tested[owner] = now
        return True

    def _may_ask(self, owner: str) -> bool:
        """Of apprise, for each asking is a process."""
        now = self._clock()
        asked = [at for at in self._asked.get(owner, ()) if now - at < _ASKED_WITHIN_MS]
        if len(asked) >= _ASKED_MOST:
            return False
        self._asked[owner] = [*asked, now]
        return True

    @contextmanager
    def _place(self) -> Iterator[bool]:
        """Whether there is one; nobody waits for it."""
        free = self._places.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._places.release()

    def counts(self) -> Mapping[State, int]:
        with self._store.reading() as connection:
            return DeliveryRows(connection).counts()

    def some(self, states: Iterable[State], limit: int) -> Sequence[Sent]:
        with self._store.reading() as connection:
            return DeliveryRows(connection).some(states, limit)

    def send_again(self, delivery_id: int, who: Principal) -> bool:
        now = self._clock()
        with self._store.begin() as work:
            again = DeliveryRows(work.connection).send_again(delivery_id, now)
            if again:
                AuditRows(work.connection).write(who, "message.again", f"delivery:{delivery_id}", {}, now)
        return again

    def names(self) -> Mapping[str, str]:
        with self._store.reading() as connection:
            return names(connection)

    def subject(self, news: News, language: str) -> str:
        return self._sending.words.subject(news, language)

    def _require_sense(self, owner: str, address: str) -> None:
        if service_of(address) == EMAIL:
            if not self.has_mail:
                raise MessageRefused("way_no_mail", "first")
            return
        with self._place() as free, self._sending.hand.courier() as courier:
            if not free or not self._may_ask(owner):
                raise MessageRefused("way_soon", "first")
            if not courier.understands(address):
                raise MessageRefused("way_unknown", "first")
