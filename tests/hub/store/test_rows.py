"""Rows that several processes add: each has one id for good, whoever added it and whoever finds it there."""

import pytest
from sqlalchemy import select

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import Report, Sample
from hub.ingestion.fleet import Batch, DeviceState, JournalState, NodeState
from hub.ingestion.ranges import Ranges
from hub.store.bodies import metric_names, unpack
from hub.store.intake import IntakeStore
from hub.store.rows import Ids
from hub.store.tables import metric, report
from hub.store.unit_of_work import Store
from wire.metrics import DataType

_IN_ORDER = select(report.c.body).order_by(report.c.epoch_id, report.c.offset)


class District:
    """A process that takes in one district, and knows of the others what was there when it began."""

    def __init__(self, store: Store, group: str) -> None:
        self.intake = IntakeStore(store, group)
        self.node = NodeKey(group, "36030001")
        self.told = 0
        self.intake.load()

    def tell(self, *names: str) -> None:
        self.told += 1
        offset, device = self.told, DeviceKey(self.node, "p1-tv")
        samples = {name: Sample(1, DataType.INT64, None) for name in names}
        batch = Batch(
            {self.node: NodeState(True, 0, 0, {})},
            {device: DeviceState("tv")},
            {(self.node, "one"): JournalState(0, offset, Ranges(((1, offset),)))},
            (Report(device, "one", offset, offset, samples),),
        )
        with self.intake.begin() as transaction:
            transaction.keep(batch, now=offset)


def readable(store: Store) -> list[set[str]]:
    with store.reading() as connection:
        names = metric_names(connection)
        return [set(unpack(body, names)) for body in connection.execute(_IN_ORDER).scalars()]


def test_a_metric_that_another_process_has_named_keeps_its_id(store: Store) -> None:
    one, other = District(store, "cpm3"), District(store, "cpm4")
    one.tell("panel/hours", "host/uptime_s")
    other.tell("panel/hours", "host/uptime_s", "audio/volume")
    one.tell("audio/volume")
    assert readable(store) == [
        {"panel/hours", "host/uptime_s"},
        {"audio/volume"},
        {"panel/hours", "host/uptime_s", "audio/volume"},
    ]


@pytest.mark.parametrize("found", [False, True], ids=["added meanwhile", "found"])
def test_a_row_that_says_nothing_but_who_it_is_is_left_as_it_is(store: Store, found: bool) -> None:
    ids: Ids[str] = Ids(metric, shared=True)
    who = {"name": "panel/hours", "datatype": 4}
    with store.begin() as work:
        there = work.connection.execute(metric.insert().values(id=7, **who).returning(metric.c.id)).scalar_one()
        if found:
            ids.write(work.connection, [("hours", {})], lambda _: who)
        else:
            ids._insert_where_missing(work.connection, [("hours", who)])
        assert work.connection.execute(select(metric.c.id)).scalars().all() == [there] == [ids["hours"]]
