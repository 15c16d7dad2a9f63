"""One-time links: good for one thing, once, for a while."""

from collections.abc import Callable

import pytest

from hub.accounts.audit import Entry
from hub.accounts.errors import LinkRefused, LoginRefused, LoginTaken, NoSuchPerson, PasswordRefused
from hub.accounts.person import Place
from hub.accounts.records import Purpose
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.signing import SignInResult
from hub.core.people import AT_THE_CONSOLE, Role

HERE = Visitor("192.0.2.7")
PASSWORD = "elephants walk slowly"
NOW = 1_000_000_000_000
HOUR, DAY = 3_600_000, 86_400_000
TECHNICIAN = Place("An invented name", frozenset({Role.TECHNICIAN}), groups=frozenset({"cpm3"}))
Person = Callable[..., int]


def test_the_first_admin_makes_an_account_by_a_link(accounts: Accounts) -> None:
    link = accounts.links.first_admin(NOW)
    assert link is not None
    view = accounts.links.look(link.secret, NOW)
    assert view is not None
    assert (view.purpose, view.person) == (Purpose.ADMIN, None)
    signed = accounts.links.redeem(link.secret, PASSWORD, HERE, NOW, ("Malee", "An invented name"))
    assert signed.result is SignInResult.OPENED
    [person] = accounts.people.all()
    assert (person.login, person.place.roles, person.is_admin) == ("malee", {Role.ADMIN}, True)
    assert accounts.links.first_admin(NOW) is None


def test_each_start_without_an_admin_makes_a_link_that_makes_the_one_before_void(accounts: Accounts) -> None:
    first, second = accounts.links.first_admin(NOW), accounts.links.first_admin(NOW)
    assert first is not None
    assert second is not None
    assert accounts.links.look(first.secret, NOW) is None
    assert accounts.links.look(second.secret, NOW) is not None


def test_where_the_only_admin_was_ended_the_console_makes_another(accounts: Accounts, person: Person) -> None:
    person("malee", Role.ADMIN)
    assert accounts.links.first_admin(NOW) is None
    link = accounts.links.admin(AT_THE_CONSOLE, NOW)
    accounts.links.redeem(link.secret, PASSWORD, HERE, NOW, ("somchai", ""))
    assert [each.login for each in accounts.people.all() if each.is_admin] == ["malee", "somchai"]


def test_who_is_invited_sets_a_password_and_is_in(accounts: Accounts, told: Callable[[], list[Entry]]) -> None:
    link = accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    view = accounts.links.look(link.secret, NOW)
    assert view is not None
    assert view.person is not None
    assert (view.purpose, view.person.login, view.person.place) == (Purpose.INVITATION, "malee", TECHNICIAN)
    signed = accounts.links.redeem(link.secret, PASSWORD, HERE, NOW)
    assert signed.secret is not None
    assert accounts.signing.resolve(signed.secret, NOW) is not None
    assert [each.what for each in told()] == ["person.invited", "link.used", "sign_in.opened"]


def test_a_link_is_used_once(accounts: Accounts) -> None:
    link = accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    accounts.links.redeem(link.secret, PASSWORD, HERE, NOW)
    with pytest.raises(LinkRefused):
        accounts.links.redeem(link.secret, "tigers swim at night", HERE, NOW)
    assert accounts.links.look(link.secret, NOW) is None


@pytest.mark.parametrize(("after", "good"), [(7 * DAY - 1, True), (7 * DAY, False)])
def test_an_invitation_ends_after_a_week(accounts: Accounts, after: int, good: bool) -> None:
    link = accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    assert (accounts.links.look(link.secret, NOW + after) is not None) == good


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "\ud800" * 43])
def test_what_is_no_link_is_good_for_nothing(accounts: Accounts, secret: str) -> None:
    assert accounts.links.look(secret, NOW) is None
    with pytest.raises(LinkRefused):
        accounts.links.redeem(secret, PASSWORD, HERE, NOW)


def test_a_weak_password_leaves_the_link_good(accounts: Accounts) -> None:
    link = accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    with pytest.raises(PasswordRefused):
        accounts.links.redeem(link.secret, "password1234", HERE, NOW)
    assert accounts.links.redeem(link.secret, PASSWORD, HERE, NOW).result is SignInResult.OPENED


@pytest.mark.parametrize("login", ["", "x", "a b", "ครู", "a" * 65, "../etc"])
def test_a_login_has_letters_that_everybody_can_type(accounts: Accounts, login: str) -> None:
    with pytest.raises(LoginRefused):
        accounts.links.invite(AT_THE_CONSOLE, login, TECHNICIAN, NOW)


def test_a_login_is_one_person_s(accounts: Accounts) -> None:
    accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    with pytest.raises(LoginTaken):
        accounts.links.invite(AT_THE_CONSOLE, "Malee", TECHNICIAN, NOW)
    admin = accounts.links.admin(AT_THE_CONSOLE, NOW)
    with pytest.raises(LoginTaken):
        accounts.links.redeem(admin.secret, PASSWORD, HERE, NOW, ("malee", ""))
    assert accounts.links.redeem(admin.secret, PASSWORD, HERE, NOW, ("somchai", "")).secret


def test_a_reset_ends_the_old_password_and_all_sessions_at_once(accounts: Accounts, person: Person) -> None:
    number = person("malee", Role.TECHNICIAN)
    before = accounts.signing.sign_in("malee", PASSWORD, HERE, NOW)
    assert before.secret is not None
    link = accounts.links.reset(AT_THE_CONSOLE, number, NOW)
    assert accounts.signing.resolve(before.secret, NOW) is None
    assert accounts.signing.sign_in("malee", PASSWORD, HERE, NOW).result is SignInResult.WRONG
    accounts.links.redeem(link.secret, "tigers swim at night", HERE, NOW)
    assert accounts.signing.sign_in("malee", "tigers swim at night", HERE, NOW).result is SignInResult.OPENED


def test_a_second_reset_makes_the_first_link_and_the_invitation_void(accounts: Accounts) -> None:
    invitation = accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    assert invitation.person_id is not None
    first = accounts.links.reset(AT_THE_CONSOLE, invitation.person_id, NOW)
    second = accounts.links.reset(AT_THE_CONSOLE, invitation.person_id, NOW)
    good = [accounts.links.look(each.secret, NOW) is not None for each in (invitation, first, second)]
    assert good == [False, False, True]


def test_a_link_of_somebody_who_was_ended_is_good_for_nothing(accounts: Accounts) -> None:
    link = accounts.links.invite(AT_THE_CONSOLE, "malee", TECHNICIAN, NOW)
    assert link.person_id is not None
    accounts.people.deactivate(AT_THE_CONSOLE, link.person_id, NOW)
    assert accounts.links.look(link.secret, NOW) is None
    with pytest.raises(NoSuchPerson):
        accounts.links.reset(AT_THE_CONSOLE, link.person_id, NOW)


def test_the_address_of_a_link_is_the_hub_s_and_its_secret(accounts: Accounts) -> None:
    link = accounts.links.admin(AT_THE_CONSOLE, NOW)
    assert link.url("https://hub.example") == f"https://hub.example/link/{link.secret}"
    assert link.secret not in repr(link)
