"""What people do on the web's pages, carried out in the store and told to the pages that are open."""

from collections.abc import Callable, Iterable

from hub.core.equipment import DeviceKey
from hub.core.live import Changes
from hub.mqtt.host_client import utc_ms
from hub.store.registration import Registration
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store
from hub.tickets.desk import Desk, Outcome
from hub.web.pages import MoveOutcome


class Moves:
    """What people do with tickets, for the web."""

    def __init__(self, store: Store, publish: Callable[[Changes], None]) -> None:
        self._store, self._publish, self._desk = store, publish, Desk()

    def allowed(self, state: str) -> tuple[str, ...]:
        return self._desk.allowed(state)

    def move(self, ticket_id: int, to: str, version: int, note: str) -> MoveOutcome:
        return self._done(
            [ticket_id], lambda rows, now: self._desk.move(rows, ticket_id, to, version=version, note=note, now=now)
        )

    def snooze(self, ticket_id: int, until: int | None, version: int, note: str) -> MoveOutcome:
        return self._done(
            [ticket_id],
            lambda rows, now: self._desk.snooze(rows, ticket_id, until, version=version, note=note, now=now),
        )

    def merge(self, ticket_id: int, into: int, version: int, note: str) -> MoveOutcome:
        return self._done(
            [ticket_id, into],
            lambda rows, now: self._desk.merge(rows, ticket_id, into, version=version, note=note, now=now),
        )

    def _done(self, tickets: Iterable[int], wish: Callable[[TicketRows, int], Outcome]) -> MoveOutcome:
        with self._store.begin() as work:
            outcome = wish(TicketRows(work.connection), utc_ms())
        self._publish(Changes(tickets=frozenset(tickets)))
        return MoveOutcome(outcome.value)


class Adopting:
    """What people do with new equipment, for the web."""

    def __init__(self, store: Store, publish: Callable[[Changes], None]) -> None:
        self._registration, self._publish = Registration(store), publish

    def adopt(self, device: DeviceKey) -> bool:
        adopted = self._registration.adopt(device, utc_ms())
        if adopted:
            self._publish(Changes(nodes=frozenset([device.node])))
        return adopted
