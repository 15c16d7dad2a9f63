"""API tokens: part of what a person may, for a while."""

from collections.abc import Callable

import pytest

from hub.accounts.audit import Entry
from hub.accounts.errors import NoSuchPerson, ScopesRefused
from hub.accounts.person import Place
from hub.accounts.service import Accounts
from hub.accounts.tokens import Wish
from hub.core.people import AT_THE_CONSOLE, Permission, PrincipalKind, Role

NOW = 1_000_000_000_000
DAY = 86_400_000
READ = frozenset({Permission.SEE_FLEET})
Person = Callable[..., int]


def issued(accounts: Accounts, number: int, scopes: frozenset[Permission] = READ, days: int = 30) -> str:
    return accounts.tokens.issue(AT_THE_CONSOLE, Wish(number, "a script", scopes, days), NOW).secret


def test_a_token_acts_for_its_owner_within_its_scopes(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    principal = accounts.tokens.resolve(issued(accounts, number), NOW)
    assert principal is not None
    assert (principal.kind, principal.name) == (PrincipalKind.TOKEN, "a script")
    assert [each for each in Permission if principal.may(each)] == [Permission.SEE_FLEET]


@pytest.mark.parametrize(("days", "until"), [(30, 30), (0, 1), (10_000, 366)])
def test_a_token_ends_on_its_day(accounts: Accounts, person: Person, days: int, until: int) -> None:
    token = issued(accounts, person("malee", Role.TECHNICIAN), days=days)
    assert accounts.tokens.resolve(token, NOW + until * DAY - 1) is not None
    assert accounts.tokens.resolve(token, NOW + until * DAY) is None


def test_a_token_may_not_more_than_its_owner(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    with pytest.raises(ScopesRefused, match="manage_people"):
        issued(accounts, number, READ | {Permission.MANAGE_PEOPLE})
    with pytest.raises(ScopesRefused, match="at least one"):
        issued(accounts, number, frozenset())


def test_a_token_loses_what_its_owner_loses(accounts: Accounts, person: Person) -> None:
    person("somchai", Role.ADMIN)
    number = person("malee", Role.ADMIN)
    token = issued(accounts, number, frozenset({Permission.MANAGE_PEOPLE, Permission.SEE_FLEET}))
    accounts.people.change(AT_THE_CONSOLE, number, Place("", frozenset({Role.TECHNICIAN})), NOW)
    principal = accounts.tokens.resolve(token, NOW)
    assert principal is not None
    assert not principal.may(Permission.MANAGE_PEOPLE)
    accounts.people.change(AT_THE_CONSOLE, number, Place("", frozenset({Role.SCHOOL})), NOW)
    assert accounts.tokens.resolve(token, NOW) is None


def test_who_may_have_no_tokens_gets_none(accounts: Accounts, person: Person) -> None:
    with pytest.raises(ScopesRefused, match="no role"):
        issued(accounts, person("malee", Role.CLERK))
    with pytest.raises(NoSuchPerson):
        issued(accounts, 99)


def test_the_tokens_of_somebody_who_was_ended_end_for_good(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    token = issued(accounts, number)
    accounts.people.deactivate(AT_THE_CONSOLE, number, NOW)
    accounts.people.reactivate(AT_THE_CONSOLE, number, NOW)
    assert accounts.tokens.resolve(token, NOW) is None


def test_a_token_is_revoked_once_by_its_owner_or_an_admin(
    accounts: Accounts, person: Person, told: Callable[[], list[Entry]]
) -> None:
    number, other = person("malee", Role.TECHNICIAN), person("somchai", Role.TECHNICIAN)
    token = issued(accounts, number)
    [kept] = accounts.tokens.all(number)
    assert not accounts.tokens.revoke(AT_THE_CONSOLE, kept.id, NOW, of=other)
    assert accounts.tokens.revoke(AT_THE_CONSOLE, kept.id, NOW, of=number)
    assert not accounts.tokens.revoke(AT_THE_CONSOLE, kept.id, NOW)
    assert not accounts.tokens.revoke(AT_THE_CONSOLE, 99, NOW)
    assert accounts.tokens.resolve(token, NOW) is None
    assert [each.what for each in told()][-2:] == ["token.issued", "token.revoked"]


def test_when_a_token_was_used_is_noted_now_and_then(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    token = issued(accounts, number)
    for after in (0, 60_000, 11 * 60_000):
        assert accounts.tokens.resolve(token, NOW + after) is not None
    assert [each.used_at for each in accounts.tokens.all()] == [NOW + 11 * 60_000]


@pytest.mark.parametrize("token", ["", "dltv_", "dltv_" + "0" * 64 + "_00000000", "\ud800", "Bearer x"])
def test_what_is_no_token_is_nobody_s(accounts: Accounts, token: str) -> None:
    assert accounts.tokens.resolve(token, NOW) is None


def test_only_a_hash_of_it_is_kept(accounts: Accounts, person: Person) -> None:
    wish = Wish(person("malee", Role.TECHNICIAN), "a script", READ, 30)
    new = accounts.tokens.issue(AT_THE_CONSOLE, wish, NOW)
    assert new.secret not in repr(new)
    assert accounts.tokens.all() == (new.token,)
