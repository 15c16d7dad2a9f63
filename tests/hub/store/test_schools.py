"""The register of schools: nothing is taken over that nobody looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.core.people import AT_THE_CONSOLE
from hub.schools.records import SchoolList, SchoolRecord
from hub.store.opening import open_store
from hub.store.people_tables import audit_entry
from hub.store.schools import SchoolRegister, seal
from hub.store.unit_of_work import Store
from tests.stores import database

LIST = SchoolList((SchoolRecord("2", "second", 15.0, 102.0, 64), SchoolRecord("1", "first")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(database(tmp_path / "hub.db"))
    yield store
    store.close()


def take(store: Store, listed: SchoolList) -> bool:
    register = SchoolRegister(store)
    seen = seal(register.preview("cpm3", listed))
    return register.take_over("cpm3", listed, seen, AT_THE_CONSOLE, 5) is not None


def test_a_list_is_taken_over_and_the_audit_tells_of_it(store: Store) -> None:
    assert take(store, LIST)
    assert SchoolRegister(store).known("cpm3") == sorted(LIST.schools, key=lambda each: each.code)
    assert SchoolRegister(store).known("other") == []
    with store.reading() as connection:
        assert [(row.what, row.subject) for row in connection.execute(audit_entry.select())] == [
            ("schools.imported", "group:cpm3")
        ]


def test_a_changed_school_keeps_what_the_list_does_not_tell(store: Store) -> None:
    take(store, LIST)
    take(store, SchoolList((SchoolRecord("2", "renamed", pupils=65),)))
    assert SchoolRegister(store).known("cpm3")[1] == SchoolRecord("2", "renamed", 15.0, 102.0, 65)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(store: Store) -> None:
    register = SchoolRegister(store)
    seen = seal(register.preview("cpm3", LIST))
    take(store, SchoolList((SchoolRecord("1", "by somebody else"),)))
    assert register.take_over("cpm3", LIST, seen, AT_THE_CONSOLE, 6) is None
    assert [each.name for each in register.known("cpm3")] == ["by somebody else"]
