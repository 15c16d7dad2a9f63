"""What the pages of messages ask of the hub."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.people import Principal
from hub.messages.choices import Choice
from hub.messages.deliveries import State
from hub.messages.desk_cases import DeskCase
from hub.messages.events import Event
from hub.messages.kinds import Kind
from hub.messages.views import HookDelivery, KeptWay, News, Sent, Webhook


@dataclass(frozen=True, slots=True)
class WishedWay:
    """A way as somebody typed it. first, second: what its service asks for."""

    name: str
    service: str
    first: str
    second: str = ""
    kinds: frozenset[Kind] | None = None


class WebhookPages(Protocol):
    """Raises MessageRefused."""

    def all(self) -> Sequence[tuple[Webhook, Sequence[HookDelivery]]]:
        """With their last deliveries."""

    def add(self, name: str, url: str, types: Iterable[str], who: Principal) -> str:
        """Its secret, which is never shown again."""

    def change(self, number: int, version: int, types: Iterable[str], active: bool, who: Principal) -> None: ...

    def renew(self, number: int, version: int, who: Principal) -> str: ...

    def remove(self, number: int, version: int, who: Principal) -> None: ...

    def test(self, number: int, who: Principal) -> None: ...

    def send_again(self, number: int, delivery: int, who: Principal) -> bool: ...


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """A part of what happened, as far as somebody may know. last: the cursor behind it; more: there may be more."""

    items: Sequence[Event]
    last: int
    more: bool


@dataclass(frozen=True, slots=True)
class FoundCases:
    """A part of what a help desk has, as far as somebody may know. last: the cursor behind it; more: there may be more."""

    items: Sequence[DeskCase]
    last: int
    more: bool


class DeskPages(Protocol):
    """Raises MessageRefused."""

    def events(self, who: Principal, after: int, about: str, limit: int) -> FoundEvents: ...

    def cases(self, who: Principal, desk: str, after: int, limit: int) -> FoundCases: ...

    def newest(self, limit: int) -> Sequence[DeskCase]:
        """Of all help desks."""

    def take(self, desk: str, subject: str, reference: str, url: str | None, who: Principal) -> DeskCase: ...

    def report(self, desk: str, subject: str, said: tuple[str, bool, str], who: Principal) -> DeskCase:
        """said: state, whether it is done, and the solution."""


class MessagePages(Protocol):
    """owner: a person as the audit names them, or a role. Raises MessageRefused."""

    @property
    def has_mail(self) -> bool:
        """Whether the office has a mail server, so that an e-mail address is a way."""

    @property
    def webhooks(self) -> WebhookPages: ...

    @property
    def desks(self) -> DeskPages: ...

    def ways(self, owner: str) -> Sequence[KeptWay]: ...

    def ways_of_roles(self) -> Sequence[KeptWay]: ...

    def choice(self, owner: str) -> Choice:
        """Of version 0 where nothing was chosen yet."""

    def add_way(self, owner: str, wish: WishedWay, who: Principal) -> None: ...

    def stop_way(self, owner: str, way_id: int, who: Principal) -> bool: ...

    def choose(self, owner: str, choice: Choice, who: Principal) -> None: ...

    def test_way(self, owner: str, way_id: int) -> str:
        """Sends something by it now. Why it was not taken; empty: it was."""

    def counts(self) -> Mapping[State, int]: ...

    def some(self, states: Iterable[State], limit: int) -> Sequence[Sent]: ...

    def send_again(self, delivery_id: int, who: Principal) -> bool: ...

    def names(self) -> Mapping[str, str]:
        """Of the people, as the audit names them."""

    def subject(self, news: News, language: str) -> str:
        """A message in one line."""
