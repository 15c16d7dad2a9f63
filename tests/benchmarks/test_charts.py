"""The benchmark itself, in small: what it writes is folded and drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.charts import District, Sizes, decode_all, fold, measure
from hub.core.hourly import HOUR_MS
from hub.store.opening import open_store
from hub.store.series import series_of
from hub.store.spans import Span
from hub.store.unit_of_work import Store

SIZES = Sizes(schools=1, devices=2, days=3)
NOW = 1_795_157_100_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'hub.db'}")
    yield store
    store.close()


def test_what_is_written_is_folded_and_drawn(store: Store) -> None:
    district = District(store, SIZES)
    district.write()
    assert district.write_reports() == 3 * 720
    assert fold(store) > 0
    with store.reading() as connection:
        for key in district.keys:
            (found,) = series_of(connection, key, ["signal/cnr_db"], Span(NOW - 72 * HOUR_MS, NOW, 600))
            assert len(found.points) in (72, 73)


def test_each_question_is_timed(store: Store) -> None:
    district = District(store, SIZES)
    district.write()
    found = list(measure(store, district, SIZES, 2))
    assert [each.times for each in found] == [2] * 5
    assert all(0 < each.middle <= each.worst for each in found)
    assert decode_all(store, district, SIZES) > 0
