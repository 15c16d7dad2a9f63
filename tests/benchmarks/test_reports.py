"""The benchmark itself, in small: the year that it writes is one that reports tell of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.reports import GROUP, District, Sizes, measure, office_on
from hub.reports.period import read_period
from hub.store.opening import open_store
from hub.store.unit_of_work import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'hub.db'}")
    District(store, Sizes(schools=3, rooms=2, repairs=4, others=2)).write()
    yield store
    store.close()


def test_every_report_of_the_year_is_made(store: Store) -> None:
    made = {each.what: each.size for each in measure(office_on(store).reports, read_period("2570"))}
    assert list(made) == ["figures", "F17", "F18", "F19", "F07", "F28", "M01", "workbook"]
    assert min(made.values()) > 1000


def test_what_was_written_is_what_the_report_tells(store: Store) -> None:
    report = office_on(store).reports.report(read_period("2570"), (GROUP,))
    assert (len(report.schools), report.rooms, report.repairs.done, report.headline.measured) == (
        3,
        6,
        12,
        report.headline.small,
    )
    assert report.lost_min > 0
    assert report.budget_satang == 1_200_000_000
    assert sum(each.count for each in report.ages) == 12
