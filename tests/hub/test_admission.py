"""Who is let in: the first link, what time drops, and no secret anywhere but where it belongs."""

import io
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.accounts.tokens import Wish
from hub.admission import Housekeeping, accounts_on, base_of, tell_first_admin
from hub.config import HubSettings, read_settings
from hub.core.people import AT_THE_CONSOLE, Permission, Role
from hub.mqtt.host_client import utc_ms
from hub.store.audit import AuditLog, entries
from hub.store.opening import open_store
from hub.store.unit_of_work import Store
from tests.stores import database

HERE = Visitor("192.0.2.7", "Browser 1.0")
PASSWORD = "elephants walk slowly"
WRONG = "tigers swim at night"
NOW = utc_ms()
DAY_MS = 86_400_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database(tmp_path / "hub.db"))
    yield opened
    opened.close()


@pytest.fixture
def accounts(store: Store) -> Accounts:
    return accounts_on(store, AccountsSettings())


def first_link(accounts: Accounts) -> str:
    out = io.StringIO()
    tell_first_admin(accounts, "http://127.0.0.1:8080", NOW, out)
    [line] = [line.strip() for line in out.getvalue().splitlines() if "/link/" in line] or [""]
    return line.rpartition("/")[2]


def settings(**given: object) -> HubSettings:
    return read_settings(None, {}, {key.replace("__", "."): value for key, value in given.items()})


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"http__listen": "0.0.0.0:80"}, "http://127.0.0.1:80"),
        ({"http__listen": "[::]:80"}, "http://[::1]:80"),
        ({"notices__link": "https://hub.example/fleet/"}, "https://hub.example/fleet"),
        ({"accounts__link": "https://a.example", "notices__link": "https://b.example"}, "https://a.example"),
    ],
)
def test_a_link_leads_where_people_reach_the_pages(given: dict[str, object], base: str) -> None:
    assert base_of(settings(**given)) == base


def test_a_port_of_the_system_s_choice_stands_in_the_link() -> None:
    assert base_of(settings(http__listen="127.0.0.1:0"), 41234) == "http://127.0.0.1:41234"


def test_the_link_of_the_first_admin_is_told_until_there_is_one(accounts: Accounts) -> None:
    assert first_link(accounts) != first_link(accounts) != ""
    accounts.links.redeem(first_link(accounts), PASSWORD, HERE, NOW, ("malee", ""))
    assert first_link(accounts) == ""


def test_a_hub_that_shows_itself_tells_no_link(store: Store) -> None:
    assert first_link(accounts_on(store, AccountsSettings(demo=True))) == ""


def test_what_is_old_is_dropped_from_the_start_on(store: Store, accounts: Accounts) -> None:
    AuditLog(store).write("hub", "test.old", "", {}, NOW - 400 * DAY_MS)
    AuditLog(store).write("hub", "test.young", "", {}, NOW - 300 * DAY_MS)
    housekeeping = Housekeeping(store, accounts)
    housekeeping.start()
    deadline = time.monotonic() + 60
    while "test.old" in {each.what for each in entries(store)}:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    housekeeping.stop()
    assert [each.what for each in entries(store)] == ["audit.pruned", "test.young"]


def test_housekeeping_ends_whether_or_not_it_began(store: Store, accounts: Accounts) -> None:
    Housekeeping(store, accounts).stop()


def test_no_secret_of_a_whole_walk_stands_in_log_audit_or_database(
    tmp_path: Path,
    store: Store,
    accounts: Accounts,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    known = [PASSWORD, WRONG, first_link(accounts)]
    admin = accounts.links.redeem(known[-1], PASSWORD, HERE, NOW, ("malee", "An invented name"))
    assert admin.principal is not None
    invited = accounts.links.invite(admin.principal, "somchai", accounts.people.all()[0].place, NOW)
    signed = accounts.links.redeem(invited.secret, PASSWORD, HERE, NOW)
    accounts.signing.sign_in("somchai", WRONG, HERE, NOW)
    accounts.signing.sign_in(WRONG, WRONG, HERE, NOW)
    again = accounts.signing.sign_in("somchai", PASSWORD, HERE, NOW)
    token = accounts.tokens.issue(
        AT_THE_CONSOLE, Wish(int(admin.principal.id), "x", frozenset({Permission.SEE_FLEET}), 1), NOW
    )
    accounts.tokens.resolve(token.secret, NOW)
    accounts.tokens.resolve(token.secret[:-1] + "x", NOW)
    reset = accounts.links.reset(admin.principal, 2, NOW)
    known += [*filter(None, (admin.secret, signed.secret, again.secret)), invited.secret, token.secret, reset.secret]
    accounts.signing.resolve(known[4], NOW)
    said = "".join([caplog.text, *capfd.readouterr(), *map(repr, (admin, invited, signed, again, token, reset))])
    kept = "".join(map(str, entries(store)))
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(known) == 9
    for secret in known:
        assert secret not in said
        assert secret not in kept
        assert secret.encode() not in files
    assert Role.ADMIN.value in kept
