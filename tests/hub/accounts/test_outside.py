"""People of an OpenID provider: who they are says the provider, what they may the table of roles."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.accounts.audit import Entry
from hub.accounts.outside import Identity, identity_of
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import OidcSettings
from hub.accounts.signing import SignInResult
from hub.core.people import AT_THE_CONSOLE, Role

HERE = Visitor("192.0.2.7")
NOW = 1_000_000_000_000
MALEE = Identity("https://id.example", "s-1", "malee", "An invented name", frozenset({Role.TECHNICIAN}))
ROLES = {"it": Role.TECHNICIAN, "bosses": Role.DIRECTOR, "https://x.example/it": Role.ADMIN}
Person = Callable[..., int]


def settings(**given: object) -> OidcSettings:
    return OidcSettings.model_validate({"issuer": "https://id.example", "client_id": "hub", "roles": ROLES, **given})


CLAIMS = {"iss": "https://id.example", "sub": "s-1", "preferred_username": "malee", "name": "A name", "groups": ["it"]}


def test_claims_tell_who_somebody_is() -> None:
    assert identity_of(CLAIMS, settings()) == replace(MALEE, name="A name")


@pytest.mark.parametrize(
    ("claims", "path", "roles"),
    [
        ({"groups": ["it", "others", "bosses", 7]}, "groups", {Role.TECHNICIAN, Role.DIRECTOR}),
        ({"groups": "it"}, "groups", {Role.TECHNICIAN}),
        ({"groups": {"it": True}}, "groups", set()),
        ({}, "groups", set()),
        ({"realm_access": {"roles": ["bosses"]}}, "realm_access.roles", {Role.DIRECTOR}),
        ({"https://x.example/roles": ["https://x.example/it"]}, "https://x.example/roles", {Role.ADMIN}),
        ({"realm_access": "it"}, "realm_access.roles", set()),
    ],
)
def test_roles_stand_where_the_settings_say(claims: dict[str, object], path: str, roles: set[Role]) -> None:
    told = {**CLAIMS, "groups": None, **claims}
    assert identity_of(told, settings(roles_claim=path)).roles == roles


def test_a_school_is_told_where_the_settings_name_a_claim() -> None:
    claims = {**CLAIMS, "school": "36030001"}
    assert identity_of(claims, settings()).school is None
    assert identity_of(claims, settings(school_claim="school")).school == "36030001"
    assert identity_of({**CLAIMS, "school": 7}, settings(school_claim="school")).school is None


def test_who_comes_for_the_first_time_gets_an_account(accounts: Accounts, told: Callable[[], list[Entry]]) -> None:
    signed = accounts.outside.sign_in(MALEE, HERE, NOW)
    assert signed.secret is not None
    resolved = accounts.signing.resolve(signed.secret, NOW)
    assert resolved is not None
    assert resolved.principal.roles == {Role.TECHNICIAN}
    again = accounts.outside.sign_in(MALEE, HERE, NOW)
    assert again.principal == signed.principal
    assert [each.what for each in told()] == ["person.made", "sign_in.opened", "sign_in.opened"]
    assert accounts.signing.sign_in("malee", "", HERE, NOW).result is SignInResult.WRONG


def test_a_login_that_is_taken_here_is_somebody_else(accounts: Accounts, person: Person) -> None:
    admin = person("malee", Role.ADMIN)
    signed = accounts.outside.sign_in(MALEE, HERE, NOW)
    assert signed.principal is not None
    assert signed.principal.id != str(admin)
    assert [each.login for each in accounts.people.all()] == ["malee", "malee-2"]
    third = accounts.outside.sign_in(replace(MALEE, subject="s-2"), HERE, NOW)
    assert third.principal is not None
    assert [each.login for each in accounts.people.all()] == ["malee", "malee-2", "malee-3"]


@pytest.mark.parametrize("login", ["", "ครูมาลี", "a b"])
def test_a_login_that_cannot_be_one_here_is_replaced(accounts: Accounts, login: str) -> None:
    accounts.outside.sign_in(replace(MALEE, login=login), HERE, NOW)
    assert [each.login for each in accounts.people.all()] == ["person"]


def test_the_same_subject_of_another_provider_is_somebody_else(accounts: Accounts) -> None:
    first = accounts.outside.sign_in(MALEE, HERE, NOW)
    second = accounts.outside.sign_in(replace(MALEE, issuer="https://other.example"), HERE, NOW)
    assert first.principal != second.principal


def test_who_has_no_role_is_refused_and_gets_no_account(accounts: Accounts, told: Callable[[], list[Entry]]) -> None:
    signed = accounts.outside.sign_in(replace(MALEE, roles=frozenset()), HERE, NOW)
    assert (signed.result, signed.secret) == (SignInResult.NO_ROLE, None)
    assert list(accounts.people.all()) == []
    assert [each.what for each in told()] == ["sign_in.no_role"]


def test_who_was_ended_here_is_refused(accounts: Accounts) -> None:
    signed = accounts.outside.sign_in(MALEE, HERE, NOW)
    assert signed.principal is not None
    accounts.people.deactivate(AT_THE_CONSOLE, int(signed.principal.id), NOW)
    assert accounts.outside.sign_in(MALEE, HERE, NOW).result is SignInResult.INACTIVE


def test_other_roles_at_the_provider_hold_from_the_next_sign_in_on_and_end_the_sessions(accounts: Accounts) -> None:
    before = accounts.outside.sign_in(MALEE, HERE, NOW)
    after = accounts.outside.sign_in(replace(MALEE, roles=frozenset({Role.DIRECTOR})), HERE, NOW)
    assert after.principal is not None
    assert after.principal.roles == {Role.DIRECTOR}
    assert before.secret is not None
    assert accounts.signing.resolve(before.secret, NOW) is None
