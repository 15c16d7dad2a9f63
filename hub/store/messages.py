"""What is to be told to people: noted in the caller's transaction, so that it is told if and only if it happened."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from hub.store.message_tables import message

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
