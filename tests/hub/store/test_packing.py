"""Packed reports are read as before, each once, whenever they came and whatever was killed meanwhile."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from hub.core.equipment import DeviceKey
from hub.core.hourly import HOUR_MS
from hub.core.reports import Report
from hub.core.views import ReportView
from hub.store.bodies import metric_names, unpack
from hub.store.chunk_tables import report_chunk
from hub.store.kept_reports import first_told, newest_told, next_told, told_between
from hub.store.packing import BLOCK_MS, REST_MS, Packing
from hub.store.past import Past
from hub.store.series import reports_of
from hub.store.tables import device, epoch, report
from tests.hub.store.reporting import NODE, START, Hub, Killed, a_hub, one

DAYS = 35.0
LONG_AFTER = START + 3 * BLOCK_MS + REST_MS
MOMENTS = st.integers(0, 2 * BLOCK_MS // 60_000).map(lambda minutes: START + minutes * 60_000)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with a_hub() as made:
        yield made


def judge(hub: Hub) -> None:
    """All that is there."""
    with hub.store.begin() as work:
        work.connection.execute(update(epoch).values(judged=epoch.c.newest))


def pack(hub: Hub, now: int = LONG_AFTER) -> None:
    hub.fold(now)
    judge(hub)
    packing = Packing(hub.store, DAYS)
    while packing.step(now):
        pass


def rows(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(report)).scalar_one()


def packed(hub: Hub) -> int:
    with hub.store.reading() as connection:
        return int(connection.execute(select(func.coalesce(func.sum(report_chunk.c.reports), 0))).scalar_one())


def read(hub: Hub) -> list[tuple[str, int, str, int]]:
    """All reports as their devices tell them: journal, offset, device, time."""
    with hub.store.reading() as connection:
        journals = {row.id: row.uuid for row in connection.execute(select(epoch.c.id, epoch.c.uuid))}
        found = []
        for row in connection.execute(select(device.c.id, device.c.key)).all():
            told = told_between(connection, row.id)
            assert [each.t for each in told] == sorted(each.t for each in told)
            found += [(journals[each.epoch], each.offset, row.key, each.t) for each in told]
    return sorted(found)


def paged(hub: Hub, page: int) -> list[tuple[str, int, str, int]]:
    """All reports as their journals tell them, a page at a time."""
    found = []
    with hub.store.reading() as connection:
        keys = {row.id: row.key for row in connection.execute(select(device.c.id, device.c.key))}
        for row in connection.execute(select(epoch.c.id, epoch.c.uuid)).all():
            after = 0
            while told := next_told(connection, row.id, after, page):
                found += [(row.uuid, each.offset, keys[each.device], each.t) for each in told]
                after = told[-1].offset
            assert newest_told(connection, row.id) == after
    return found


def wanted(reports: Sequence[Report]) -> list[tuple[str, int, str, int]]:
    return sorted((each.epoch, each.offset, each.device.device, each.t) for each in reports)


@st.composite
def told(draw: st.DrawFn) -> list[Report]:
    reports = [
        one(
            offset,
            draw(MOMENTS),
            key=draw(st.sampled_from(["p1-tv", "p1-receiver"])),
            uuid=draw(st.sampled_from(["e1", "e2"])),
            cnr=float(offset),
        )
        for offset in range(1, draw(st.integers(1, 25)) + 1)
    ]
    return draw(st.permutations(reports))


@settings(max_examples=20, deadline=None)
@given(told(), st.data())
def test_every_report_is_read_once_wherever_it_stands(reports: list[Report], data: st.DataObject) -> None:
    with a_hub() as hub:
        waiting = list(reports)
        while waiting:
            taken = data.draw(st.integers(1, len(waiting)))
            hub.commit(waiting[:taken])
            del waiting[:taken]
            hub.fold(now := START + data.draw(st.integers(0, 5)) * BLOCK_MS // 2)
            judge(hub)
            packing = Packing(hub.store, DAYS)
            for hub.store.dies in data.draw(st.lists(st.booleans(), max_size=4)):
                try:
                    packing.step(now)
                except Killed:
                    packing = Packing(hub.store, DAYS)
            hub.store.dies = False
            assert read(hub) == wanted(hub.reports)
            assert sorted(paged(hub, data.draw(st.integers(1, 9)))) == wanted(hub.reports)
            assert rows(hub) + packed(hub) == len(hub.reports)


def test_what_is_settled_takes_no_row_any_more(hub: Hub) -> None:
    hub.commit([one(n, START + n * 60_000, cnr=float(n)) for n in range(1, 50)])
    pack(hub)
    assert (rows(hub), packed(hub)) == (0, 49)
    with hub.store.reading() as connection:
        names = metric_names(connection)
        told = told_between(connection, 1, START + 3 * 60_000, START + 5 * 60_000)
        assert [unpack(each.body, names)["signal/cnr_db"].value for each in told] == [3.0, 4.0]


def test_a_late_report_is_a_row_beside_its_chunk_and_packed_later(hub: Hub) -> None:
    hub.commit([one(n, START + n * 60_000, cnr=float(n)) for n in (1, 3)])
    pack(hub)
    hub.commit([one(2, START + 2 * 60_000, cnr=2.0)])
    assert [offset for _, offset, _, _ in paged(hub, 10)] == [1, 2, 3]
    assert [offset for _, offset, _, _ in read(hub)] == [1, 2, 3]
    pack(hub)
    assert (rows(hub), packed(hub)) == (0, 3)
    assert [offset for _, offset, _, _ in paged(hub, 10)] == [1, 2, 3]


def test_what_is_not_judged_or_not_in_the_hours_or_too_new_waits(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=1.0), one(2, START + BLOCK_MS, cnr=2.0)])
    packing = Packing(hub.store, DAYS)
    hub.fold(START + HOUR_MS)
    judge(hub)
    while packing.step(START + BLOCK_MS + REST_MS):
        pass
    assert packed(hub) == 0
    pack(hub, START + BLOCK_MS + REST_MS)
    assert (rows(hub), packed(hub)) == (1, 1)


def test_what_nobody_can_judge_is_packed_when_it_is_old(hub: Hub) -> None:
    hub.commit([one(7, START, cnr=1.0)])
    hub.fold(LONG_AFTER)
    packing = Packing(hub.store, DAYS)
    while packing.step(LONG_AFTER):
        pass
    assert packed(hub) == 0
    while packing.step(START + 36 * 86_400_000):
        pass
    assert packed(hub) == 1


def test_of_two_that_pack_the_same_one_has_not_been(hub: Hub) -> None:
    hub.commit([one(n, START + n * 60_000, cnr=float(n)) for n in range(1, 9)])
    hub.fold(LONG_AFTER)
    judge(hub)
    slow, quick = Packing(hub.store, DAYS), Packing(hub.store, DAYS)
    with hub.store.reading() as connection:
        read_before = told_between(connection, 1)
    while quick.step(LONG_AFTER):
        pass
    slow.keep([read_before])
    assert (rows(hub), packed(hub)) == (0, 8)


def test_pages_and_the_past_read_chunks(hub: Hub) -> None:
    told = [one(n, START + n * 60_000, key=("p1-tv", "p1-receiver")[n % 2], cnr=float(n)) for n in range(1, 30)]
    hub.commit(told)
    pack(hub)
    hub.commit([one(30, LONG_AFTER, cnr=30.0)])
    with hub.store.reading() as connection:
        views: Sequence[ReportView] = reports_of(connection, NODE, "e1", 5, 3)
    assert [(each.offset, each.device) for each in views] == [(5, "p1-receiver"), (6, "p1-tv"), (7, "p1-receiver")]
    past = Past(hub.store, START + 10 * 60_000)
    past.until = LONG_AFTER
    [journal] = past.unjudged(NODE, {})
    assert [each.offset for each in journal][-21:] == list(range(10, 31))
    assert list(past.nodes) == [NODE]


def test_it_is_known_when_a_device_was_heard_first(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=1.0), one(2, LONG_AFTER, cnr=2.0), one(3, LONG_AFTER, key="p2-tv", cnr=2.0)])
    pack(hub)
    with hub.store.reading() as connection:
        first = connection.execute(select(device.c.key, first_told()).order_by(device.c.key)).all()
    assert [tuple(row) for row in first] == [("p1-tv", START), ("p2-tv", LONG_AFTER)]


def test_a_damaged_chunk_keeps_no_other_from_being_read(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    hub.commit([one(1, START, cnr=1.0), one(2, START + BLOCK_MS, cnr=2.0)])
    pack(hub)
    with hub.store.begin() as work:
        work.connection.execute(update(report_chunk).where(report_chunk.c.first == 1).values(body=b"rubbish"))
    assert [offset for _, offset, _, _ in read(hub)] == [2]
    assert "cannot be read" in caplog.text


def test_a_tick_packs_and_then_looks_again_after_a_while(hub: Hub) -> None:
    packing = Packing(hub.store, DAYS)
    packing.tick(LONG_AFTER)
    hub.commit([one(1, START, cnr=1.0)])
    hub.fold(LONG_AFTER)
    judge(hub)
    packing.tick(LONG_AFTER + 60_000)
    assert packed(hub) == 0
    packing.tick(LONG_AFTER + 600_000)
    assert packed(hub) == 1


def test_a_device_key_is_that_of_its_reports(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=1.0), one(2, START, key="p2-tv", cnr=1.0)])
    pack(hub)
    past = Past(hub.store, START)
    past.until = LONG_AFTER
    [journal] = past.unjudged(NODE, {})
    assert [each.device for each in journal] == [DeviceKey(NODE, "p1-tv"), DeviceKey(NODE, "p2-tv")]
