"""What detection is given to read: in journal order, up to the first gap, each report once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.reports import OURS, Report, Sample
from hub.detection.facts import DeviceFacts, SchoolFacts
from hub.ingestion.fleet import Batch, DeviceState, JournalState, NodeState
from hub.ingestion.ranges import NOTHING, Ranges
from hub.store.engine import open_engine, upgrade
from hub.store.intake import IntakeStore
from hub.store.judgements import Judgements
from hub.store.tables import registered, report, school
from hub.store.unit_of_work import Store
from tests.stores import database
from wire.metrics import DataType

NODE, OTHER = NodeKey("cpm3", "36030001"), NodeKey("cpm3", "36030002")
TV = DeviceKey(NODE, "p1-tv")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    opened = Store(engine)
    yield opened
    opened.close()


def _register(store: Store, key: DeviceKey, **facts: str | None) -> None:
    with store.begin() as work:
        values = {"group": key.node.group, "node": key.node.name, "device": key.device, **facts}
        work.connection.execute(insert(registered).values(values))


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


def _read(judgements: Judgements, node: NodeKey = NODE) -> list[Report]:
    return [each for journal in judgements.unjudged(node, {}) for each in journal]


def _judge(store: Store, node: NodeKey = NODE) -> list[tuple[str, int]]:
    """Read what can be judged, and remember that it was."""
    with store.begin() as work:
        judgements = Judgements(work.connection)
        reports = _read(judgements, node)
        judged = {node: {each.epoch: each.offset for each in reports}}
        judgements.save({(node.group, node.school): {"seen": len(reports)}}, judged)
    return [(each.epoch, each.offset) for each in reports]


def test_reports_come_whole_and_in_order(store: Store) -> None:
    Writer(store).commit(2, 1)
    with store.begin() as work:
        first, second = _read(Judgements(work.connection))
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
        assert Judgements(work.connection).waiting() == []
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
        assert Judgements(work.connection).waiting() == [NODE]
    _judge(store)
    with store.begin() as work:
        assert Judgements(work.connection).waiting() == []


def test_each_journal_is_read_by_itself(store: Store) -> None:
    writer = Writer(store)
    writer.commit(1, 2)
    writer.commit(1, epoch=OURS)
    with store.begin() as work:
        one, other = Judgements(work.connection).unjudged(NODE, {})
        assert ((next(other).epoch, next(one).offset), next(one).offset) == ((OURS, 1), 2)


def test_a_transaction_that_fails_has_judged_nothing(store: Store) -> None:
    Writer(store).commit(1)

    def fail() -> None:
        with store.begin() as work:
            judgements = Judgements(work.connection)
            judgements.save({("cpm3", "36030001"): {"x": 1}}, {NODE: {"e1": 1}})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as work:
        assert Judgements(work.connection).states() == []
    assert _judge(store) == [("e1", 1)]


def test_states_are_kept_by_school_and_by_district(store: Store) -> None:
    for state in ({"a": [1, None, "ก"]}, {"a": []}):
        with store.begin() as work:
            Judgements(work.connection).save({("cpm3", "36030001"): state, ("cpm3", ""): {}}, {})
        with store.begin() as work:
            kept = sorted(Judgements(work.connection).states(), key=lambda each: each[1])
            assert kept == [("cpm3", "", {}), ("cpm3", "36030001", state)]


def test_a_body_that_cannot_be_read_holds_up_nothing(store: Store) -> None:
    Writer(store).commit(1, 2)
    with store.begin() as work:
        work.connection.execute(update(report).where(report.c.offset == 1).values(body=b"\xff"))
        spoilt, good = _read(Judgements(work.connection))
    assert (spoilt.samples, len(good.samples)) == ({}, 2)


def test_devices_are_told_with_what_births_say(store: Store) -> None:
    Writer(store).commit(1)
    Writer(store, OTHER).commit(1)
    with store.begin() as work:
        judgements = Judgements(work.connection)
        assert dict(judgements.devices_of(NODE)) == {
            DeviceKey(NODE, HOST): DeviceFacts(HOST, "computer", None, "host/linux"),
            TV: DeviceFacts("p1-tv", "tv", "p1", "lg/rs232", "d1"),
        }
        assert {key.node for key, _ in judgements.devices()} == {NODE, OTHER}


def test_registered_devices_are_told_before_they_report(store: Store) -> None:
    new = DeviceKey(OTHER, "p2-receiver")
    _register(store, new, kind="receiver", room="p2", profile="x/y", dish="d2")
    with store.begin() as work:
        facts = DeviceFacts("p2-receiver", "receiver", "p2", "x/y", "d2")
        assert Judgements(work.connection).devices() == [(new, facts)]
        assert Judgements(work.connection).devices_of(OTHER) == [(new, facts)]
        assert Judgements(work.connection).devices_of(NODE) == []


def test_the_register_stands_over_what_births_say(store: Store) -> None:
    Writer(store).commit(1)
    _register(store, TV, kind="projector", room="p9", dish=None, profile=None)
    with store.begin() as work:
        told = dict(Judgements(work.connection).devices())
    assert told[TV] == DeviceFacts("p1-tv", "projector", "p9", "lg/rs232", "d1")


def test_schools_are_told_with_their_places(store: Store) -> None:
    with store.begin() as work:
        work.connection.execute(insert(school).values(group="cpm3", code="36030001", name="One", lat=15.8, lon=102.0))
        assert Judgements(work.connection).schools() == [SchoolFacts("cpm3", "36030001", 15.8, 102.0)]


def test_more_reports_than_a_page_come_in_one_go(store: Store) -> None:
    Writer(store).commit(*range(1, 2202))
    assert _judge(store) == [("e1", offset) for offset in range(1, 2202)]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(1, 15)), st.data())
def test_in_whatever_order_reports_are_committed_they_are_judged_in_theirs(
    tmp_path_factory: pytest.TempPathFactory, offsets: list[int], data: st.DataObject
) -> None:
    engine = open_engine(database(tmp_path_factory.mktemp("db") / "hub.db"))
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
