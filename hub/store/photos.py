"""Photos of requests: kept in the transaction of the step with which they were sent, shown to whoever may see the request."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select

from hub.core.people import Principal
from hub.core.pictures import Photo
from hub.store.phone_tables import request_photo
from hub.store.requests import read_request
from hub.store.workflow_tables import request, request_entry
from hub.workflows.request import Request
from hub.workflows.sight import may_see

MOST_OF_A_REQUEST = 60
"""A repair goes on for weeks, but an album it is not."""
_LINES = (
    select(request_photo.c.id, request_photo.c.entry_id, request_photo.c.at)
    .join(request, request.c.id == request_photo.c.request_id)
    .where(request.c.number == bindparam("number"))
    .order_by(request_photo.c.id)
)


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """entry: of the history, with which it came."""

    id: int
    entry: int
    at: int


def keep_photos(connection: Connection, of: Request, photos: Sequence[Photo], who: Principal, now: int) -> None:
    """With the newest entry of its history. What is more than a request may have is left out."""
    row = request_photo.c
    had = connection.execute(
        select(func.count()).select_from(request_photo).where(row.request_id == of.id)
    ).scalar_one()
    entry = select(func.max(request_entry.c.id)).where(request_entry.c.request_id == of.id)
    rows = [
        {
            "request_id": of.id,
            "entry_id": connection.execute(entry).scalar_one(),
            "who": who.label,
            "digest": hashlib.sha256(photo.data).hexdigest(),
            "type": photo.type,
            "data": photo.data,
            "small": photo.small,
            "at": now,
        }
        for photo in photos[: max(0, MOST_OF_A_REQUEST - had)]
    ]
    if rows:
        connection.execute(insert(request_photo), rows)


def photos_of(connection: Connection, number: str) -> tuple[PhotoLine, ...]:
    """The oldest first."""
    return tuple(PhotoLine(*each) for each in connection.execute(_LINES, {"number": number}).all())


def photo(connection: Connection, photo_id: int, who: Principal, *, small: bool) -> Photo | None:
    """As it is, or as a list shows it. None: there is none that they may see."""
    row = request_photo.c
    found = connection.execute(select(row.type, row.data, row.small, row.request_id).where(row.id == photo_id)).first()
    if found is None:
        return None
    of = connection.execute(select(request).where(request.c.id == found.request_id)).one()
    if not may_see(who, read_request(of)):
        return None
    return Photo("image/jpeg", found.small) if small and found.small else Photo(found.type, found.data)
