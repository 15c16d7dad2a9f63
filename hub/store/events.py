"""What happened, for other programs: events in their order, and what of them is told to which webhook."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.messages.deliveries import Settled, State
from hub.messages.events import Event
from hub.messages.views import HookDelivery, Webhook
from hub.store.message_tables import event, event_cursor, webhook, webhook_delivery


class EventRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of = postgresql if connection.dialect.name == "postgresql" else sqlite

    def add(self, new: Event) -> int | None:
        """Its number in the order; None where it is kept already. Every webhook that wants it waits for it."""
        values = {
            "key": new.key,
            "type": new.type,
            "subject": new.subject,
            "group": new.group,
            "school": new.school,
            "at": new.at,
            "body": dict(new.body),
        }
        row = self._of.insert(event).values(values).on_conflict_do_nothing(index_elements=["key"])
        number: int | None = self._connection.execute(row.returning(event.c.id)).scalar_one_or_none()
        if number is not None:
            self._plan(number, new)
        return number

    def after(self, cursor: int, limit: int, subjects: str = "", types: Iterable[str] = ()) -> tuple[Event, ...]:
        """In their order. subjects: how the subject begins."""
        wanted = select(event).where(event.c.id > cursor)
        if subjects:
            wanted = wanted.where(event.c.subject.startswith(subjects, autoescape=True))
        if types := tuple(types):
            wanted = wanted.where(event.c.type.in_(types))
        return tuple(map(_event, self._connection.execute(wanted.order_by(event.c.id).limit(limit))))

    def of(self, subject: str, after: int) -> tuple[Event, ...]:
        """What happened to one thing since, in order."""
        mine = select(event).where(event.c.subject == subject, event.c.id > after).order_by(event.c.id)
        return tuple(map(_event, self._connection.execute(mine)))

    def latest(self, subject: str) -> Event | None:
        newest = select(event).where(event.c.subject == subject).order_by(event.c.id.desc()).limit(1)
        row = self._connection.execute(newest).first()
        return None if row is None else _event(row)

    def newest(self) -> int:
        row = self._connection.execute(select(event.c.id).order_by(event.c.id.desc()).limit(1)).scalar()
        return row or 0

    def cursor(self, source: str) -> int | None:
        """How far a history was read; None: never yet."""
        found: int | None = self._connection.execute(
            select(event_cursor.c.last).where(event_cursor.c.source == source)
        ).scalar_one_or_none()
        return found

    def move_cursor(self, source: str, last: int) -> None:
        row = self._of.insert(event_cursor).values(source=source, last=last)
        self._connection.execute(row.on_conflict_do_update(index_elements=["source"], set_={"last": last}))

    def forget(self, before: int) -> None:
        """What was told, or is of no webhook, and long ago; the cursors stay as they are."""
        self._connection.execute(delete(webhook_delivery).where(webhook_delivery.c.settled_at < before))
        still = select(webhook_delivery.c.event_id)
        self._connection.execute(delete(event).where(event.c.at < before, event.c.id.not_in(still)))

    def _plan(self, number: int, new: Event) -> None:
        wanting = select(webhook).where(webhook.c.active, webhook.c.removed_at.is_(None), webhook.c.after < number)
        rows = [
            {"webhook_id": each.id, "event_id": number, "state": State.WAITING.value, "due_at": new.at, "tries": 0}
            for each in self._connection.execute(wanting)
            if new.type in each.types
        ]
        if rows:
            self._connection.execute(insert(webhook_delivery), rows)


class WebhookRows:
    """On one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Webhook, ...]:
        living = select(webhook).where(webhook.c.removed_at.is_(None)).order_by(webhook.c.id)
        return tuple(map(_webhook, self._connection.execute(living)))

    def get(self, number: int) -> Webhook | None:
        row = self._connection.execute(
            select(webhook).where(webhook.c.id == number, webhook.c.removed_at.is_(None))
        ).first()
        return None if row is None else _webhook(row)

    def add(self, new: Webhook, who: str) -> int:
        values = {
            "name": new.name,
            "host": new.host,
            "sealed_url": new.sealed_url,
            "sealed_secret": new.sealed_secret,
            "types": sorted(new.types),
            "active": True,
            "made_by": who,
            "made_at": new.made_at,
            "after": EventRows(self._connection).newest(),
            "version": 1,
        }
        number: int = self._connection.execute(insert(webhook).values(values).returning(webhook.c.id)).scalar_one()
        return number

    def change(self, number: int, version: int, values: Mapping[str, Any]) -> bool:
        """False where somebody else was quicker."""
        mine = (webhook.c.id == number) & (webhook.c.version == version) & webhook.c.removed_at.is_(None)
        return bool(
            self._connection.execute(update(webhook).where(mine).values(version=version + 1, **values)).rowcount
        )

    def plan(self, number: int, event_id: int, now: int) -> int:
        row = insert(webhook_delivery).values(
            webhook_id=number, event_id=event_id, state=State.WAITING.value, due_at=now, tries=0
        )
        delivery: int = self._connection.execute(row.returning(webhook_delivery.c.id)).scalar_one()
        return delivery

    def due(self, now: int, limit: int) -> tuple[HookDelivery, ...]:
        """Of those that are told, the oldest first."""
        ripe = _deliveries().where(
            webhook_delivery.c.state == State.WAITING.value,
            webhook_delivery.c.due_at <= now,
            webhook.c.active,
            webhook.c.removed_at.is_(None),
        )
        return self._those(ripe.order_by(webhook_delivery.c.due_at, webhook_delivery.c.id).limit(limit))

    def last(self, number: int, limit: int) -> tuple[HookDelivery, ...]:
        mine = _deliveries().where(webhook_delivery.c.webhook_id == number)
        return self._those(mine.order_by(webhook_delivery.c.id.desc()).limit(limit))

    def claim(self, delivery: int, now: int) -> bool:
        mine = (webhook_delivery.c.id == delivery) & (webhook_delivery.c.state == State.WAITING.value)
        values = {"state": State.SENDING.value, "claimed_at": now}
        return bool(self._connection.execute(update(webhook_delivery).where(mine).values(values)).rowcount)

    def settle(self, delivery: int, settled: Settled, status: int | None, trouble: str, now: int) -> None:
        values: dict[str, Any] = {
            "state": settled.state.value,
            "tries": settled.tries,
            "status": status,
            "trouble": trouble or None,
        }
        values |= {"settled_at": now} if settled.due_at is None else {"due_at": settled.due_at}
        mine = (webhook_delivery.c.id == delivery) & (webhook_delivery.c.state == State.SENDING.value)
        self._connection.execute(update(webhook_delivery).where(mine).values(values))

    def recover(self) -> None:
        """After a start. Receivers know an event by its id: it is sent once more."""
        claimed = webhook_delivery.c.state == State.SENDING.value
        self._connection.execute(update(webhook_delivery).where(claimed).values(state=State.WAITING.value))

    def send_again(self, number: int, delivery: int, now: int) -> bool:
        ended = webhook_delivery.c.state.in_([State.FAILED.value, State.SENT.value])
        mine = (webhook_delivery.c.id == delivery) & (webhook_delivery.c.webhook_id == number) & ended
        values = {"state": State.WAITING.value, "due_at": now, "tries": 0, "settled_at": None, "trouble": None}
        return bool(self._connection.execute(update(webhook_delivery).where(mine).values(values)).rowcount)

    def _those(self, statement: Select[Any]) -> tuple[HookDelivery, ...]:
        return tuple(map(_delivery, self._connection.execute(statement)))


def _deliveries() -> Select[Any]:
    columns: Sequence[Any] = (event.c.key, event.c.type, event.c.subject, event.c.at, event.c.body)
    return select(webhook_delivery, *columns, event.c.group, event.c.school).select_from(
        webhook_delivery.join(event).join(webhook)
    )


def _event(row: Any) -> Event:
    return Event(row.key, row.type, row.subject, row.at, row.body, row.group, row.school, row.id)


def _webhook(row: Any) -> Webhook:
    return Webhook(
        id=row.id,
        name=row.name,
        host=row.host,
        types=frozenset(row.types),
        active=row.active,
        made_at=row.made_at,
        version=row.version,
        sealed_url=row.sealed_url,
        sealed_secret=row.sealed_secret,
    )


def _delivery(row: Any) -> HookDelivery:
    return HookDelivery(
        id=row.id,
        webhook=row.webhook_id,
        event=Event(row.key, row.type, row.subject, row.at, row.body, row.group, row.school, row.event_id),
        state=State(row.state),
        due_at=row.due_at,
        tries=row.tries,
        status=row.status,
        trouble=row.trouble,
        settled_at=row.settled_at,
    )
