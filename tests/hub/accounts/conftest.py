"""Accounts on a real database, with a clock and passwords that cost little."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.accounts.audit import Entry
from hub.accounts.person import Place
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.core.people import AT_THE_CONSOLE, Role
from hub.passwords import Argon2Passwords
from hub.store.audit import entries
from hub.store.opening import open_store
from hub.store.people import AccountBook
from hub.store.unit_of_work import Store
from tests.stores import database

HERE = Visitor("192.0.2.7", "Browser 1.0")
PASSWORD = "elephants walk slowly"
NOW = 1_000_000_000_000
PASSWORDS = Argon2Passwords(time_cost=1, memory_kib=64)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database(tmp_path / "hub.db"))
    yield opened
    opened.close()


@pytest.fixture
def make(store: Store) -> Callable[[AccountsSettings], Accounts]:
    return lambda settings: Accounts.on(AccountBook(store), PASSWORDS, settings, secrets.token_bytes)


@pytest.fixture
def accounts(make: Callable[[AccountsSettings], Accounts]) -> Accounts:
    return make(AccountsSettings())


@pytest.fixture
def person(accounts: Accounts) -> Callable[..., int]:
    """Makes a person who can sign in: the number."""

    def made(login: str, *roles: Role, now: int = NOW) -> int:
        link = accounts.links.invite(AT_THE_CONSOLE, login, Place(f"An invented {login}", frozenset(roles)), now)
        assert link.person_id is not None
        accounts.links.redeem(link.secret, PASSWORD, HERE, now)
        return link.person_id

    return made


@pytest.fixture
def told(store: Store) -> Callable[[], list[Entry]]:
    """The audit, the oldest first."""
    return lambda: list(reversed(entries(store)))
