"""Signing in by a password, what follows from it, and the sessions of everybody.

Three steps: the attempt is counted as wrong, in a transaction; the password is looked at, in none, for that takes long; what came
out is written. Whether a login exists shows in nothing: not in the answer, not in the time that it takes, not in the waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from hub.accounts.audit import Details
from hub.accounts.errors import NoSuchPerson, PasswordRefused, TooBusy
from hub.accounts.flaws import flaw_of, normal
from hub.accounts.lockout import account_key, address_key, network
from hub.accounts.person import Person, normal_login, printable
from hub.accounts.records import Book, Passwords, Records
from hub.accounts.secret import Chance, digest, is_secret, new_secret
from hub.accounts.session import Resolved, Session, Visitor
from hub.accounts.settings import AccountsSettings
from hub.core.people import Principal, PrincipalKind, Role


class SignInResult(Enum):
    """A word for the catalogues."""

    OPENED = "opened"
    WRONG = "wrong"
    """no such login, not this password, none at all, or not any more: which, is not said"""
    LOCKED = "locked"
    """too many wrong ones: `until` says when it may be tried again"""
    BUSY = "busy"
    NO_ROLE = "no_role"
    """the OpenID provider knows them, but gives them no role here"""
    INACTIVE = "inactive"
    """the OpenID provider knows them, but their account here was ended"""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What came of it. `secret` goes into the cookie, and nowhere else."""

    result: SignInResult
    secret: str | None = field(default=None, repr=False)
    principal: Principal | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One that may be looked at: by what keys it was counted, and whose password it would be."""

    keys: tuple[str, str]
    person: Person | None

    @property
    def hashed(self) -> str | None:
        return self.person.password if self.person is not None and self.person.active else None


class Signing:
    """Keeps nothing between calls."""

    def __init__(self, book: Book, passwords: Passwords, settings: AccountsSettings, chance: Chance) -> None:
        self._book, self._passwords, self._settings, self._chance = book, passwords, settings, chance

    def sign_in(self, login: str, password: str, visitor: Visitor, now: int) -> SignIn:
        """OPENED, WRONG, LOCKED or BUSY."""
        with self._book.begin() as records:
            person = records.people.by_login(normal_login(login))
            attempt = self._attempt(records, normal_login(login), person, visitor, now)
        if isinstance(attempt, SignIn):
            return attempt
        try:
            checked = self._passwords.check(normal(password), attempt.hashed)
        except TooBusy:
            return self._withdrawn(attempt)
        with self._book.begin() as records:
            if not checked.right or attempt.person is None:
                return _wrong(records, attempt, visitor, now)
            # What an admin did while the password was looked at holds.
            person = records.people.get(attempt.person.id)
            if person is None or not person.active or person.password != attempt.hashed:
                return _wrong(records, attempt, visitor, now)
            if checked.anew is not None and person.password is not None:
                records.people.rehash(person.id, person.password, checked.anew)
            _take_back(records, attempt)
            return self.open(records, person, visitor, now)

    def change_password(self, person_id: int, old: str, new: str, visitor: Visitor, now: int) -> SignIn:
        """By the person: ends all sessions and opens a new one. OPENED, WRONG, LOCKED or BUSY. Raises PasswordRefused."""
        with self._book.begin() as records:
            person = _known(records, person_id)
            self.require_strong(new, person)
            attempt = self._attempt(records, person.login, person, visitor, now)
        if isinstance(attempt, SignIn):
            return attempt
        try:
            right = self._passwords.check(normal(old), attempt.hashed).right
            hashed = self._passwords.hash(normal(new)) if right else ""
        except TooBusy:
            return self._withdrawn(attempt)
        with self._book.begin() as records:
            person = _known(records, person_id)
            if not right or person.password != attempt.hashed:
                return _wrong(records, attempt, visitor, now)
            _take_back(records, attempt)
            records.people.set_password(person_id, hashed)
            ended = records.sessions.end_all(person_id, now)
            records.audit.write(person.principal, "person.password", person.label, {"sessions": ended}, now)
            return self.open(records, person, visitor, now)

    def require_strong(self, password: str, person: Person) -> None:
        """Raises PasswordRefused."""
        flaw = flaw_of(password, (person.login, person.place.name), self._settings.password.min_length)
        if flaw is not None:
            raise PasswordRefused(flaw)

    def hash(self, password: str) -> str:
        """Of a new password; not within a transaction: it takes long. Raises TooBusy."""
        return self._passwords.hash(normal(password))

    def open(self, records: Records, person: Person, visitor: Visitor, now: int) -> SignIn:
        """A session of somebody who has shown who they are."""
        records.people.signed_in(person.id, now)
        return self._opened(records, person.principal, person.id, None, (visitor, now))

    def open_demo(self, role: Role, visitor: Visitor, now: int) -> SignIn:
        """One click. Whether the hub may show itself so is for the caller to know."""
        with self._book.begin() as records:
            return self._opened(records, _demo(role), None, role, (visitor, now))

    def resolve(self, secret: str, now: int) -> Resolved | None:
        """Who has this cookie. Notes, now and then, that they are still there."""
        if not is_secret(secret):
            return None
        with self._book.reading() as records:
            session = records.sessions.by_digest(digest(secret))
            principal = self._principal(records, session, now)
        if session is None or principal is None:
            return None
        if session.is_to_be_touched(now, self._settings.session):
            session = replace(session, seen_at=now)
            with self._book.begin() as records:
                records.sessions.touch(session.id, now)
        return Resolved(session, principal)

    def end(self, secret: str, now: int) -> None:
        """Sign out; a second time does nothing."""
        with self._book.begin() as records:
            session = records.sessions.by_digest(digest(secret))
            if session is not None and records.sessions.end(session.id, now):
                who = _of_session(session)
                records.audit.write(who, "session.ended", f"session:{session.id}", {}, now)

    def end_other(self, by: Principal, person_id: int, session_id: int, now: int) -> bool:
        """One session of a person, by its number; whether there was one."""
        with self._book.begin() as records:
            if session_id not in {each.id for each in records.sessions.of(person_id)}:
                return False
            records.sessions.end(session_id, now)
            records.audit.write(by, "session.ended", f"session:{session_id}", {"person": person_id}, now)
            return True

    def sessions(self, person_id: int, now: int) -> Sequence[Session]:
        """Where somebody is signed in, the last seen first."""
        with self._book.reading() as records:
            return [each for each in records.sessions.of(person_id) if each.is_alive(now, self._settings.session)]

    def _opened(
        self, records: Records, who: Principal, person_id: int | None, demo: Role | None, came: tuple[Visitor, int]
    ) -> SignIn:
        visitor, now = came
        before = records.sessions.by_digest(digest(visitor.session)) if visitor.session else None
        if before is not None:
            records.sessions.end(before.id, now)
        secret, address = new_secret(self._chance), network(visitor.address)
        session = Session(digest(secret), person_id, now, now, address, printable(visitor.agent)[:200], demo)
        number = records.sessions.add(session)
        records.audit.write(who, "sign_in.opened", f"session:{number}", {"address": address}, now)
        return SignIn(SignInResult.OPENED, secret, who)

    def _principal(self, records: Records, session: Session | None, now: int) -> Principal | None:
        if session is None or not session.is_alive(now, self._settings.session):
            return None
        if session.demo is not None:
            return _demo(session.demo) if self._settings.demo else None
        person = records.people.get(session.person_id) if session.person_id is not None else None
        return person.principal if person is not None and person.active else None

    def _attempt(
        self, records: Records, login: str, person: Person | None, visitor: Visitor, now: int
    ) -> _Attempt | SignIn:
        """Count it as wrong, unless somebody has to wait."""
        settings = self._settings.password
        known = person is not None and records.sessions.knows(person.id, network(visitor.address))
        keys = account_key(login, visitor.address, known=known), address_key(visitor.address)
        failures = [records.failures.get(key) for key in keys]
        tries = (settings.tries, settings.address_tries)
        waits = [each.locked_until(now, most, settings) for each, most in zip(failures, tries, strict=True)]
        until = max((each for each in waits if each is not None), default=None)
        if until is not None:
            return SignIn(SignInResult.LOCKED, until=until)
        for key, each in zip(keys, failures, strict=True):
            records.failures.put(key, each.one_more(now, settings))
        return _Attempt(keys, person)

    def _withdrawn(self, attempt: _Attempt) -> SignIn:
        with self._book.begin() as records:
            for key in attempt.keys:
                records.failures.put(key, records.failures.get(key).one_less())
        return SignIn(SignInResult.BUSY)


def _take_back(records: Records, attempt: _Attempt) -> None:
    """It was right: the account's count is done with; that of the address only by this one, or one account would clear it."""
    account, address = attempt.keys
    records.failures.put(account, replace(records.failures.get(account), count=0))
    records.failures.put(address, records.failures.get(address).one_less())


def _wrong(records: Records, attempt: _Attempt, visitor: Visitor, now: int) -> SignIn:
    subject = attempt.person.label if attempt.person is not None else ""
    tries = records.failures.get(attempt.keys[0]).count
    details: Details = {"address": network(visitor.address), "in_a_row": tries}
    records.audit.write("nobody", "sign_in.wrong", subject, details, now)
    return SignIn(SignInResult.WRONG)


def _known(records: Records, person_id: int) -> Person:
    person = records.people.get(person_id)
    if person is None or not person.active:
        raise NoSuchPerson(f"there is no person {person_id}")
    return person


def _of_session(session: Session) -> str:
    return f"person:{session.person_id}" if session.person_id is not None else f"demo:{session.demo or ''}"


def _demo(role: Role) -> Principal:
    return Principal(PrincipalKind.DEMO, role.value, role.value, frozenset({role}))
