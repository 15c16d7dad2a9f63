"""Hours equal what all reports come to, whenever and in whatever order they came, and whatever was killed meanwhile."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from hub.core.equipment import DeviceKey
from hub.core.hourly import HOLDS_MS, HOUR_MS
from hub.core.reports import Report
from hub.store.bodies import metric_names
from hub.store.folding import LATE_MS, Folding
from hub.store.hourly_bodies import unpack_hour
from hub.store.hourly_tables import hourly, hourly_done
from hub.store.refolding import fold_again
from hub.store.tables import device, epoch, report
from hub.store.unit_of_work import Store
from tests.hub.store.reporting import LATER, NODE, START, Hub, Killed, a_hub, one, values
from wire.metrics import Value

STEP_MS = 20_000
Summary = Mapping[tuple[str, int, str], tuple[int, float, float, float, float]]


def naive(hub: Hub, before: int) -> Summary:
    """By looking at each moment of the time, for hours that end before `before`. Of one moment, the newer journal knows more."""
    age = {uuid: number for number, uuid in enumerate(hub.journals)}
    told: defaultdict[tuple[str, str], list[tuple[int, str, int, Value]]] = defaultdict(list)
    for each in hub.reports:
        for name, (value, _, own) in each.samples.items():
            t = each.t if own is None or abs(own - each.t) > 15 * 60_000 else own
            told[each.device.device, name].append((t, each.epoch, each.offset, value))
    found = {}
    for (key, name), samples in told.items():
        samples.sort(key=lambda sample: (sample[0], age[sample[1]], sample[2]))
        for hour in {t // HOUR_MS for t, *_ in samples}:
            figures = _hour(hour, samples)
            if figures is not None and (hour + 1) * HOUR_MS <= before:
                found[key, hour, name] = figures
    return found


def _hour(hour: int, samples: Sequence[tuple[int, str, int, Value]]) -> tuple[int, float, float, float, float] | None:
    own = [value for t, _, _, value in samples if t // HOUR_MS == hour and isinstance(value, int | float)]
    if not own:
        return None
    held = []
    for moment in range(hour * HOUR_MS, (hour + 1) * HOUR_MS, STEP_MS):
        before = [(t, value) for t, _, _, value in samples if t <= moment]
        if before and moment - before[-1][0] < HOLDS_MS and isinstance(before[-1][1], int | float):
            held.append(float(before[-1][1]))
    known = [float(each) for each in own] + held
    mean = sum(held) / len(held) if held else None
    return len(own), len(held) * STEP_MS, min(known), max(known), mean if mean is not None else float(own[-1])


def kept(store: Store) -> Summary:
    found = {}
    with store.reading() as connection:
        names = metric_names(connection)
        rows = connection.execute(select(device.c.key, hourly.c.hour, hourly.c.body).join_from(hourly, device))
        for key, hour, body in rows:
            for metric, each in unpack_hour(body, names):
                found[key, hour, names[metric][0]] = (each.times, each.held_ms, each.low, each.high, each.mean)
    return found


@pytest.fixture
def hub() -> Iterator[Hub]:
    with a_hub() as made:
        yield made


MOMENTS = st.integers(0, 4 * HOUR_MS // STEP_MS).map(lambda steps: START + steps * STEP_MS)
NUMBERS = st.none() | st.integers(-8, 8).map(float)


@st.composite
def told(draw: st.DrawFn) -> list[Report]:
    reports = []
    for offset in range(1, draw(st.integers(1, 25)) + 1):
        t = draw(MOMENTS)
        samples = values(cnr=draw(NUMBERS), on=draw(st.booleans()))
        if draw(st.booleans()):
            own = t - draw(st.sampled_from([STEP_MS, 14 * 60_000, -60_000, 2 * HOUR_MS]))
            samples["signal/cnr_db"] = samples["signal/cnr_db"]._replace(t=own)
        key, uuid = draw(st.sampled_from(["p1-tv", "p1-receiver"])), draw(st.sampled_from(["e1", "e2"]))
        reports.append(Report(DeviceKey(NODE, key), uuid, offset, t, samples))
    return draw(st.permutations(reports))


@settings(max_examples=30, deadline=None)
@given(told(), st.data())
def test_hours_equal_what_all_reports_come_to(reports: list[Report], data: st.DataObject) -> None:
    with a_hub() as hub:
        waiting = list(reports)
        while waiting:
            taken = data.draw(st.integers(1, len(waiting)))
            hub.commit(waiting[:taken])
            del waiting[:taken]
            now = START + data.draw(st.integers(0, 6)) * HOUR_MS + LATE_MS
            folding = Folding(hub.store, batch=data.draw(st.integers(1, 9)))
            for hub.store.dies in data.draw(st.lists(st.booleans(), max_size=4)):
                try:
                    folding.step(now)
                except Killed:
                    folding = Folding(hub.store)
            hub.store.dies = False
        hub.fold(LATER)
        compare(kept(hub.store), naive(hub, LATER))


def compare(found: Summary, wanted: Summary) -> None:
    assert found.keys() == wanted.keys()
    for place, figures in wanted.items():
        assert found[place] == pytest.approx(figures, rel=1e-6, abs=1e-6), place


def test_reports_of_an_hour_that_is_not_over_wait(hub: Hub) -> None:
    hub.commit([one(1, START + 5 * 60_000, cnr=12.0), one(2, START + HOUR_MS, cnr=13.0)])
    hub.fold(START + HOUR_MS + LATE_MS)
    assert [hour for _, hour, _ in kept(hub.store)] == [START // HOUR_MS]
    hub.fold(START + 2 * HOUR_MS + LATE_MS)
    assert len(kept(hub.store)) == 2


def test_late_history_changes_the_hour_after_also_where_our_clock_was_ahead(hub: Hub) -> None:
    hub.commit([one(1, START + HOUR_MS + 27 * 60_000, cnr=13.0)])
    hub.fold(START + 2 * HOUR_MS + LATE_MS)
    hub.commit([one(2, START + 56 * 60_000, cnr=12.0)])
    hub.fold(START + HOUR_MS + LATE_MS)
    compare(kept(hub.store), naive(hub, LATER))


def test_late_history_changes_its_hour_and_the_one_after(hub: Hub) -> None:
    hub.commit([one(1, START + 60_000, cnr=1.0), one(3, START + HOUR_MS + 120_000, cnr=3.0)])
    hub.fold(LATER)
    hub.commit([one(2, START + HOUR_MS - 60_000, cnr=9.0)])
    hub.fold(LATER)
    compare(kept(hub.store), naive(hub, LATER))
    assert kept(hub.store)["p1-tv", START // HOUR_MS + 1, "signal/cnr_db"][3] == 9.0


def test_words_make_no_hour(hub: Hub) -> None:
    hub.commit([one(1, START, source="hdmi1")])
    hub.fold(LATER)
    assert kept(hub.store) == {}


def test_what_is_folded_is_not_read_again(hub: Hub) -> None:
    hub.commit([one(n, START + n * 60_000, cnr=float(n)) for n in range(1, 30)])
    hub.fold(LATER)
    assert not Folding(hub.store).step(LATER)
    with hub.store.reading() as connection:
        assert [tuple(row)[1:] for row in connection.execute(select(hourly_done))] == [(1, 29)]


def test_a_tick_folds_and_then_looks_again_after_a_minute(hub: Hub) -> None:
    folding = Folding(hub.store)
    folding.tick(LATER)
    hub.commit([one(1, START, cnr=1.0)])
    folding.tick(LATER + 10_000)
    assert kept(hub.store) == {}
    folding.tick(LATER + 60_000)
    assert len(kept(hub.store)) == 1


def test_one_that_was_overtaken_by_another_begins_its_step_anew(hub: Hub) -> None:
    hub.commit([one(n, START + n * HOUR_MS, cnr=float(n)) for n in range(1, 5)])
    slow, quick = Folding(hub.store, batch=1), Folding(hub.store, batch=1)
    assert slow.step(LATER)
    assert quick.step(LATER)
    while slow.step(LATER) or quick.step(LATER):
        pass
    compare(kept(hub.store), naive(hub, LATER))


def test_hours_stay_where_their_reports_are_gone(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=1.0), one(2, START + 5 * HOUR_MS, cnr=5.0)])
    hub.fold(LATER)
    before = kept(hub.store)
    with hub.store.begin() as work:
        work.connection.execute(delete(report).where(report.c.offset == 1))
    assert fold_again(hub.store, LATER) == 1
    assert kept(hub.store) == before


def test_folding_again_mends_hours_that_were_wrong(hub: Hub) -> None:
    hub.commit([one(n, START + n * 60_000, cnr=float(n)) for n in range(1, 30)])
    hub.fold(LATER)
    right = kept(hub.store)
    with hub.store.begin() as work:
        work.connection.execute(hourly.update().values(body=b""))
    seen: list[tuple[int, int]] = []
    fold_again(hub.store, LATER, lambda done, total: seen.append((done, total)))
    assert kept(hub.store) == right
    assert seen[-1] == (29, 29)


def test_a_body_that_cannot_be_read_keeps_nothing_else_from_being_folded(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    hub.commit([one(1, START, cnr=1.0), one(2, START + 60_000, cnr=2.0)])
    with hub.store.begin() as work:
        work.connection.execute(report.update().where(report.c.offset == 1).values(body=b"rubbish"))
    hub.fold(LATER)
    assert kept(hub.store)["p1-tv", START // HOUR_MS, "signal/cnr_db"][0] == 1
    assert "cannot be read" in caplog.text


def test_every_journal_is_folded(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=1.0), one(1, START + 60_000, uuid="e2", cnr=2.0)])
    hub.fold(LATER)
    with hub.store.reading() as connection:
        assert len(connection.execute(select(epoch.c.id)).all()) == 2
    assert kept(hub.store)["p1-tv", START // HOUR_MS, "signal/cnr_db"][0] == 2
