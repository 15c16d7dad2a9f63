"""What detection is given to read: in journal order, up to the first gap, each report once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.detection.facts import DeviceFacts
from hub.ingestion.fleet import OURS, Batch, DeviceState, JournalState, NodeState
from hub.ingestion.ranges import NOTHING, Ranges
from hub.store.engine import open_engine, upgrade
from hub.store.intake import IntakeStore
from hub.store.judgements import Judgements
from hub.store.tables import report
from hub.store.unit_of_work import Store
from wire.metrics import DataType

NODE, OTHER = NodeKey("cpm3", "36030001"), NodeKey("cpm3", "36030002")
TV = DeviceKey(NODE, "p1-tv")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()


class Writer:
    """Commits reports as ingestion does."""

    def __init__(self, store: Store, node: NodeKey = NODE) -> None:
        self._intake = IntakeStore(store)
        self._intake.load()
        self._node = node
        self._journals: dict[tuple[NodeKey, str], JournalState] = {}

    def commit(self, *offsets: int, epoch: str = "e1", lost: Ranges = NOTHING, newest: int = 0) -> None:
        journal = self._journals.get((self._node, epoch), JournalState(first_seen=0))
        journal = JournalState(
            first_seen=0,
            newest=max(journal.newest, newest, *offsets, 0),
            committed=journal.committed.add(offsets),
            lost=journal.lost | lost,
        )
        self._journals[self._node, epoch] = journal
        device = DeviceKey(self._node, "p1-tv")
        samples = {"power/on": Sample(True, DataType.BOOLEAN), "panel/temp_c": Sample(None, DataType.FLOAT, 5)}
        reports = tuple(Report(device, epoch, offset, 1000 + offset, samples) for offset in offsets)
        nodes = {self._node: NodeState(True, 7, 1000 + journal.newest, {"profile": "host/linux"})}
        devices = {
            DeviceKey(self._node, HOST): DeviceState("computer"),
            device: DeviceState("tv", "lg/rs232", "p1", {"dish": "d1"}),
        }
        with self._intake.begin() as work:
            work.keep(Batch(nodes, devices, {(self._node, epoch): journal}, reports), now=0)


def _judge(store: Store, node: NodeKey = NODE) -> list[tuple[str, int]]:
    """Read what can be judged, and remember that it was."""
    with store.begin() as work:
        judgements = Judgements(work.connection)
        reports = list(judgements.unjudged(node))
        judgements.save(node, {"seen": len(reports)}, {each.epoch: each.offset for each in reports})
    return [(each.epoch, each.offset) for each in reports]


def test_reports_come_whole_and_in_order(store: Store) -> None:
    Writer(store).commit(2, 1)
    with store.begin() as work:
        first, second = Judgements(work.connection).unjudged(NODE)
    assert (first.device, first.epoch, first.offset, first.t, second.offset) == (TV, "e1", 1, 1001, 2)
    assert first.samples == {
        "power/on": Sample(True, DataType.BOOLEAN),
        "panel/temp_c": Sample(None, DataType.FLOAT, 5),
    }


def test_each_report_is_judged_once(store: Store) -> None:
    writer = Writer(store)
    writer.commit(1, 2)
    assert _judge(store) == [("e1", 1), ("e1", 2)]
    assert _judge(store) == []
    writer.commit(3)
    assert _judge(store) == [("e1", 3)]


def test_a_gap_is_waited_for_until_it_is_filled(store: Store) -> None:
    writer = Writer(store)
    writer.commit(1, 3, 4)
    assert _judge(store) == [("e1", 1)]
    with store.begin() as work:
        assert Judgements(work.connection).behind() == []
    writer.commit(2)
    assert _judge(store) == [("e1", 2), ("e1", 3), ("e1", 4)]


def test_what_is_lost_is_not_waited_for(store: Store) -> None:
    writer = Writer(store)
    writer.commit(1, 5)
    writer.commit(lost=Ranges.of([(2, 4)]))
    assert _judge(store) == [("e1", 1), ("e1", 5)]


def test_one_journal_comes_after_the_other(store: Store) -> None:
    writer = Writer(store)
    writer.commit(1, 2)
    writer.commit(1, epoch="e2")
    assert _judge(store) == [("e1", 1), ("e1", 2), ("e2", 1)]


def test_the_hub_s_own_numbering_is_a_journal_too(store: Store) -> None:
    Writer(store).commit(1, 2, epoch=OURS)
    assert _judge(store) == [(OURS, 1), (OURS, 2)]


def test_a_node_that_is_behind_is_named(store: Store) -> None:
    Writer(store).commit(1)
    Writer(store, OTHER).commit(2)
    with store.begin() as work:
        assert Judgements(work.connection).behind() == [NODE]
    _judge(store)
    with store.begin() as work:
        assert Judgements(work.connection).behind() == []


def test_a_transaction_that_fails_has_judged_nothing(store: Store) -> None:
    Writer(store).commit(1)

    def fail() -> None:
        with store.begin() as work:
            judgements = Judgements(work.connection)
            judgements.save(NODE, {"x": 1}, {"e1": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as work:
        assert Judgements(work.connection).state(NODE) is None
    assert _judge(store) == [("e1", 1)]


def test_the_state_is_kept(store: Store) -> None:
    Writer(store).commit(1)
    for state in ({"a": [1, None, "ก"]}, {"a": []}):
        with store.begin() as work:
            Judgements(work.connection).save(NODE, state, {})
        with store.begin() as work:
            assert Judgements(work.connection).state(NODE) == state


def test_a_body_that_cannot_be_read_holds_up_nothing(store: Store) -> None:
    Writer(store).commit(1, 2)
    with store.begin() as work:
        work.connection.execute(update(report).where(report.c.offset == 1).values(body=b"\xff"))
        spoilt, good = Judgements(work.connection).unjudged(NODE)
    assert (spoilt.samples, len(good.samples)) == ({}, 2)


def test_devices_are_told_with_what_the_register_and_the_births_say(store: Store) -> None:
    Writer(store).commit(1)
    with store.begin() as work:
        facts = Judgements(work.connection).devices(NODE)
    assert sorted(facts, key=lambda each: each.key) == [
        DeviceFacts(HOST, "computer", None, "host/linux"),
        DeviceFacts("p1-tv", "tv", "p1", "lg/rs232", "d1"),
    ]


def test_a_node_is_caught_up_when_all_that_it_named_is_judged(store: Store) -> None:
    writer = Writer(store)
    writer.commit(1, newest=2)
    _judge(store)
    with store.begin() as work:
        (heard,) = Judgements(work.connection).nodes()
    assert (heard.online, heard.status_since, heard.heard_at, heard.caught_up) == (True, 7, 1002, False)
    writer.commit(2)
    _judge(store)
    with store.begin() as work:
        assert Judgements(work.connection).heard(NODE) == next(iter(Judgements(work.connection).nodes()))
        assert next(iter(Judgements(work.connection).nodes())).caught_up


def test_more_reports_than_a_page_come_in_one_go(store: Store) -> None:
    Writer(store).commit(*range(1, 1202))
    assert _judge(store) == [("e1", offset) for offset in range(1, 1202)]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(1, 15)), st.data())
def test_in_whatever_order_reports_are_committed_they_are_judged_in_theirs(
    tmp_path_factory: pytest.TempPathFactory, offsets: list[int], data: st.DataObject
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'hub.db'}")
    upgrade(engine)
    store = Store(engine)
    writer, judged = Writer(store), []
    while offsets:
        count = data.draw(st.integers(1, len(offsets)))
        writer.commit(*offsets[:count])
        offsets = offsets[count:]
        judged += _judge(store)
    store.close()
    assert judged == [("e1", offset) for offset in range(1, 15)]
