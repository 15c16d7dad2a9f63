"""Webhooks: programs that are told of events, each event at least once, and known again by its id."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hub.core.people import Principal
from hub.messages.deliveries import Outcome, settled
from hub.messages.events import TEST, Event, EventType
from hub.messages.refusals import MessageRefused
from hub.messages.views import HookDelivery, Webhook
from hub.messaging.hooks import Answered, Caller, new_secret, read_url, shown
from hub.messaging.reach import Network
from hub.messaging.sealing import Seal, SealBroken
from hub.store.audit import AuditRows
from hub.store.events import EventRows, WebhookRows
from hub.store.unit_of_work import Store

_AT_ONCE, _LAST = 100, 20
_MOST = 20
_SEALED = Answered(Outcome.REFUSED, None, "sealed")
TYPES = tuple(each.value for each in EventType)


class Webhooks:
    """Raises MessageRefused."""

    def __init__(
        self, store: Store, seal: Callable[[], Seal], networks: Sequence[Network], clock: Callable[[], int]
    ) -> None:
        self._store, self._seal, self._networks, self.clock = store, seal, tuple(networks), clock

    def all(self) -> tuple[tuple[Webhook, tuple[HookDelivery, ...]], ...]:
        """With their last deliveries."""
        with self._store.reading() as connection:
            rows = WebhookRows(connection)
            return tuple((each, rows.last(each.id, _LAST)) for each in rows.all())

    def add(self, name: str, url: str, types: Iterable[str], who: Principal) -> str:
        """Its secret, which is never shown again."""
        address, wanted, secret = read_url(url), _wanted(types), new_secret()
        if not name.strip():
            raise MessageRefused("hook_name", "name")
        now, seal = self.clock(), self._seal()
        hook = Webhook(
            id=0,
            name=name.strip()[:100],
            host=shown(address)[:300],
            types=wanted,
            active=True,
            made_at=now,
            version=1,
            sealed_url=seal.close(address),
            sealed_secret=seal.close(secret),
        )
        with self._store.begin() as work:
            rows = WebhookRows(work.connection)
            if len(rows.all()) >= _MOST:
                raise MessageRefused("hook_many", "name")
            number = rows.add(hook, who.label)
            details = {"name": hook.name, "host": hook.host, "types": sorted(wanted)}
            AuditRows(work.connection).write(who, "webhook.added", f"webhook:{number}", details, now)
        return secret

    def change(self, number: int, version: int, types: Iterable[str], active: bool, who: Principal) -> None:
        wanted = _wanted(types)
        details = {"types": sorted(wanted), "active": active}
        self._changed(number, version, {"types": sorted(wanted), "active": active}, ("webhook.changed", details), who)

    def renew(self, number: int, version: int, who: Principal) -> str:
        """Another secret from now on."""
        secret = new_secret()
        self._changed(number, version, {"sealed_secret": self._seal().close(secret)}, ("webhook.renewed", {}), who)
        return secret

    def remove(self, number: int, version: int, who: Principal) -> None:
        gone = {"removed_at": self.clock(), "active": False, "sealed_url": "", "sealed_secret": ""}
        self._changed(number, version, gone, ("webhook.removed", {}), who)

    def test(self, number: int, who: Principal) -> None:
        """An event of no meaning waits for it."""
        now = self.clock()
        with self._store.begin() as work:
            rows = WebhookRows(work.connection)
            if rows.get(number) is None:
                raise MessageRefused("hook_gone")
            event = EventRows(work.connection).add(Event(f"test:{number}:{now}", TEST, f"webhook:{number}", now, {}))
            if event is not None:
                rows.plan(number, event, now)
            AuditRows(work.connection).write(who, "webhook.tested", f"webhook:{number}", {}, now)

    def send_again(self, number: int, delivery: int, who: Principal) -> bool:
        now = self.clock()
        with self._store.begin() as work:
            again = WebhookRows(work.connection).send_again(number, delivery, now)
            if again:
                details = {"delivery": delivery}
                AuditRows(work.connection).write(who, "webhook.again", f"webhook:{number}", details, now)
        return again

    def recover(self) -> None:
        with self._store.begin() as work:
            WebhookRows(work.connection).recover()

    def send(self, closing: threading.Event) -> None:
        """All that is due."""
        with self._store.reading() as connection:
            rows = WebhookRows(connection)
            due, hooks = rows.due(self.clock(), _AT_ONCE), {each.id: each for each in rows.all()}
        if not due:
            return
        caller, mute = Caller(self._networks), set[int]()
        try:
            for delivery in due:
                # One that does not answer is not waited for again and again while others wait.
                if closing.is_set() or delivery.webhook in mute:
                    continue
                if not self._call(caller, delivery, hooks[delivery.webhook]):
                    mute.add(delivery.webhook)
        finally:
            caller.close()

    def _call(self, caller: Caller, delivery: HookDelivery, hook: Webhook) -> bool:
        """Whether it listens."""
        now = self.clock()
        with self._store.begin() as work:
            if not WebhookRows(work.connection).claim(delivery.id, now):
                return True
        try:
            url, secret = self._seal().open(hook.sealed_url), self._seal().open(hook.sealed_secret)
        except SealBroken:
            url = secret = ""
        answered = caller.call(url, secret, delivery.event, now) if url else _SEALED
        after = settled(answered.outcome, delivery.tries, now, known_again=True)
        with self._store.begin() as work:
            WebhookRows(work.connection).settle(delivery.id, after, answered.status, answered.trouble, now)
        return answered.outcome is Outcome.TAKEN

    def _changed(
        self,
        number: int,
        version: int,
        values: Mapping[str, Any],
        deed: tuple[str, Mapping[str, Any]],
        who: Principal,
    ) -> None:
        with self._store.begin() as work:
            if not WebhookRows(work.connection).change(number, version, values):
                raise MessageRefused("hook_stale")
            AuditRows(work.connection).write(who, deed[0], f"webhook:{number}", dict(deed[1]), self.clock())


def _wanted(types: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(types) & frozenset(TYPES)
    if not wanted:
        raise MessageRefused("hook_types", "types")
    return wanted
