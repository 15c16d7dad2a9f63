"""What is kept of ways, deliveries and webhooks, as values for the store and the pages. What is secret is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.messages.deliveries import State
from hub.messages.events import Event
from hub.messages.kinds import Kind


@dataclass(frozen=True, slots=True)
class News:
    """One message as a letter tells it."""

    code: str
    params: Mapping[str, Any]
    at: int


@dataclass(frozen=True, slots=True)
class KeptWay:
    """A way of a person or of a role, and its sealed address."""

    id: int
    owner: str
    name: str
    service: str
    sealed: str
    kinds: frozenset[Kind] | None
    made_at: int
    worked_at: int | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as the list of the office shows it."""

    id: int
    owner: str
    way: str
    service: str
    news: News
    state: State
    due_at: int
    tries: int
    settled_at: int | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program that is told. host: what may be shown of its address."""

    id: int
    name: str
    host: str
    types: frozenset[str]
    active: bool
    made_at: int
    version: int
    sealed_url: str
    sealed_secret: str


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """An event on its way to a webhook."""

    id: int
    webhook: int
    event: Event
    state: State
    due_at: int
    tries: int
    status: int | None
    trouble: str | None
    settled_at: int | None
