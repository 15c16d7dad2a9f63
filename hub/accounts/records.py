"""What the accounts ask of the store: rows of one transaction. `Book` hands out transactions; hub.store.people keeps it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hub.accounts.audit import Audit
from hub.accounts.lockout import Failures
from hub.accounts.person import Person, Place
from hub.accounts.session import Session
from hub.core.people import Permission


class Purpose(Enum):
    """What a one-time link is for."""

    ADMIN = "admin"
    """whoever has it makes an account of an admin"""
    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link. `used_at` also stands where it became void."""

    digest: str
    purpose: Purpose
    person_id: int | None
    made_at: int
    expires_at: int
    used_at: int | None = None
    id: int = 0

    def is_open(self, now: int) -> bool:
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Token:
    """An API token: what it is for, and how long."""

    digest: str
    person_id: int
    name: str
    scopes: frozenset[Permission]
    issued_at: int
    expires_at: int
    used_at: int | None = None
    revoked_at: int | None = None
    id: int = 0

    def is_valid(self, now: int) -> bool:
        return self.revoked_at is None and now < self.expires_at


class PersonRecords(Protocol):
    def get(self, person_id: int) -> Person | None: ...

    def by_login(self, login: str) -> Person | None: ...

    def by_identity(self, issuer: str, subject: str) -> Person | None: ...

    def all(self) -> tuple[Person, ...]:
        """By login."""

    def admins(self) -> tuple[Person, ...]:
        """The active ones, held until the end of the transaction: who else wants to change one, waits."""

    def add(self, person: Person) -> int | None:
        """Its number; None where the login is taken."""

    def place(self, person_id: int, place: Place) -> None: ...

    def activate(self, person_id: int, active: bool) -> None: ...

    def set_password(self, person_id: int, password: str | None) -> None: ...

    def rehash(self, person_id: int, was: str, password: str) -> None:
        """The same password, hashed anew; unless it was changed meanwhile."""

    def signed_in(self, person_id: int, at: int) -> None: ...


class SessionRecords(Protocol):
    def add(self, session: Session) -> int: ...

    def by_digest(self, digest: str) -> Session | None: ...

    def of(self, person_id: int) -> tuple[Session, ...]:
        """Those that were not ended, the last seen first."""

    def touch(self, session_id: int, at: int) -> None: ...

    def end(self, session_id: int, at: int) -> bool:
        """Whether it was one that had not ended."""

    def end_all(self, person_id: int, at: int) -> int:
        """How many had not ended."""

    def knows(self, person_id: int, network: str) -> bool:
        """Whether this person has signed in from there before."""

    def prune(self, before: int) -> None:
        """Forget those that nobody used since then."""


class LinkRecords(Protocol):
    def add(self, link: Link) -> None: ...

    def by_digest(self, digest: str) -> Link | None: ...

    def use(self, link_id: int, at: int) -> bool:
        """Whether nobody has used it before."""

    def void(self, purpose: Purpose, person_id: int | None, at: int) -> None:
        """Nobody can use these any more."""

    def prune(self, before: int) -> None: ...


class TokenRecords(Protocol):
    def add(self, token: Token) -> int: ...

    def get(self, token_id: int) -> Token | None: ...

    def by_digest(self, digest: str) -> Token | None: ...

    def all(self, person_id: int | None = None) -> tuple[Token, ...]:
        """Of one person or of all, the newest first."""

    def touch(self, token_id: int, at: int) -> None: ...

    def revoke(self, token_id: int, at: int) -> bool:
        """Whether it was not revoked before."""

    def revoke_all(self, person_id: int, at: int) -> int: ...


class FailureRecords(Protocol):
    def get(self, key: str) -> Failures: ...

    def put(self, key: str, failures: Failures) -> None: ...

    def prune(self, before: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Records:
    """Everything, within one transaction. What is written into `audit` is there if and only if the rest is."""

    people: PersonRecords
    sessions: SessionRecords
    links: LinkRecords
    tokens: TokenRecords
    failures: FailureRecords
    audit: Audit


class Book(Protocol):
    """Transactions."""

    def begin(self) -> AbstractContextManager[Records]:
        """To write in. Nothing slow is done within: nobody else writes meanwhile."""

    def reading(self) -> AbstractContextManager[Records]:
        """To read in."""


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose. Takes them in their normal form."""

    def hash(self, password: str) -> str:
        """Raises TooBusy."""

    def check(self, password: str, hashed: str | None) -> "Checked":
        """Takes as long where there is nothing to compare with. Raises TooBusy."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right; and its hash by today's parameters, where the one that is kept is by others."""

    right: bool
    anew: str | None = None
