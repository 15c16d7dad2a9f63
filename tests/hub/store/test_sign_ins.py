"""What lets people in, in the database: ended once, used once, forgotten when it is over."""

from dataclasses import replace

import pytest

from hub.accounts.lockout import Failures
from hub.accounts.person import Person, Place
from hub.accounts.records import Link, Purpose, Records, Token
from hub.accounts.session import Session
from hub.core.people import Permission, Role
from hub.store.people import AccountBook
from hub.store.unit_of_work import Store


def person(records: Records, login: str = "malee") -> int:
    number = records.people.add(Person(login, Place("", frozenset())))
    assert number is not None
    return number


def test_a_session_is_kept_as_given_and_ended_once(store: Store) -> None:
    with AccountBook(store).begin() as records:
        new = Session("d" * 64, person(records), 5, 6, "192.0.2.7", "Browser", Role.CLERK)
        number = records.sessions.add(new)
        assert records.sessions.by_digest("d" * 64) == replace(new, id=number)
        assert records.sessions.end(number, 9)
        assert not records.sessions.end(number, 10)
        records.sessions.touch(number, 11)
        assert records.sessions.by_digest("d" * 64) == replace(new, id=number, ended_at=9)


def test_a_place_that_somebody_came_from_is_known_until_it_is_forgotten(store: Store) -> None:
    with AccountBook(store).begin() as records:
        malee, somchai = person(records), person(records, "somchai")
        records.sessions.add(Session("d" * 64, malee, 5, 6, "192.0.2.7", "", ended_at=7))
        known = [records.sessions.knows(each, "192.0.2.7") for each in (malee, somchai)]
        records.sessions.prune(7)
        assert known == [True, False]
        assert not records.sessions.knows(malee, "192.0.2.7")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_used_once_or_made_void(store: Store, purpose: Purpose) -> None:
    with AccountBook(store).begin() as records:
        owner = None if purpose is Purpose.ADMIN else person(records)
        for digest in ("a", "b"):
            records.links.add(Link(digest, purpose, owner, 5, 9))
        first = records.links.by_digest("a")
        assert first is not None
        assert records.links.use(first.id, 6)
        assert not records.links.use(first.id, 7)
        records.links.void(purpose, owner, 8)
        used = [records.links.by_digest(digest) for digest in ("a", "b")]
        assert [each.used_at for each in used if each is not None] == [6, 8]


def test_a_token_is_kept_as_given(store: Store) -> None:
    with AccountBook(store).begin() as records:
        new = Token("d" * 64, person(records), "x", frozenset({Permission.ENROL, Permission.SEE_FLEET}), 5, 9)
        number = records.tokens.add(new)
        assert records.tokens.get(number) == records.tokens.by_digest("d" * 64) == replace(new, id=number)
        assert records.tokens.revoke_all(new.person_id, 7) == 1
        assert records.tokens.revoke_all(new.person_id, 8) == 0
        assert [each.revoked_at for each in records.tokens.all(new.person_id)] == [7]


def test_failures_are_counted_by_key_and_forgotten(store: Store) -> None:
    with AccountBook(store).begin() as records:
        records.failures.put("account:x", Failures(1, 5))
        records.failures.put("account:x", Failures(2, 6))
        assert (records.failures.get("account:x"), records.failures.get("account:y")) == (Failures(2, 6), Failures())
        records.failures.prune(7)
        assert records.failures.get("account:x") == Failures()
