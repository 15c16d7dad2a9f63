"""What is known of a person, handed out and erased: what goes, and what the law has the office keep."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hub.accounts.errors import NoSuchPerson, NotEnded
from hub.accounts.person import Place
from hub.accounts.service import Accounts
from hub.accounts.session import Visitor
from hub.accounts.settings import AccountsSettings
from hub.accounts.signing import SignInResult
from hub.accounts.tokens import Wish as TokenWish
from hub.core.people import AT_THE_CONSOLE, Permission, Principal, Role
from hub.office.personal import Personal
from hub.passwords import Argon2Passwords
from hub.requesting import Requests, make_engine
from hub.store.message_tables import message_choice, message_way
from hub.store.opening import open_store
from hub.store.people import AccountBook
from hub.store.people_tables import audit_entry, person, session, token
from hub.store.unit_of_work import Store
from hub.workflows.engine import Wish
from hub.workflows.loading import load_definitions
from hub.workflows.settings import OfficeSettings
from tests.stores import database

NOW, NAME = 1_795_157_100_000, "นางสาวมานี ใจงาม"


@dataclass
class Records:
    """A hub with one person who has worked in it."""

    store: Store
    accounts: Accounts
    personal: Personal
    who: Principal
    request: str

    @property
    def number(self) -> int:
        return int(self.who.id)

    def end(self) -> None:
        self.accounts.people.deactivate(AT_THE_CONSOLE, self.number, NOW)

    def rows(self, table: object) -> list[dict[str, object]]:
        with self.store.reading() as connection:
            return [dict(row._mapping) for row in connection.execute(select(table))]  # type: ignore[call-overload]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    store = open_store(database(tmp_path / "hub.db"))
    passwords = Argon2Passwords(time_cost=1, memory_kib=64)
    accounts = Accounts.on(AccountBook(store), passwords, AccountsSettings(), secrets.token_bytes)
    place = Place(NAME, frozenset({Role.TECHNICIAN}), None, None)
    made = accounts.links.invite(AT_THE_CONSOLE, "manee@example.org", place, NOW)
    accounts.links.redeem(made.secret, "four odd stones sing", Visitor("192.0.2.7", "A browser"), NOW)
    found = accounts.people.by_login("manee@example.org")
    assert found is not None
    wanted = TokenWish(found.id, "nightly of Manee", frozenset({Permission.SEE_FLEET}), 30)
    accounts.tokens.issue(found.principal, wanted, NOW)
    with store.begin() as work:
        way = {"owner": found.label, "name": "my phone", "service": "line", "sealed": "secret", "made_at": NOW}
        work.connection.execute(insert(message_way).values(way))
        choice = {"owner": found.label, "language": "th", "times": {}, "digest_at": 420, "version": 1}
        work.connection.execute(insert(message_choice).values(choice))
    definitions = {"phone_consult": load_definitions()["phone_consult"]}
    engine = make_engine(OfficeSettings())
    engine.definitions = definitions
    requests = Requests(store, engine, lambda: NOW)
    wish = Wish({"caller": "นายปิติ ชูใจดี", "phone": "081-555-0199", "question": "ไม่มีสัญญาณ"}, "x")
    number = requests.open("phone_consult", wish, found.principal).number
    yield Records(store, accounts, Personal(store, lambda: NOW), found.principal, number)
    store.close()


def test_what_is_known_of_somebody_is_handed_out_and_written_down(records: Records) -> None:
    held = json.loads(records.personal.export(records.number, AT_THE_CONSOLE))
    assert (held["account"]["login"], held["account"]["name"]) == ("manee@example.org", NAME)
    assert [each["address"] for each in held["sessions"]] == ["192.0.2.7"]
    assert [each["name"] for each in held["tokens"]] == ["nightly of Manee"]
    assert [(each["name"], each["service"]) for each in held["ways"]] == [("my phone", "line")]
    assert [each["number"] for each in held["steps"]] == [records.request]
    assert [each["number"] for each in held["named_in_requests"]] == []
    assert "secret" not in json.dumps(held)
    assert records.rows(audit_entry)[-1]["what"] == "person.exported"


def test_an_account_has_to_be_ended_before_it_is_erased(records: Records) -> None:
    with pytest.raises(NotEnded):
        records.personal.erase(records.number, AT_THE_CONSOLE)
    with pytest.raises(NoSuchPerson):
        records.personal.erase(99, AT_THE_CONSOLE)


def test_of_an_erased_account_only_its_number_is_left(records: Records) -> None:
    records.end()
    gone = records.personal.erase(records.number, AT_THE_CONSOLE)
    assert (gone["ways"], gone["choices"], gone["sessions"]) == (1, 1, 1)
    (row,) = records.rows(person)
    assert (row["login"], row["name"], row["roles"], row["password"]) == ("erased:1", "#1", [], None)
    assert [each["name"] for each in records.rows(token)] == [""]
    assert records.rows(message_way) == records.rows(message_choice) == []
    for table in (person, session, token, audit_entry):
        assert "manee" not in str(records.rows(table))
    assert records.personal.erase(records.number, AT_THE_CONSOLE) == {}
    with pytest.raises(NoSuchPerson):
        records.accounts.people.reactivate(AT_THE_CONSOLE, records.number, NOW)
    visitor = Visitor("192.0.2.7")
    again = records.accounts.signing.sign_in("manee@example.org", "four odd stones sing", visitor, NOW)
    assert again.result is not SignInResult.OPENED


def test_what_the_office_has_to_keep_stays(records: Records) -> None:
    records.end()
    records.personal.erase(records.number, AT_THE_CONSOLE)
    signed_in = [each for each in records.rows(audit_entry) if each["what"] == "sign_in.opened"]
    assert [json.loads(str(each["details"]))["address"] for each in signed_in] == ["192.0.2.7"]
    assert records.rows(session) == []
    held = json.loads(records.personal.export(records.number, AT_THE_CONSOLE))
    assert [(each["number"], each["name"]) for each in held["steps"]] == [(records.request, NAME)]
    assert records.rows(audit_entry)[-2]["what"] == "person.erased"


@pytest.mark.parametrize("text", ["นายปิติ ชูใจดี", "081-555-0199"])
def test_where_somebody_without_an_account_is_named_is_found(records: Records, text: str) -> None:
    found = records.personal.named(f" {text} ", AT_THE_CONSOLE)
    assert found is not None
    assert [each["number"] for each in json.loads(found)["requests"]] == [records.request]
    assert records.personal.named("ab", AT_THE_CONSOLE) is None
