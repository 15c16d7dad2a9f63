"""What lets people and programs in, in the database: sessions, one-time links, tokens; and what keeps guessers out."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.accounts.lockout import Failures
from hub.accounts.records import Link, Purpose, Token
from hub.accounts.session import Session
from hub.core.people import Permission, Role
from hub.store.people_tables import failure, link, session, token


class _Rows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _by(self, table: Table, **values: object) -> Any:
        """The one row that has these values, or None."""
        return self._connection.execute(_one(table, tuple(values)), values).first()

    def _end(self, table: Table, column: str, at: int, **values: object) -> int:
        """Set a time that is not set yet; in how many rows it was not."""
        conditions = [table.c[name] == value for name, value in values.items()]
        return self._connection.execute(
            update(table).where(table.c[column].is_(None), *conditions).values({column: at})
        ).rowcount

    def _add(self, table: Table, values: dict[str, Any]) -> int:
        number: int = self._connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
        return number


@lru_cache
def _one(table: Table, names: tuple[str, ...]) -> Select[Any]:
    """Kept, for every request asks: to put it together takes longer than to ask it."""
    return select(table).where(*(table.c[name] == bindparam(name) for name in names))


class SessionRows(_Rows):
    """The port SessionRecords, on one transaction."""

    def add(self, new: Session) -> int:
        values = {
            "digest": new.digest,
            "person_id": new.person_id,
            "demo": None if new.demo is None else new.demo.value,
            "opened_at": new.opened_at,
            "seen_at": new.seen_at,
            "ended_at": new.ended_at,
            "address": new.address,
            "agent": new.agent,
        }
        return self._add(session, values)

    def by_digest(self, digest: str) -> Session | None:
        row = self._by(session, digest=digest)
        return None if row is None else _session(row)

    def of(self, person_id: int) -> tuple[Session, ...]:
        here = (session.c.person_id == person_id, session.c.ended_at.is_(None))
        rows = self._connection.execute(select(session).where(*here).order_by(session.c.seen_at.desc(), session.c.id))
        return tuple(map(_session, rows))

    def touch(self, session_id: int, at: int) -> None:
        here = (session.c.id == session_id, session.c.ended_at.is_(None))
        self._connection.execute(update(session).where(*here).values(seen_at=at))

    def end(self, session_id: int, at: int) -> bool:
        return bool(self._end(session, "ended_at", at, id=session_id))

    def end_all(self, person_id: int, at: int) -> int:
        return self._end(session, "ended_at", at, person_id=person_id)

    def knows(self, person_id: int, network: str) -> bool:
        here = (session.c.person_id == person_id, session.c.address == network)
        return self._connection.execute(select(session.c.id).where(*here).limit(1)).first() is not None

    def prune(self, before: int) -> None:
        self._connection.execute(delete(session).where(session.c.seen_at < before))


class LinkRows(_Rows):
    """The port LinkRecords, on one transaction."""

    def add(self, new: Link) -> None:
        values = {
            "digest": new.digest,
            "purpose": new.purpose.value,
            "person_id": new.person_id,
            "made_at": new.made_at,
            "expires_at": new.expires_at,
            "used_at": new.used_at,
        }
        self._add(link, values)

    def by_digest(self, digest: str) -> Link | None:
        row = self._by(link, digest=digest)
        if row is None:
            return None
        times = (row.made_at, row.expires_at, row.used_at)
        return Link(row.digest, Purpose(row.purpose), row.person_id, *times, id=row.id)

    def use(self, link_id: int, at: int) -> bool:
        return bool(self._end(link, "used_at", at, id=link_id))

    def void(self, purpose: Purpose, person_id: int | None, at: int) -> None:
        self._end(link, "used_at", at, purpose=purpose.value, person_id=person_id)

    def prune(self, before: int) -> None:
        self._connection.execute(delete(link).where(link.c.expires_at < before))


class TokenRows(_Rows):
    """The port TokenRecords, on one transaction."""

    def add(self, new: Token) -> int:
        values = {
            "digest": new.digest,
            "person_id": new.person_id,
            "name": new.name,
            "scopes": sorted(scope.value for scope in new.scopes),
            "issued_at": new.issued_at,
            "expires_at": new.expires_at,
            "used_at": new.used_at,
            "revoked_at": new.revoked_at,
        }
        return self._add(token, values)

    def get(self, token_id: int) -> Token | None:
        row = self._by(token, id=token_id)
        return None if row is None else _token(row)

    def by_digest(self, digest: str) -> Token | None:
        row = self._by(token, digest=digest)
        return None if row is None else _token(row)

    def all(self, person_id: int | None = None) -> tuple[Token, ...]:
        statement = select(token).order_by(token.c.id.desc())
        if person_id is not None:
            statement = statement.where(token.c.person_id == person_id)
        return tuple(map(_token, self._connection.execute(statement)))

    def touch(self, token_id: int, at: int) -> None:
        self._connection.execute(update(token).where(token.c.id == token_id).values(used_at=at))

    def revoke(self, token_id: int, at: int) -> bool:
        return bool(self._end(token, "revoked_at", at, id=token_id))

    def revoke_all(self, person_id: int, at: int) -> int:
        return self._end(token, "revoked_at", at, person_id=person_id)


class FailureRows(_Rows):
    """The port FailureRecords, on one transaction."""

    def get(self, key: str) -> Failures:
        row = self._by(failure, key=key)
        return Failures() if row is None else Failures(row.count, row.last_at)

    def put(self, key: str, failures: Failures) -> None:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        values = {"count": failures.count, "last_at": failures.last_at}
        statement = dialect.insert(failure).values(key=key, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))

    def prune(self, before: int) -> None:
        self._connection.execute(delete(failure).where(failure.c.last_at < before))


def _session(row: Any) -> Session:
    return Session(
        digest=row.digest,
        person_id=row.person_id,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        address=row.address,
        agent=row.agent,
        demo=None if row.demo is None else Role(row.demo),
        ended_at=row.ended_at,
        id=row.id,
    )


def _token(row: Any) -> Token:
    return Token(
        digest=row.digest,
        person_id=row.person_id,
        name=row.name,
        scopes=frozenset(map(Permission, row.scopes)),
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        id=row.id,
    )
