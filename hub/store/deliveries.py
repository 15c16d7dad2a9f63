"""The outbox: what is to be sent by which way, claimed before it is sent, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, func, select, update

from hub.messages.deliveries import Settled, State, after_a_kill
from hub.messages.views import News, Sent
from hub.store.message_tables import message, message_delivery, message_way

_AT_ONCE = 500
_KNOWN_AGAIN = frozenset({"email"})
"""Services whose receivers take the same letter once: by its Message-ID."""


def is_known_again(service: str) -> bool:
    return service in _KNOWN_AGAIN


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes by one way at once. id: the same for each try."""

    id: str
    way: int
    owner: str
    service: str
    sealed: str
    news: Sequence[News]
    deliveries: Sequence[int]
    tries: int
    again: bool


class DeliveryRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, now: int) -> tuple[Letter, ...]:
        """What is to be sent, gathered into letters. One that was tried before stays as it was."""
        due = _joined().where(message_delivery.c.state == State.WAITING.value, message_delivery.c.due_at <= now)
        found: dict[tuple[int, str | None], list[Any]] = defaultdict(list)
        for row in self._connection.execute(due.order_by(message_delivery.c.due_at).limit(_AT_ONCE)):
            found[(row.way_id, row.letter)].append(row)
        return tuple(_letter(rows) for rows in found.values())

    def claim(self, letter: Letter, now: int) -> bool:
        """Nobody else sends it from here on. False where somebody already does, or its way was taken away."""
        mine = message_delivery.c.id.in_(letter.deliveries) & (message_delivery.c.state == State.WAITING.value)
        living = select(message_way.c.id).where(message_way.c.id == letter.way, message_way.c.stopped_at.is_(None))
        values = {"state": State.SENDING.value, "letter": letter.id, "claimed_at": now}
        if self._connection.execute(living).first() is None:
            values = {"state": State.DROPPED.value, "settled_at": now}
        claimed = self._connection.execute(update(message_delivery).where(mine).values(values)).rowcount
        return claimed == len(letter.deliveries) and "letter" in values

    def settle(self, letter: Letter, settled: Settled, trouble: str, now: int) -> None:
        values: dict[str, Any] = {"state": settled.state.value, "tries": settled.tries, "trouble": trouble or None}
        if settled.due_at is None:
            values["settled_at"] = now
        else:
            values["due_at"] = settled.due_at
        here = message_delivery.c.id.in_(letter.deliveries) & (message_delivery.c.state == State.SENDING.value)
        self._connection.execute(update(message_delivery).where(here).values(values))
        way = {"trouble": trouble or None} | ({"worked_at": now} if settled.state is State.SENT else {})
        self._connection.execute(update(message_way).where(message_way.c.id == letter.way).values(way))

    def recover(self, now: int) -> int:
        """After a start: what was claimed by a hub that is no more. How much."""
        claimed = _joined().where(message_delivery.c.state == State.SENDING.value)
        rows = self._connection.execute(claimed).all()
        for row in rows:
            state = after_a_kill(known_again=is_known_again(row.service))
            values: dict[str, Any] = {"state": state.value}
            if state is State.UNSURE:
                values |= {"trouble": "killed", "settled_at": now}
            self._connection.execute(update(message_delivery).where(message_delivery.c.id == row.id).values(values))
        return len(rows)

    def drop_of(self, way_id: int, now: int) -> None:
        """What waits for a way that is taken away."""
        here = (message_delivery.c.way_id == way_id) & (message_delivery.c.state == State.WAITING.value)
        values = {"state": State.DROPPED.value, "settled_at": now}
        self._connection.execute(update(message_delivery).where(here).values(values))

    def some(self, states: Iterable[State], limit: int) -> tuple[Sent, ...]:
        """The newest first."""
        wanted = _joined().where(message_delivery.c.state.in_([state.value for state in states]))
        rows = self._connection.execute(wanted.order_by(message_delivery.c.id.desc()).limit(limit))
        return tuple(map(_sent, rows))

    def counts(self) -> Mapping[State, int]:
        rows = select(message_delivery.c.state, func.count()).group_by(message_delivery.c.state)
        return {State(state): count for state, count in self._connection.execute(rows)}

    def send_again(self, delivery_id: int, now: int) -> bool:
        """A person decided so: as a new letter."""
        ended = message_delivery.c.state.in_([State.FAILED.value, State.UNSURE.value])
        values = {
            "state": State.WAITING.value,
            "due_at": now,
            "tries": 0,
            "letter": None,
            "settled_at": None,
            "trouble": None,
        }
        mine = (message_delivery.c.id == delivery_id) & ended
        return bool(self._connection.execute(update(message_delivery).where(mine).values(values)).rowcount)

    def forget(self, before: int) -> None:
        """What was settled long ago, with the messages that nothing waits of any more."""
        self._connection.execute(delete(message_delivery).where(message_delivery.c.settled_at < before))
        still = select(message_delivery.c.message_id)
        old = (message.c.spread_at < before) & message.c.id.not_in(still)
        self._connection.execute(delete(message).where(old))


def _joined() -> Select[Any]:
    return select(
        message_delivery,
        message.c.code,
        message.c.params,
        message.c.at,
        message_way.c.owner,
        message_way.c.name,
        message_way.c.service,
        message_way.c.sealed,
    ).select_from(message_delivery.join(message).join(message_way))


def _letter(rows: Sequence[Any]) -> Letter:
    first = rows[0]
    ordered = sorted(rows, key=lambda row: (row.at, row.id))
    return Letter(
        id=first.letter or str(uuid4()),
        way=first.way_id,
        owner=first.owner,
        service=first.service,
        sealed=first.sealed,
        news=tuple(News(row.code, row.params, row.at) for row in ordered),
        deliveries=tuple(row.id for row in ordered),
        tries=max(row.tries for row in rows),
        again=first.letter is not None,
    )


def _sent(row: Any) -> Sent:
    return Sent(
        id=row.id,
        owner=row.owner,
        way=row.name,
        service=row.service,
        news=News(row.code, row.params, row.at),
        state=State(row.state),
        due_at=row.due_at,
        tries=row.tries,
        settled_at=row.settled_at,
        trouble=row.trouble,
    )
