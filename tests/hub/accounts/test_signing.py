"""Signing in and out, as somebody at a browser or somebody who guesses meets it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.accounts.audit import Entry
from hub.accounts.errors import NoSuchPerson, PasswordRefused, TooBusy
from hub.accounts.flaws import PasswordFlaw
from hub.accounts.person import Place
from hub.accounts.records import Checked
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.accounts.signing import Signing, SignInResult
from hub.core.people import AT_THE_CONSOLE, PrincipalKind, Role
from hub.passwords import Argon2Passwords
from hub.store.people import AccountBook
from hub.store.unit_of_work import Store

HERE = Visitor("192.0.2.7", "Browser 1.0")
THERE = Visitor("203.0.113.9", "Another 2.0")
PASSWORD = "elephants walk slowly"
NOW = 1_000_000_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
Person = Callable[..., int]


def secret_of(accounts: Accounts, login: str = "malee", now: int = NOW, visitor: Visitor = HERE) -> str:
    signed = accounts.signing.sign_in(login, PASSWORD, visitor, now)
    assert signed.result is SignInResult.OPENED
    assert signed.secret is not None
    return signed.secret


def test_who_knows_the_password_is_let_in(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    signed = accounts.signing.sign_in(" Malee ", PASSWORD, HERE, NOW)
    assert signed.secret is not None
    resolved = accounts.signing.resolve(signed.secret, NOW)
    assert resolved is not None
    assert resolved.principal == signed.principal
    assert (resolved.principal.kind, resolved.principal.id) == (PrincipalKind.PERSON, str(number))
    assert resolved.principal.roles == {Role.TECHNICIAN}


@pytest.mark.parametrize(
    ("login", "password"),
    [("malee", "elephants walk fast"), ("nobody", PASSWORD), ("malee", ""), ("", ""), ("\ud800\x00", "\ud800\x00")],
)
def test_whoever_does_not_is_not_and_learns_nothing(
    accounts: Accounts, person: Person, login: str, password: str
) -> None:
    person("malee", Role.TECHNICIAN)
    assert accounts.signing.sign_in(login, password, HERE, NOW) == replace(
        accounts.signing.sign_in("else", "x", HERE, NOW), result=SignInResult.WRONG
    )


def test_who_was_only_invited_has_no_password_yet(accounts: Accounts) -> None:
    accounts.links.invite(AT_THE_CONSOLE, "malee", Place("", frozenset({Role.CLERK})), NOW)
    assert accounts.signing.sign_in("malee", "", HERE, NOW).result is SignInResult.WRONG


def test_a_password_is_the_same_however_it_was_typed(accounts: Accounts) -> None:
    link = accounts.links.invite(AT_THE_CONSOLE, "malee", Place("", frozenset({Role.CLERK})), NOW)
    accounts.links.redeem(link.secret, "น\u0e4d\u0e32ตกในป่าใหญ่", HERE, NOW)
    assert accounts.signing.sign_in("malee", "น\u0e33ตกในป่าใหญ่", HERE, NOW).result is SignInResult.OPENED


def guess(accounts: Accounts, times: int, visitor: Visitor, now: int = NOW) -> list[SignInResult]:
    return [accounts.signing.sign_in("malee", f"wrong {each}", visitor, now).result for each in range(times)]


def test_after_some_wrong_passwords_everybody_waits(accounts: Accounts, person: Person) -> None:
    person("malee", Role.TECHNICIAN)
    assert guess(accounts, 6, THERE) == [SignInResult.WRONG] * 5 + [SignInResult.LOCKED]
    refused = accounts.signing.sign_in("malee", PASSWORD, THERE, NOW + 1)
    assert (refused.result, refused.until) == (SignInResult.LOCKED, NOW + 30_000)
    assert accounts.signing.sign_in("malee", PASSWORD, THERE, NOW + 30_000).result is SignInResult.OPENED


def test_a_login_that_does_not_exist_waits_just_so(accounts: Accounts, person: Person) -> None:
    person("somchai", Role.TECHNICIAN)
    assert guess(accounts, 6, THERE) == [SignInResult.WRONG] * 5 + [SignInResult.LOCKED]
    assert accounts.signing.sign_in("malee", "x", THERE, NOW).until == NOW + 30_000


def test_a_guesser_elsewhere_does_not_shut_out_who_has_signed_in_before(accounts: Accounts, person: Person) -> None:
    person("malee", Role.ADMIN)
    now = NOW
    for _ in range(30):
        guess(accounts, 6, THERE, now)
        now += 15 * MINUTE
    assert accounts.signing.sign_in("malee", PASSWORD, THERE, now - MINUTE).result is SignInResult.LOCKED
    assert accounts.signing.sign_in("malee", PASSWORD, HERE, now).result is SignInResult.OPENED


def test_a_right_password_clears_the_account_s_count_but_not_the_address_s(accounts: Accounts, person: Person) -> None:
    person("malee", Role.TECHNICIAN)
    results = []
    for _ in range(5):
        results += guess(accounts, 4, HERE)
        results.append(accounts.signing.sign_in("malee", PASSWORD, HERE, NOW).result)
    assert results.count(SignInResult.OPENED) == 4
    assert results[-1] is SignInResult.LOCKED


def test_waits_are_forgotten_after_a_day(accounts: Accounts, person: Person) -> None:
    person("malee", Role.TECHNICIAN)
    guess(accounts, 5, THERE)
    assert guess(accounts, 5, THERE, NOW + 25 * HOUR) == [SignInResult.WRONG] * 5


def test_guessing_by_many_at_once_costs_as_much(accounts: Accounts, person: Person, store: Store) -> None:
    """Each attempt is counted before its password is looked at: ten that come while the first is, are four too many."""
    person("malee", Role.TECHNICIAN)
    came: list[None] = []
    results: list[SignInResult] = []

    class Meanwhile(Argon2Passwords):
        def check(self, password: str, hashed: str | None) -> Checked:
            while len(came) < 10:
                came.append(None)
                results.append(signing.sign_in("malee", "wrong", THERE, NOW).result)
            return super().check(password, hashed)

    meanwhile = Meanwhile(time_cost=1, memory_kib=64)
    signing = Signing(AccountBook(store), meanwhile, AccountsSettings(), lambda size: b"x" * size)
    results.append(signing.sign_in("malee", "wrong", THERE, NOW).result)
    assert (results.count(SignInResult.WRONG), results.count(SignInResult.LOCKED)) == (5, 6)


def test_who_is_sent_away_because_many_wait_has_guessed_nothing(
    accounts: Accounts, person: Person, store: Store
) -> None:
    person("malee", Role.TECHNICIAN)

    class Full(Argon2Passwords):
        def check(self, password: str, hashed: str | None) -> Checked:
            raise TooBusy

    full = Full(time_cost=1, memory_kib=64)
    signing = Signing(AccountBook(store), full, AccountsSettings(), lambda size: b"x" * size)
    assert {signing.sign_in("malee", "x", THERE, NOW).result for _ in range(30)} == {SignInResult.BUSY}
    assert accounts.signing.sign_in("malee", PASSWORD, THERE, NOW).result is SignInResult.OPENED


def test_a_hash_by_old_parameters_is_made_anew_at_sign_in(accounts: Accounts, person: Person, store: Store) -> None:
    number = person("malee", Role.TECHNICIAN)
    dearer = Argon2Passwords(time_cost=2, memory_kib=64)
    signing = Signing(AccountBook(store), dearer, AccountsSettings(), lambda size: b"x" * size)
    assert signing.sign_in("malee", PASSWORD, HERE, NOW).result is SignInResult.OPENED
    kept = accounts.people.get(number)
    assert kept is not None
    assert kept.password is not None
    assert "t=2" in kept.password


def test_a_session_ends_when_nothing_is_asked_for_long(accounts: Accounts, person: Person) -> None:
    person("malee", Role.TECHNICIAN)
    secret = secret_of(accounts)
    assert accounts.signing.resolve(secret, NOW + 11 * HOUR) is not None
    assert accounts.signing.resolve(secret, NOW + 22 * HOUR) is not None
    assert accounts.signing.resolve(secret, NOW + 34 * HOUR) is None


def test_a_session_ends_at_last_however_much_is_asked(accounts: Accounts, person: Person) -> None:
    person("malee", Role.TECHNICIAN)
    secret = secret_of(accounts)
    alive = [accounts.signing.resolve(secret, NOW + hour * HOUR) is not None for hour in range(0, 9 * 24, 6)]
    assert alive == [True] * 28 + [False] * 8


def test_signing_out_ends_the_session(accounts: Accounts, person: Person, told: Callable[[], list[Entry]]) -> None:
    person("malee", Role.TECHNICIAN)
    secret = secret_of(accounts)
    accounts.signing.end(secret, NOW)
    accounts.signing.end(secret, NOW)
    assert accounts.signing.resolve(secret, NOW) is None
    assert [each.what for each in told()].count("session.ended") == 1


def test_signing_in_ends_the_session_that_the_browser_had(accounts: Accounts, person: Person) -> None:
    person("malee", Role.TECHNICIAN)
    first = secret_of(accounts)
    second = secret_of(accounts, visitor=replace(HERE, session=first))
    assert accounts.signing.resolve(first, NOW) is None
    assert accounts.signing.resolve(second, NOW) is not None


def test_a_person_sees_the_own_sessions_and_ends_one(accounts: Accounts, person: Person) -> None:
    number, other = person("malee", Role.TECHNICIAN), person("somchai", Role.TECHNICIAN)
    secret = secret_of(accounts, now=NOW + 1, visitor=THERE)
    shown = accounts.signing.sessions(number, NOW + 1)
    assert [(each.address, each.agent) for each in shown] == [
        ("203.0.113.9", "Another 2.0"),
        ("192.0.2.7", "Browser 1.0"),
    ]
    assert not accounts.signing.end_other(AT_THE_CONSOLE, other, shown[0].id, NOW)
    assert accounts.signing.end_other(AT_THE_CONSOLE, number, shown[0].id, NOW)
    assert accounts.signing.resolve(secret, NOW) is None


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "ก" * 43, "\ud800", "' OR 1=1 --"])
def test_what_is_no_session_opens_nothing(accounts: Accounts, secret: str) -> None:
    assert accounts.signing.resolve(secret, NOW) is None
    accounts.signing.end(secret, NOW)


def test_a_new_password_ends_all_sessions_but_the_new_one(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    before = secret_of(accounts)
    changed = accounts.signing.change_password(number, PASSWORD, "tigers swim at night", HERE, NOW)
    assert changed.result is SignInResult.OPENED
    assert changed.secret is not None
    assert accounts.signing.resolve(before, NOW) is None
    assert accounts.signing.resolve(changed.secret, NOW) is not None
    assert accounts.signing.sign_in("malee", PASSWORD, HERE, NOW).result is SignInResult.WRONG
    assert accounts.signing.sign_in("malee", "tigers swim at night", HERE, NOW).result is SignInResult.OPENED


def test_a_new_password_needs_the_old_one_which_cannot_be_guessed_there(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    results = [
        accounts.signing.change_password(number, "guess", "tigers swim at night", HERE, NOW).result for _ in range(6)
    ]
    assert results == [SignInResult.WRONG] * 5 + [SignInResult.LOCKED]


def test_a_new_password_must_be_strong(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    with pytest.raises(PasswordRefused) as refused:
        accounts.signing.change_password(number, PASSWORD, "short", HERE, NOW)
    assert refused.value.flaw is PasswordFlaw.TOO_SHORT
    with pytest.raises(NoSuchPerson):
        accounts.signing.change_password(number + 1, PASSWORD, "tigers swim at night", HERE, NOW)


def test_a_hub_that_shows_itself_signs_in_a_role(make: Callable[[AccountsSettings], Accounts]) -> None:
    signed = make(AccountsSettings(demo=True)).signing.open_demo(Role.DIRECTOR, HERE, NOW)
    assert signed.secret is not None
    resolved = make(AccountsSettings(demo=True)).signing.resolve(signed.secret, NOW)
    assert resolved is not None
    assert (resolved.principal.kind, resolved.principal.roles) == (PrincipalKind.DEMO, {Role.DIRECTOR})
    assert make(AccountsSettings()).signing.resolve(signed.secret, NOW) is None


def test_the_audit_tells_who_came_and_who_did_not(
    accounts: Accounts, person: Person, told: Callable[[], list[Entry]]
) -> None:
    number = person("malee", Role.TECHNICIAN)
    accounts.signing.sign_in("malee", "wrong", HERE, NOW)
    accounts.signing.sign_in("my password typed here", "wrong", HERE, NOW)
    secret_of(accounts)
    assert [(each.who, each.what, each.subject) for each in told()[-3:]] == [
        ("nobody", "sign_in.wrong", f"person:{number}"),
        ("nobody", "sign_in.wrong", ""),
        (f"person:{number}", "sign_in.opened", "session:2"),
    ]
    assert "typed" not in "".join(map(str, told()))
