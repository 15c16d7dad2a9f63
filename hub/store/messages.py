"""What is to be told to people: noted in the caller's transaction, so that it is told if and only if it happened."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.messages.deliveries import State
from hub.messages.spreading import Message, Telling
from hub.store.message_tables import message, message_delivery

Param = str | int | float | bool | None | Mapping[str, str]


def tell(
    connection: Connection,
    code: str,
    params: Mapping[str, Param],
    whom: Iterable[str],
    at: int,
    *,
    group: str | None = None,
    school: str | None = None,
    key: str | None = None,
) -> None:
    """Note that somebody is to be told.

    code           `<kind>.<what>`; a subject `message.<code>` and a text `message.<code>.text` stand in the catalogues
    params         for these words; {"th": …, "en": …} is chosen by the receiver's language; `path`: the page that tells more
    whom           roles, or persons as the audit names them
    group, school  what it is about: only those are told who may see it; a role `school` is told of its own school only
    key            the same key again is the same news: nothing is noted
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {
        "code": code,
        "params": dict(params),
        "whom": list(dict.fromkeys(whom)),
        "group": group,
        "school": school,
        "key": key,
        "at": at,
    }
    connection.execute(dialect.insert(message).values(values).on_conflict_do_nothing(index_elements=["key"]))


def unspread(connection: Connection, limit: int) -> tuple[Message, ...]:
    """What has not been given to the ways of people yet, the oldest first."""
    waiting = select(message).where(message.c.spread_at.is_(None)).order_by(message.c.id).limit(limit)
    return tuple(
        Message(row.id, row.code, tuple(row.whom), row.at, row.group, row.school) for row in connection.execute(waiting)
    )


def keep_tellings(connection: Connection, message_id: int, tellings: Sequence[Telling], now: int) -> None:
    """By which ways it is told; it is spread then, once."""
    mine = (message.c.id == message_id) & message.c.spread_at.is_(None)
    if connection.execute(update(message).where(mine).values(spread_at=now)).rowcount != 1:
        return
    rows = [
        {
            "message_id": message_id,
            "way_id": each.way,
            "state": State.WAITING.value,
            "due_at": each.due.at,
            "digest": each.due.digest,
            "tries": 0,
        }
        for each in tellings
    ]
    if rows:
        connection.execute(insert(message_delivery), rows)
