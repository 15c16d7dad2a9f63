"""Files that somebody sent and looks through: kept for a day, so that a hub that is started anew loses nothing of it.

Each person has one at most on each shelf, and sees only their own; a new one takes the place of the earlier.
"""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from hub.core.people import Principal
from hub.store.unit_of_work import Store
from hub.store.upload_tables import upload

_LASTS_MS = 86_400_000
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A list for a group. `name` is the file's, for people."""

    group: str
    name: str
    data: bytes
    at: int


class Uploads:
    def __init__(self, store: Store, shelf: str = "") -> None:
        """shelf  what kind of list is kept there"""
        self._store, self._shelf = store, shelf

    def keep(self, who: Principal, sent: Upload) -> None:
        """Also forgets what others sent and left."""
        row = upload.c
        values = {"group": sent.group, "name": sent.name[:_LONGEST], "data": sent.data, "at": sent.at}
        with self._store.begin() as work:
            old = (row.who == self._place(who)) | (row.at <= sent.at - _LASTS_MS)
            work.connection.execute(delete(upload).where(old))
            work.connection.execute(insert(upload).values(who=self._place(who), **values))

    def of(self, who: Principal, now: int) -> Upload | None:
        row = upload.c
        wanted = select(row.group, row.name, row.data, row.at).where(
            row.who == self._place(who), row.at > now - _LASTS_MS
        )
        with self._store.reading() as connection:
            found = connection.execute(wanted).first()
        return None if found is None else Upload(*found)

    def drop(self, who: Principal) -> None:
        with self._store.begin() as work:
            work.connection.execute(delete(upload).where(upload.c.who == self._place(who)))

    def _place(self, who: Principal) -> str:
        return f"{who.label} {self._shelf}".rstrip()
