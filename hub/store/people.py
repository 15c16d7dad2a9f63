"""People in the database, and the transactions in which the accounts are changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.accounts.person import Person, Place
from hub.accounts.records import Records
from hub.core.people import Role
from hub.store.audit import AuditRows
from hub.store.people_tables import person
from hub.store.sign_ins import FailureRows, LinkRows, SessionRows, TokenRows
from hub.store.unit_of_work import Store


class AccountBook:
    """The port Book of hub.accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def begin(self) -> Iterator[Records]:
        with self._store.begin() as work:
            yield _records(work.connection)

    @contextmanager
    def reading(self) -> Iterator[Records]:
        with self._store.reading() as connection:
            yield _records(connection)


def _records(connection: Connection) -> Records:
    return Records(
        people=PersonRows(connection),
        sessions=SessionRows(connection),
        links=LinkRows(connection),
        tokens=TokenRows(connection),
        failures=FailureRows(connection),
        audit=AuditRows(connection),
    )


class PersonRows:
    """The port PersonRecords, on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person_id: int) -> Person | None:
        return self._first(person.c.id == person_id)

    def by_login(self, login: str) -> Person | None:
        return self._first(person.c.login == login)

    def by_identity(self, issuer: str, subject: str) -> Person | None:
        return self._first(person.c.issuer == issuer, person.c.subject == subject)

    def all(self) -> tuple[Person, ...]:
        return self._those(select(person).order_by(person.c.login))

    def admins(self) -> tuple[Person, ...]:
        # All that are active are held: two admins who end one another at once must come one after the other.
        active = self._those(select(person).where(person.c.active).order_by(person.c.id).with_for_update())
        return tuple(each for each in active if each.is_admin)

    def add(self, new: Person) -> int | None:
        values = {
            "login": new.login,
            **_place(new.place),
            "active": new.active,
            "password": new.password,
            "issuer": new.issuer,
            "subject": new.subject,
            "created_at": new.created_at,
            "signed_in_at": new.signed_in_at,
        }
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(person).values(values).on_conflict_do_nothing(index_elements=["login"])
        number: int | None = self._connection.execute(statement.returning(person.c.id)).scalar_one_or_none()
        return number

    def place(self, person_id: int, place: Place) -> None:
        self._set(person_id, _place(place))

    def activate(self, person_id: int, active: bool) -> None:
        self._set(person_id, {"active": active})

    def set_password(self, person_id: int, password: str | None) -> None:
        self._set(person_id, {"password": password})

    def rehash(self, person_id: int, was: str, password: str) -> None:
        here = (person.c.id == person_id, person.c.password == was)
        self._connection.execute(update(person).where(*here).values(password=password))

    def signed_in(self, person_id: int, at: int) -> None:
        self._set(person_id, {"signed_in_at": at})

    def _set(self, person_id: int, values: dict[str, Any]) -> None:
        self._connection.execute(update(person).where(person.c.id == person_id).values(values))

    def _first(self, *conditions: ColumnElement[bool]) -> Person | None:
        found = self._those(select(person).where(*conditions))
        return found[0] if found else None

    def _those(self, statement: Select[Any]) -> tuple[Person, ...]:
        return tuple(_person(row) for row in self._connection.execute(statement))


def _place(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "roles": sorted(role.value for role in place.roles),
        "school": place.school,
        "groups": None if place.groups is None else sorted(place.groups),
    }


def _person(row: Any) -> Person:
    groups = None if row.groups is None else frozenset(row.groups)
    return Person(
        login=row.login,
        place=Place(row.name, frozenset(map(Role, row.roles)), row.school, groups),
        active=row.active,
        password=row.password,
        issuer=row.issuer,
        subject=row.subject,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
        id=row.id,
    )
