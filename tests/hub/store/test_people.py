"""People in the database: one a login, with what they may as it was given."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from hub.accounts.person import Person, Place
from hub.core.people import Role
from hub.store.people import AccountBook
from hub.store.unit_of_work import Store

PLACE = Place("An invented name", frozenset({Role.CLERK, Role.SCHOOL}), "36030001")
MALEE = Person("malee", PLACE, issuer="https://id.example", subject="s-1", created_at=5)


def test_a_person_is_kept_as_given(store: Store) -> None:
    book = AccountBook(store)
    with book.begin() as records:
        number = records.people.add(MALEE)
        assert number is not None
        records.people.set_password(number, "$argon2id$1")
        records.people.signed_in(number, 9)
    with book.reading() as records:
        found = records.people.get(number)
        assert found == records.people.by_login("malee") == records.people.by_identity("https://id.example", "s-1")
        assert found is not None
        assert (found.place, found.password, found.signed_in_at) == (PLACE, "$argon2id$1", 9)
        assert "argon2" not in repr(found)
        assert records.people.by_identity("https://id.example", "s-2") is None


@pytest.mark.parametrize("groups", [None, frozenset(), frozenset({"cpm3", "cmi3"})])
def test_all_districts_are_not_none(store: Store, groups: frozenset[str] | None) -> None:
    with AccountBook(store).begin() as records:
        number = records.people.add(Person("malee", Place("", frozenset(), groups=groups)))
        assert number is not None
        found = records.people.get(number)
    assert found is not None
    assert found.place.groups == groups


def test_a_login_that_is_taken_is_said_so(store: Store) -> None:
    with AccountBook(store).begin() as records:
        assert records.people.add(MALEE) is not None
        assert records.people.add(Person("malee", PLACE)) is None
        assert len(records.people.all()) == 1


def test_one_identity_is_one_person(store: Store) -> None:
    with AccountBook(store).begin() as records:
        records.people.add(MALEE)
    with pytest.raises(IntegrityError), AccountBook(store).begin() as records:
        records.people.add(replace(MALEE, login="somchai"))


def test_a_password_that_was_changed_meanwhile_is_not_hashed_anew(store: Store) -> None:
    with AccountBook(store).begin() as records:
        number = records.people.add(MALEE)
        assert number is not None
        records.people.set_password(number, "new")
        records.people.rehash(number, "old", "old, dearer")
        assert records.people.by_login("malee") == records.people.get(number)
        records.people.rehash(number, "new", "new, dearer")
        found = records.people.get(number)
    assert found is not None
    assert found.password == "new, dearer"
