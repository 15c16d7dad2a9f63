"""Changing what people may: it holds at once, and somebody can always do it."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.accounts.audit import Entry
from hub.accounts.errors import LastAdmin, NoSuchPerson
from hub.accounts.person import Place
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.signing import SignInResult
from hub.core.people import AT_THE_CONSOLE, Permission, Role

HERE = Visitor("192.0.2.7")
PASSWORD = "elephants walk slowly"
NOW = 1_000_000_000_000
Person = Callable[..., int]
CLERK = Place("An invented name", frozenset({Role.CLERK}))


def signed_in(accounts: Accounts, login: str = "malee") -> str:
    signed = accounts.signing.sign_in(login, PASSWORD, HERE, NOW)
    assert signed.secret is not None
    return signed.secret


def test_other_roles_end_the_sessions(accounts: Accounts, person: Person, told: Callable[[], list[Entry]]) -> None:
    number = person("malee", Role.TECHNICIAN)
    secret = signed_in(accounts)
    accounts.people.change(AT_THE_CONSOLE, number, CLERK, NOW)
    assert accounts.signing.resolve(secret, NOW) is None
    again = accounts.signing.resolve(signed_in(accounts), NOW)
    assert again is not None
    assert again.principal.roles == {Role.CLERK}
    [changed] = [each for each in told() if each.what == "person.changed"]
    assert changed.details == '{"from":["technician"],"groups":null,"school":null,"sessions":2,"to":["clerk"]}'


def test_another_name_ends_nothing(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.CLERK)
    secret = signed_in(accounts)
    kept = accounts.people.change(AT_THE_CONSOLE, number, replace(CLERK, name=" Another   name "), NOW)
    assert kept == accounts.people.get(number)
    assert kept.place.name == "Another name"
    assert accounts.signing.resolve(secret, NOW) is not None


def test_no_change_is_not_told(accounts: Accounts, person: Person, told: Callable[[], list[Entry]]) -> None:
    number = person("malee", Role.CLERK)
    found = accounts.people.get(number)
    assert found is not None
    before = told()
    accounts.people.change(AT_THE_CONSOLE, number, found.place, NOW)
    assert told() == before


def test_who_is_ended_is_out_at_once_and_comes_back_when_reactivated(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.CLERK)
    secret = signed_in(accounts)
    accounts.people.deactivate(AT_THE_CONSOLE, number, NOW)
    accounts.people.deactivate(AT_THE_CONSOLE, number, NOW)
    assert accounts.signing.resolve(secret, NOW) is None
    assert accounts.signing.sign_in("malee", PASSWORD, HERE, NOW).result is SignInResult.WRONG
    accounts.people.reactivate(AT_THE_CONSOLE, number, NOW)
    assert accounts.signing.resolve(secret, NOW) is None
    assert accounts.signing.sign_in("malee", PASSWORD, HERE, NOW).result is SignInResult.OPENED


def test_the_last_admin_stays_one(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.ADMIN)
    with pytest.raises(LastAdmin):
        accounts.people.change(AT_THE_CONSOLE, number, CLERK, NOW)
    with pytest.raises(LastAdmin):
        accounts.people.deactivate(AT_THE_CONSOLE, number, NOW)
    other = person("somchai", Role.ADMIN)
    accounts.people.change(AT_THE_CONSOLE, number, CLERK, NOW)
    with pytest.raises(LastAdmin):
        accounts.people.deactivate(AT_THE_CONSOLE, other, NOW)


def test_two_admins_who_end_one_another_at_once_leave_one(accounts: Accounts, person: Person) -> None:
    numbers = [person("malee", Role.ADMIN), person("somchai", Role.ADMIN)]
    refused: list[int] = []

    def end(number: int) -> None:
        try:
            accounts.people.deactivate(AT_THE_CONSOLE, number, NOW)
        except LastAdmin:
            refused.append(number)

    threads = [threading.Thread(target=end, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) == 1
    assert [each.id for each in accounts.people.all() if each.is_admin] == refused


def test_nobody_is_nobody(accounts: Accounts) -> None:
    for change in (accounts.people.deactivate, accounts.people.reactivate):
        with pytest.raises(NoSuchPerson):
            change(AT_THE_CONSOLE, 99, NOW)
    with pytest.raises(NoSuchPerson):
        accounts.people.change(AT_THE_CONSOLE, 99, CLERK, NOW)
    assert accounts.people.get(99) is None


def test_people_are_told_by_login_with_where_they_belong(accounts: Accounts, person: Person) -> None:
    person("somchai", Role.CLERK)
    number = person("malee", Role.CLERK)
    place = Place("A name", frozenset({Role.SCHOOL, Role.CLERK}), "36030001", frozenset({"cpm3", "cmi3"}))
    accounts.people.change(AT_THE_CONSOLE, number, place, NOW)
    assert [(each.login, each.signed_in_at) for each in accounts.people.all()] == [("malee", NOW), ("somchai", NOW)]
    found = accounts.people.by_login("malee")
    assert found is not None
    assert found.place == place
    assert found.principal.may(Permission.SEE_FLEET)
    assert not found.principal.may_see("sni", "84010001")
