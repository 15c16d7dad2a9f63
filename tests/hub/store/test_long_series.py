"""Metrics over long spans."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hub.core.equipment import DeviceKey
from hub.core.hourly import HOUR_MS
from hub.core.reports import Report, Sample
from hub.core.views import SeriesView
from hub.store.bodies import metric_names
from hub.store.hourly_tables import hourly
from hub.store.long_series import hours_known, hours_of_each
from hub.store.series import series_of
from hub.store.spans import LONG_MS, Span
from hub.store.tables import device
from tests.hub.store.reporting import NODE, START, Hub, a_hub, one
from wire.metrics import DataType

TV = DeviceKey(NODE, "p1-tv")
DAY = 24 * HOUR_MS


@pytest.fixture
def hub() -> Iterator[Hub]:
    with a_hub() as made:
        yield made


def series(hub: Hub, days: float, *names: str, points: int = 600) -> tuple[SeriesView, ...]:
    with hub.store.reading() as connection:
        return series_of(connection, TV, names, Span(START, START + int(days * DAY) - 1, points))


def test_a_long_span_is_told_in_hours_with_their_bounds(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=10.0), one(2, START + 5 * 60_000, cnr=14.0), one(3, START + HOUR_MS, cnr=12.0)])
    hub.fold(START + DAY)
    (cnr,) = series(hub, 4, "signal/cnr_db")
    assert cnr.step == HOUR_MS
    assert [t for t, _ in cnr.points] == [START, START + HOUR_MS]
    assert cnr.points[0][1] == pytest.approx((10 * 5 + 14 * 21) / 26)
    assert cnr.bands == ((10.0, 14.0), (12.0, 12.0))


def test_a_short_span_is_told_report_by_report(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=10.0)])
    assert series(hub, LONG_MS / DAY, "signal/cnr_db")[0].step == 0


def test_what_is_not_folded_yet_is_told_all_the_same(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=10.0), one(2, START + 2 * HOUR_MS, cnr=12.0)])
    hub.fold(START + 2 * HOUR_MS)
    before = series(hub, 4, "signal/cnr_db")
    hub.fold(START + 5 * HOUR_MS)
    assert series(hub, 4, "signal/cnr_db") == before
    assert len(before[0].points) == 3, "two hours and the gap between them"


def test_several_devices_are_told_as_each_by_itself(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=10.0), one(2, START + HOUR_MS, cnr=11.0, on=True)])
    hub.fold(START + 3 * HOUR_MS)
    hub.commit([one(3, START, key="p2-tv", cnr=7.0), one(4, START + 4 * HOUR_MS, cnr=12.0)])
    metrics, span = ("signal/cnr_db", "power/on"), Span(START, START + DAY, 600)
    with hub.store.reading() as connection:
        owners = connection.execute(select(device.c.id).order_by(device.c.id)).scalars().all()
        names = metric_names(connection)
        each = {owner: hours_known(connection, owner, metrics, span, names) for owner in owners}
        assert hours_of_each(connection, owners, metrics, span, names) == each
        assert hours_of_each(connection, [], metrics, span, names) == {}
    assert [len(each[owner]["signal/cnr_db"]) for owner in owners] == [3, 1]


def test_silence_is_a_gap(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=10.0), one(2, START + 5 * HOUR_MS, cnr=12.0)])
    hub.fold(START + DAY)
    (cnr,) = series(hub, 4, "signal/cnr_db")
    assert cnr.points == ((START, 10.0), (START + HOUR_MS, None), (START + 5 * HOUR_MS, 12.0))
    assert cnr.bands[1] is None


def test_hours_that_would_be_too_many_are_told_together(hub: Hub) -> None:
    hub.commit([one(n + 1, START + n * HOUR_MS, cnr=float(n)) for n in range(96)])
    hub.fold(START + 5 * DAY)
    (cnr,) = series(hub, 4, "signal/cnr_db", points=30)
    assert cnr.step == 4 * HOUR_MS
    assert len(cnr.points) == 24
    assert cnr.points[0][1] == pytest.approx(1.5)
    assert cnr.bands[0] == (0.0, 3.0)


def test_yes_and_no_are_told_as_shares(hub: Hub) -> None:
    hub.commit([one(1, START, on=True), one(2, START + 6 * 60_000, on=False), one(3, START + 8 * 60_000, on=None)])
    hub.fold(START + DAY)
    assert series(hub, 4, "power/on")[0].points[0][1] == pytest.approx(0.75)


def test_a_metric_whose_type_changed_is_one_metric(hub: Hub) -> None:
    hub.commit([one(1, START, cnr=10.0)])
    hub.commit([Report(TV, "e1", 2, START + HOUR_MS, {"signal/cnr_db": Sample(11.0, DataType.FLOAT)})])
    hub.fold(START + DAY)
    assert [value for _, value in series(hub, 4, "signal/cnr_db")[0].points] == [10.0, 11.0]


def test_an_unknown_device_and_an_unreadable_hour_tell_nothing(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    assert series(hub, 4, "signal/cnr_db")[0].points == ()
    hub.commit([one(1, START, cnr=10.0)])
    hub.fold(START + DAY)
    with hub.store.begin() as work:
        work.connection.execute(hourly.update().values(body=b"\x07rubbish"))
    assert series(hub, 4, "signal/cnr_db")[0].points == ()
    assert "cannot be read" in caplog.text
