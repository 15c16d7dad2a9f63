"""The commands about people, tokens and the audit, as somebody at the hub's own machine types them."""

import json
import secrets
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.__main__ import main
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.core.people import AT_THE_CONSOLE, Permission, Role
from hub.passwords import Argon2Passwords
from hub.store.opening import open_store
from hub.store.people import AccountBook
from tests.stores import ON_POSTGRESQL, database

HERE = Visitor("192.0.2.7")
PASSWORD = "elephants walk slowly"
NOW = 1_000_000_000_000


class Hub:
    """A hub's directory, and what commands say about it."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._place, self._capsys = place, capsys
        self.store = open_store(database(place / "hub.db"))
        passwords = Argon2Passwords(time_cost=1, memory_kib=64)
        self.accounts = Accounts.on(AccountBook(self.store), passwords, AccountsSettings(), secrets.token_bytes)

    def types(self, *words: str, code: int = 0) -> list[str]:
        """The lines on stdout."""
        assert main([*words, "--data-dir", str(self._place)]) == code
        said = self._capsys.readouterr()
        self.complaint = said.err
        return said.out.splitlines()


@pytest.fixture
def hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Hub:
    return Hub(tmp_path, capsys)


def secret_in(url: str) -> str:
    base, _, secret = url.rpartition("/")
    assert base == "http://127.0.0.1:8080/link"
    return secret


def test_a_link_makes_an_admin(hub: Hub) -> None:
    [url] = hub.types("people", "admin-link")
    hub.accounts.links.redeem(secret_in(url), PASSWORD, HERE, NOW, ("malee", "An invented name"))
    head, row = hub.types("people", "list")
    assert head.split() == ["login", "name", "roles", "school", "districts", "state", "signed", "in"]
    assert row.split()[0] == "malee"
    assert "admin" in row
    assert "active" in row


def test_somebody_is_invited_reset_ended_and_let_in_again(hub: Hub) -> None:
    [url] = hub.types("people", "invite", "malee", "--role", "school", "--school", "36030001", "--group", "cpm3")
    assert "invited" in hub.types("people", "list")[1]
    hub.accounts.links.redeem(secret_in(url), PASSWORD, HERE, NOW)
    person = hub.accounts.people.by_login("malee")
    assert person is not None
    assert (person.place.roles, person.place.school, person.place.groups) == ({Role.SCHOOL}, "36030001", {"cpm3"})
    [again] = hub.types("people", "reset", "Malee")
    assert hub.accounts.links.look(secret_in(again), NOW) is not None
    hub.types("people", "deactivate", "malee")
    assert "ended" in hub.types("people", "list")[1]
    hub.types("people", "reactivate", "malee")
    assert "invited" in hub.types("people", "list")[1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("people", "reset", "nobody"), "nobody has the login nobody"),
        (("people", "invite", "x", "--role", "clerk"), "a login is 2 to 64"),
        (("people", "deactivate", "malee"), "malee is the only admin"),
        (("people", "invite", "malee", "--role", "clerk"), "the login malee is taken"),
        (("token", "revoke", "9"), "there is no token 9"),
    ],
)
def test_what_cannot_be_is_one_line(hub: Hub, words: tuple[str, ...], complaint: str) -> None:
    link = hub.accounts.links.admin(AT_THE_CONSOLE, NOW)
    hub.accounts.links.redeem(link.secret, PASSWORD, HERE, NOW, ("malee", ""))
    assert hub.types(*words, code=2) == []
    [line] = hub.complaint.strip().splitlines()
    assert complaint in line


def test_a_directory_without_a_hub_is_not_made_into_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTV_HUB_STORE__URL", f"sqlite:///{tmp_path / 'wrong' / 'hub.db'}")
    for words in (["audit", "verify"], ["people", "list"], ["token", "list"]):
        assert main([*words, "--data-dir", str(tmp_path / "wrong")]) == 2
        assert "there is no such database" in capsys.readouterr().err
    assert not (tmp_path / "wrong").exists()


def test_a_token_is_issued_listed_and_revoked(hub: Hub) -> None:
    [url] = hub.types("people", "invite", "malee", "--role", "technician")
    hub.accounts.links.redeem(secret_in(url), PASSWORD, HERE, NOW)
    [token] = hub.types("token", "issue", "malee", "--name", "a script", "--scope", "see_fleet", "--days", "30")
    principal = hub.accounts.tokens.resolve(token, NOW)
    assert principal is not None
    assert principal.may(Permission.SEE_FLEET)
    assert "good" in hub.types("token", "list", "malee")[1]
    hub.types("token", "revoke", "1")
    assert "revoked" in hub.types("token", "list")[1]
    assert hub.accounts.tokens.resolve(token, NOW) is None


def test_the_audit_is_listed_the_newest_last(hub: Hub) -> None:
    hub.types("people", "invite", "malee", "--role", "clerk")
    hub.types("people", "admin-link")
    lines = hub.types("audit", "list")
    assert [line.split()[3:6] for line in lines] == [
        ["command", "person.invited", "person:1"],
        ["command", "link.admin", "-"],
    ]
    assert len(hub.types("audit", "list", "--what", "person")) == 1
    assert len(hub.types("audit", "list", "--days", "1", "--limit", "1")) == 1


def test_an_audit_that_nobody_touched_holds(hub: Hub) -> None:
    hub.types("people", "admin-link")
    [line] = hub.types("audit", "verify")
    assert "the audit holds: 1 entries" in line
    hub.types("people", "admin-link")
    assert hub.types("audit", "verify", "--noted", line.split()[-1])
    [line] = hub.types("audit", "verify", "--noted", f"1:{'0' * 64}", code=1)
    assert "made anew" in line


def test_the_first_entry_that_was_changed_is_named(hub: Hub) -> None:
    for _ in range(3):
        hub.types("people", "admin-link")
    with hub.store.begin() as work:
        work.connection.execute(text(f"DROP TRIGGER audit_rule_0{' ON audit_entry' if ON_POSTGRESQL else ''}"))
        work.connection.execute(text("UPDATE audit_entry SET who = 'hub' WHERE number > 1"))
    assert hub.types("audit", "verify", code=1) == [
        "the audit is broken: entry 2 is not as it was written, or is missing"
    ]


def test_the_data_of_somebody_are_handed_out_and_erased(hub: Hub) -> None:
    hub.types("people", "admin-link")
    hub.types("people", "invite", "malee", "--role", "technician", "--name", "An invented name")
    held = json.loads("\n".join(hub.types("people", "export", "malee")))
    assert held["account"]["name"] == "An invented name"
    hub.types("people", "erase", "malee", code=2)
    assert "end the account first" in hub.complaint
    hub.types("people", "deactivate", "malee")
    assert hub.types("people", "erase", "malee") == ["erased: the account, 1 links"]
    assert "An invented name" not in "\n".join(hub.types("people", "list"))
    assert json.loads("\n".join(hub.types("people", "named", "An invented name")))["requests"] == []
    hub.types("people", "named", "An", code=2)
    assert "at least three letters" in hub.complaint
