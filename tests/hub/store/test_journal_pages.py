"""What journals tell next, page by page: whole, in order, and of many journals by one question."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event, select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.ingestion.fleet import Batch, DeviceState, JournalState, NodeState
from hub.ingestion.ranges import Ranges
from hub.store.intake import IntakeStore
from hub.store.journal_pages import JournalPages, Part
from hub.store.tables import epoch
from hub.store.unit_of_work import Store
from wire.metrics import DataType

NODE = NodeKey("cpm3", "36030001")
TV = DeviceKey(NODE, "p1-tv")
_YES = {"power/on": Sample(True, DataType.BOOLEAN)}
_MANY = 130
"""More than the first two pages hold."""


def _commit(store: Store, **journals: int) -> None:
    """So many reports in each journal."""
    intake = IntakeStore(store)
    intake.load()
    states = {(NODE, name): JournalState(0, many, Ranges.of([(1, many)])) for name, many in journals.items()}
    told = [Report(TV, name, at, 1000 + at, _YES) for name, many in journals.items() for at in range(1, many + 1)]
    with intake.begin() as transaction:
        transaction.keep(Batch({NODE: NodeState(True, 0, 0, {})}, {TV: DeviceState("tv")}, states, tuple(told)), now=0)


@contextmanager
def _pages(store: Store, upto: int = _MANY) -> Iterator[tuple[JournalPages, dict[str, int], Callable[[int], Part]]]:
    with store.reading() as connection:
        rows = connection.execute(select(epoch.c.uuid, epoch.c.id).order_by(epoch.c.id))
        ids = {row.uuid: row.id for row in rows}
        yield JournalPages(connection, list(ids.values())), ids, lambda epoch_id: Part(epoch_id, 0, upto)


@contextmanager
def _counted(store: Store) -> Iterator[list[str]]:
    """The questions that are asked."""
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with store.reading() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_journal_of_many_pages_comes_whole_and_in_order(store: Store) -> None:
    _commit(store, one=_MANY, other=3)
    with _pages(store) as (pages, ids, part_of):
        told = [row for page in pages.of(ids["one"], part_of) for row in page]
    assert [row[:3] for row in told] == [(ids["one"], at, 1000 + at) for at in range(1, _MANY + 1)]
    assert {row[4] for row in told} == {"p1-tv"}


def test_only_what_was_asked_for_comes(store: Store) -> None:
    _commit(store, one=_MANY)
    with _pages(store) as (pages, ids, _):
        told = [row[1] for page in pages.of(ids["one"], lambda epoch_id: Part(epoch_id, 20, 90)) for row in page]
    assert told == list(range(21, 91))


def test_the_beginnings_of_many_journals_cost_one_question(store: Store) -> None:
    _commit(store, **{f"journal{number}": 5 for number in range(40)})
    with _pages(store, upto=5) as (pages, ids, part_of), _counted(store) as asked:
        told = [row[1] for epoch_id in ids.values() for page in pages.of(epoch_id, part_of) for row in page]
    assert told == [1, 2, 3, 4, 5] * 40
    assert len(asked) == 1


def test_a_journal_that_was_judged_on_meanwhile_is_read_from_there(store: Store) -> None:
    _commit(store, one=5, other=5)
    with _pages(store, upto=5) as (pages, ids, part_of):
        next(pages.of(ids["one"], part_of))
        told = [row[1] for page in pages.of(ids["other"], lambda epoch_id: Part(epoch_id, 3, 5)) for row in page]
    assert told == [4, 5]
