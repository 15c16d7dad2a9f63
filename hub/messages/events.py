"""What other programs are told: the types of events and their shapes, which stay as they are (docs/webhooks.md).

No names of people and nothing that they typed goes out: a program that needs them asks the API with a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """Values are the type in the body of a webhook."""

    TICKET_OPENED = "ticket.opened"
    TICKET_CHANGED = "ticket.changed"
    TICKET_CLOSED = "ticket.closed"
    REQUEST_OPENED = "request.opened"
    REQUEST_MOVED = "request.moved"
    INCIDENT_BEGUN = "incident.begun"
    INCIDENT_ENDED = "incident.ended"


TEST = "test.sent"
"""What a webhook is sent so that one sees whether it works."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. key: the same is one event, however often it is read; id: 0 before it is kept."""

    key: str
    type: str
    subject: str
    at: int
    body: Mapping[str, Any]
    group: str | None = None
    school: str | None = None
    id: int = 0


def payload(event: Event) -> dict[str, Any]:
    """As Standard Webhooks wants it: type, timestamp, data."""
    moment = datetime.fromtimestamp(event.at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": event.type, "timestamp": moment, "data": {"subject": event.subject, **event.body}}


def webhook_id(event: Event) -> str:
    """The same for each try, and for each receiver."""
    return f"evt_{event.id}"
