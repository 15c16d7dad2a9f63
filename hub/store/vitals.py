"""What the database knows of how the hub is doing."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hub.messages.deliveries import State
from hub.store.message_tables import message, message_delivery
from hub.store.tables import node, ticket

_OFTEN = 4
"""Letters that failed so many times do not go by themselves soon."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """nodes, online: how many are known, and are on. unsent_at: from when the oldest message is that fails again and again."""

    nodes: int
    online: int
    open_tickets: int
    unsent_at: int | None


def vitals(connection: Connection) -> Vitals:
    nodes = connection.execute(select(func.count()).select_from(node)).scalar_one()
    online = connection.execute(select(func.count()).where(node.c.online)).scalar_one()
    tickets = connection.execute(select(func.count()).where(ticket.c.open)).scalar_one()
    failing = (message_delivery.c.state == State.WAITING.value) & (message_delivery.c.tries >= _OFTEN)
    oldest = select(func.min(message.c.at)).select_from(message_delivery.join(message)).where(failing)
    return Vitals(nodes, online, tickets, connection.execute(oldest).scalar_one())
