"""A list on its way from a file to the register."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.core.people import Principal, PrincipalKind
from hub.schools.records import FIELDS, SchoolRecord
from hub.sheets.rows import read_rows
from hub.store.opening import open_store
from hub.store.schools import SchoolRegister
from hub.store.unit_of_work import Store
from hub.trust.lists import Lists
from hub.web.school_lists import Sent, Unreadable
from tests.stores import database

ANONG, SOMCHAI = (Principal(PrincipalKind.PERSON, number) for number in ("1", "2"))
GOOD = Sent("cpm3", "list.csv", b"code,name,pupils\n1,first,64\n2,second,\n")
BAD = Sent("cpm3", "list.csv", b"code,name,pupils\n1,,x\n,second,1\n")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(database(tmp_path / "hub.db"))
    yield store
    store.close()


def seal_of(lists: Lists, who: Principal = ANONG) -> str:
    waiting = lists.waiting(who, 6)
    assert waiting is not None
    return waiting.seal


def test_what_was_seen_is_taken_over_and_waits_no_more(store: Store) -> None:
    lists = Lists(store)
    assert lists.keep(GOOD, ANONG, 5) is None
    changes = Lists(store).take_over(seal_of(Lists(store)), ANONG, 6)
    assert changes is not None
    assert SchoolRegister(store).known("cpm3") == [SchoolRecord("1", "first", pupils=64), SchoolRecord("2", "second")]
    assert lists.waiting(ANONG, 6) is None
    assert lists.take_over("", ANONG, 6) is None


def test_what_somebody_else_changed_meanwhile_is_shown_anew(store: Store) -> None:
    lists = Lists(store)
    lists.keep(GOOD, ANONG, 5)
    seen = seal_of(lists)
    lists.keep(Sent("cpm3", "x.csv", b"code,name\n1,other\n"), SOMCHAI, 5)
    assert lists.take_over(seal_of(lists, SOMCHAI), SOMCHAI, 6) is not None
    assert lists.take_over(seen, ANONG, 6) is None
    waiting = lists.waiting(ANONG, 6)
    assert waiting is not None
    assert [each.fields for each in waiting.changes.changed] == [(("name", "other", "first"), ("pupils", None, 64))]
    assert lists.take_over(waiting.seal, ANONG, 6) is not None


def test_a_list_with_mistakes_waits_to_be_looked_at_and_is_never_taken_over(store: Store) -> None:
    lists = Lists(store)
    lists.keep(BAD, ANONG, 5)
    waiting = lists.waiting(ANONG, 6)
    assert waiting is not None
    assert [(each.row, each.field, each.code) for each in waiting.listed.mistakes] == [
        (2, "name", "missing"),
        (2, "pupils", "no-number"),
        (3, "code", "missing"),
    ]
    assert lists.take_over(waiting.seal, ANONG, 6) is None
    assert SchoolRegister(store).known("cpm3") == []


def test_a_file_that_is_no_table_does_not_wait(store: Store) -> None:
    lists = Lists(store)
    assert lists.keep(Sent("cpm3", "x.xls", b"\xd0\xcf\x11\xe0"), ANONG, 5) == Unreadable("not-a-table", "xls")
    assert lists.waiting(ANONG, 6) is None


def test_what_is_dropped_waits_no_more(store: Store) -> None:
    lists = Lists(store)
    lists.keep(GOOD, ANONG, 5)
    lists.drop(ANONG)
    assert lists.waiting(ANONG, 6) is None


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_goes_out_and_comes_in_unchanged(store: Store, kind: str) -> None:
    lists = Lists(store)
    lists.keep(Sent("cpm3", "x.csv", b"code,name,lat,lon\n01,=evil(),15.5,102\n2,second,,\n"), ANONG, 5)
    lists.take_over(seal_of(lists), ANONG, 6)
    out = lists.export("cpm3", kind, {name: name for name in FIELDS})
    lists.keep(Sent("cpm3", "again", out), ANONG, 7)
    waiting = lists.waiting(ANONG, 8)
    assert waiting is not None
    assert (waiting.changes.same, waiting.changes.to_write, waiting.listed.mistakes) == (2, (), ())


def test_the_template_asks_for_every_column(store: Store) -> None:
    (heading,) = read_rows(Lists(store).template("โรงเรียน", {name: name.upper() for name in FIELDS}))
    assert heading.cells == ("CODE", "NAME", "LAT", "LON", "PUPILS")
