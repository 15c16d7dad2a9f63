"""What the pages of requests ask of the hub."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hub.core.people import Principal
from hub.core.pictures import Photo
from hub.workflows.engine import Engine, Wish
from hub.workflows.request import Entry, Request
from hub.workflows.sight import Asked


class RequestReads(Protocol):
    """Each call is one short transaction that writes nothing."""

    def some(self, who: Principal, asked: Asked, now: int, limit: int) -> Sequence[Request]:
        """Those that somebody may see, the newest first unless the oldest are asked for."""

    def count(self, who: Principal, asked: Asked, now: int) -> int: ...

    def one(self, number: str) -> tuple[Request, Sequence[Entry]] | None:
        """With its history, in order; whoever asks looks whether it may be shown."""

    def children(self, number: str) -> Sequence[Request]:
        """The requests that came from it."""

    def people(self, who: Principal) -> Mapping[str, str]:
        """People of the office as a field holds them, with their names: those whom somebody may name."""

    def schools(self, who: Principal) -> Mapping[str, str]:
        """Schools that somebody may name as a field holds them, with their names."""

    def items(self) -> Mapping[str, str]:
        """Of the stock by their codes, with name and unit."""

    def places(self, who: Principal) -> Mapping[str, str]:
        """Where stock may lie, with the names of people and schools; without one for the office."""

    def file(self, number: int, who: Principal) -> tuple[str, bytes] | None:
        """Name and content, for those who may see it."""


class PhoneReads(Protocol):
    """Forms that came before, and photos."""

    def led_to(self, who: Principal, key: str) -> str | None:
        """The number of the request that a form led to which came before."""

    def photos(self, number: str) -> Mapping[int, Sequence[int]]:
        """The numbers of the photos of a request, by the entries of its history."""

    def photo(self, photo_id: int, who: Principal, *, small: bool) -> Photo | None:
        """For those who may see its request; small: as a list shows it."""


class RequestPages(Protocol):
    """Each wish is one transaction; raises Refused, and nothing is done."""

    @property
    def engine(self) -> Engine: ...

    @property
    def look(self) -> RequestReads: ...

    @property
    def phone(self) -> PhoneReads: ...

    def open(self, request_type: str, wish: Wish, who: Principal) -> Request: ...

    def move(self, number: str, transition: str, wish: Wish, who: Principal) -> Request: ...

    def correct(self, number: str, entry: int, wish: Wish, who: Principal) -> Request: ...

    def keep_file(self, who: Principal, name: str, data: bytes) -> int:
        """Its number, which a field holds."""
