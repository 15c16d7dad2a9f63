"""`dltv-hub db`."""

from pathlib import Path

import pytest

from hub.__main__ import main
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.hourly import HOUR_MS
from hub.core.reports import Report, Sample
from hub.ingestion.fleet import Batch, DeviceState, JournalState, NodeState
from hub.ingestion.ranges import NOTHING
from hub.store.hourly_tables import hourly
from hub.store.intake import IntakeStore
from hub.store.opening import open_store
from wire.metrics import DataType

NODE = NodeKey("cpm3", "30010012")


def test_aggregate_makes_the_hours_of_all_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'hub.db'}")
    samples = {"panel/temp_c": Sample(41.0, DataType.FLOAT)}
    reports = tuple(Report(DeviceKey(NODE, "p1-tv"), "e1", n, 400_000 * HOUR_MS + n * 60_000, samples) for n in (1, 2))
    journal = JournalState(0, 2, NOTHING.add([1, 2]))
    devices = {DeviceKey(NODE, "p1-tv"): DeviceState("tv")}
    intake = IntakeStore(store)
    intake.load()
    with intake.begin() as work:
        work.keep(Batch({NODE: NodeState(True, 1, 1, {})}, devices, {(NODE, "e1"): journal}, reports), now=0)
    assert main(["db", "aggregate", "--data-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("2 reports are in the hours")
    with store.reading() as connection:
        assert [row.hour for row in connection.execute(hourly.select())] == [400_000]
    store.close()


def test_without_a_database_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "aggregate", "--data-dir", str(tmp_path)]) == 2
    assert "there is no such database" in capsys.readouterr().err
