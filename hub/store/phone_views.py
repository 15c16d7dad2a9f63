"""What pages on a phone read: forms that came before, and photos of requests."""

from collections.abc import Mapping, Sequence

from hub.core.people import Principal
from hub.core.pictures import Photo
from hub.store.photos import photo, photos_of
from hub.store.submissions import led_to
from hub.store.unit_of_work import Store


class PhoneLook:
    """Each call is one short transaction that writes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def led_to(self, who: Principal, key: str) -> str | None:
        """The number of the request that a form led to which came before."""
        if not key:
            return None
        with self._store.reading() as connection:
            return led_to(connection, who, key) or None

    def photos(self, number: str) -> Mapping[int, Sequence[int]]:
        """The numbers of the photos of a request, by the entries of its history."""
        found: dict[int, list[int]] = {}
        with self._store.reading() as connection:
            for line in photos_of(connection, number):
                found.setdefault(line.entry, []).append(line.id)
        return found

    def photo(self, photo_id: int, who: Principal, *, small: bool) -> Photo | None:
        """For those who may see its request; small: as a list shows it."""
        with self._store.reading() as connection:
            return photo(connection, photo_id, who, small=small)
