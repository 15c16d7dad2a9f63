"""The stock: never below zero, every move a row that stays, and one of two who take the last piece is told."""

import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.store.supply import StockRows
from hub.store.unit_of_work import Store
from hub.supply.places import OFFICE
from hub.supply.stock import Deed, Item, Level, StockFlaw, StockRefused, Why

DEED = Deed("person:1", "นายตัวอย่าง", 1, "request:MR-2570-0001")
CAR, SCHOOL = "car:person:1", "cpm3/30010012"
LNB = Item("LNB-U", "หัวรับสัญญาณ", "ตัว", "lnb", 2, 25_000)


@pytest.fixture
def stocked(store: Store) -> Store:
    with store.begin() as work:
        rows = StockRows(work.connection)
        rows.add_item(LNB)
        rows.give("LNB-U", 5, DEED)
    return store


def level(store: Store, place: str = OFFICE) -> Level:
    with store.reading() as connection:
        return StockRows(connection).level("LNB-U", place)


def refused(store: Store, act: Callable[[StockRows], object]) -> StockRefused:
    with pytest.raises(StockRefused) as caught, store.begin() as work:
        act(StockRows(work.connection))
    return caught.value


def test_what_is_taken_is_gone_and_told(stocked: Store) -> None:
    with stocked.begin() as work:
        assert StockRows(work.connection).take("LNB-U", 2, DEED) == Level("LNB-U", OFFICE, 3)
        newest = StockRows(work.connection).moves("LNB-U")[0]
    assert (newest.change, newest.left, newest.why, newest.deed) == (-2, 3, Why.TAKEN, DEED)


def test_more_than_there_is_is_refused_and_nothing_moves(stocked: Store) -> None:
    error = refused(stocked, lambda rows: rows.take("LNB-U", 6, DEED))
    assert (error.flaw, error.item, error.free) == (StockFlaw.SHORT, "LNB-U", 5)
    assert level(stocked).count == 5


@pytest.mark.parametrize("count", [0, -1])
def test_nothing_and_less_cannot_be_taken(stocked: Store, count: int) -> None:
    assert refused(stocked, lambda rows: rows.take("LNB-U", count, DEED)).flaw is StockFlaw.NO_COUNT
    assert refused(stocked, lambda rows: rows.give("LNB-U", count, DEED)).flaw is StockFlaw.NO_COUNT


def test_an_item_that_there_is_not_is_told(stocked: Store) -> None:
    assert refused(stocked, lambda rows: rows.take("NONE", 1, DEED)).flaw is StockFlaw.NO_SUCH_ITEM
    with stocked.reading() as connection:
        assert StockRows(connection).available("NONE") == 0


def test_two_who_take_the_last_piece_at_once_do_not_both_get_it(stocked: Store) -> None:
    with stocked.begin() as work:
        StockRows(work.connection).take("LNB-U", 4, DEED)
    gate, told = threading.Barrier(2), []

    def take() -> None:
        gate.wait()
        try:
            with stocked.begin() as work:
                StockRows(work.connection).take("LNB-U", 1, DEED)
                told.append("taken")
        except StockRefused as error:
            told.append(error.flaw.value)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["short", "taken"]
    assert level(stocked).count == 0


def test_a_move_is_a_row_at_both_places(stocked: Store) -> None:
    with stocked.begin() as work:
        rows = StockRows(work.connection)
        rows.move("LNB-U", 2, DEED, origin=OFFICE, to=CAR)
        assert [(each.place, each.other, each.change) for each in rows.moves("LNB-U")[:2]] == [
            (CAR, OFFICE, 2),
            (OFFICE, CAR, -2),
        ]
        assert sum(each.count for each in rows.levels("LNB-U")) == 5
    same = refused(stocked, lambda rows: rows.move("LNB-U", 1, DEED, origin=CAR, to=CAR))
    assert same.flaw is StockFlaw.SAME_PLACE
    assert refused(stocked, lambda rows: rows.move("LNB-U", 3, DEED, origin=CAR, to=SCHOOL)).flaw is StockFlaw.SHORT


def test_a_count_corrects_by_a_row_unless_somebody_took_meanwhile(stocked: Store) -> None:
    with stocked.begin() as work:
        assert StockRows(work.connection).count("LNB-U", 4, 5, DEED).count == 4
    assert refused(stocked, lambda rows: rows.count("LNB-U", 3, 5, DEED)).flaw is StockFlaw.STALE
    with stocked.begin() as work:
        rows = StockRows(work.connection)
        before = len(rows.moves("LNB-U"))
        rows.count("LNB-U", 4, 4, DEED)
        assert len(rows.moves("LNB-U")) == before


def test_what_is_promised_is_not_free_until_it_is_let_go(stocked: Store) -> None:
    with stocked.begin() as work:
        rows = StockRows(work.connection)
        rows.reserve("LNB-U", 3, "line:1", 1)
        rows.reserve("LNB-U", 1, "line:1", 1)
        assert rows.available("LNB-U") == 1
    assert refused(stocked, lambda rows: rows.take("LNB-U", 2, DEED)).free == 1
    assert refused(stocked, lambda rows: rows.reserve("LNB-U", 2, "line:2", 1)).flaw is StockFlaw.SHORT
    assert refused(stocked, lambda rows: rows.count("LNB-U", 3, 5, DEED)).flaw is StockFlaw.SHORT
    with stocked.begin() as work:
        rows = StockRows(work.connection)
        assert rows.release("line:1") == (Level("LNB-U", OFFICE, 4, 4),)
        assert rows.available("LNB-U") == 5
        assert rows.release("line:1") == ()


def test_items_are_changed_only_as_they_were_read(stocked: Store) -> None:
    with stocked.begin() as work:
        rows = StockRows(work.connection)
        item = rows.item("LNB-U")
        assert item is not None
        assert rows.change_item(item).version == 2
    assert refused(stocked, lambda rows: rows.change_item(item)).flaw is StockFlaw.STALE
    assert refused(stocked, lambda rows: rows.add_item(LNB)).flaw is StockFlaw.CODE_TAKEN


@pytest.mark.parametrize("change", ["UPDATE stock_move SET note = 'x'", "DELETE FROM stock_move"])
def test_no_move_is_ever_changed(stocked: Store, change: str) -> None:
    with pytest.raises(DBAPIError, match="never changed nor dropped"), stocked.begin() as work:
        work.connection.execute(text(change))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["take", "give", "reserve", "release", "move"]), st.integers(1, 6)), max_size=12)
)
def test_no_count_falls_below_what_is_promised_nor_below_zero(stocked: Store, deeds: list[tuple[str, int]]) -> None:
    for n, (deed, count) in enumerate(deeds):
        try:
            with stocked.begin() as work:
                rows = StockRows(work.connection)
                if deed == "reserve":
                    rows.reserve("LNB-U", count, f"line:{n}", 1)
                elif deed == "release":
                    rows.release(f"line:{n - 1}")
                elif deed == "move":
                    rows.move("LNB-U", count, DEED, origin=OFFICE, to=CAR)
                else:
                    getattr(rows, deed)("LNB-U", count, DEED)
        except StockRefused:
            pass
        assert level(stocked).count >= level(stocked).reserved >= 0
    with stocked.reading() as connection:
        rows = StockRows(connection)
        moved = sum(each.change for each in rows.moves("LNB-U") if each.place == OFFICE)
        assert moved == level(stocked).count
