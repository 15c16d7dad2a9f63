"""`dltv-hub db`."""

from pathlib import Path

import pytest

from hub.__main__ import main
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.hourly import HOUR_MS
from hub.core.reports import Report, Sample
from hub.ingestion.fleet import Batch, DeviceState, JournalState, NodeState
from hub.ingestion.ranges import NOTHING
from hub.store.folding import Folding
from hub.store.hourly_tables import hourly
from hub.store.intake import IntakeStore
from hub.store.opening import open_store
from hub.store.packing import Packing
from hub.store.unit_of_work import Store
from tests.stores import database
from wire.metrics import DataType

NODE = NodeKey("cpm3", "30010012")


def a_store(tmp_path: Path) -> Store:
    """Two reports of the year 2015."""
    store = open_store(database(tmp_path / "hub.db"))
    samples = {"panel/temp_c": Sample(41.0, DataType.FLOAT)}
    reports = tuple(Report(DeviceKey(NODE, "p1-tv"), "e1", n, 400_000 * HOUR_MS + n * 60_000, samples) for n in (1, 2))
    journal = JournalState(0, 2, NOTHING.add([1, 2]))
    devices = {DeviceKey(NODE, "p1-tv"): DeviceState("tv")}
    intake = IntakeStore(store)
    intake.load()
    with intake.begin() as work:
        work.keep(Batch({NODE: NodeState(True, 1, 1, {})}, devices, {(NODE, "e1"): journal}, reports), now=0)
    return store


def test_aggregate_makes_the_hours_of_all_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = a_store(tmp_path)
    assert main(["db", "aggregate", "--data-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("2 reports are in the hours")
    with store.reading() as connection:
        assert [row.hour for row in connection.execute(hourly.select())] == [400_000]
    store.close()


def test_size_tells_what_takes_room_and_what_pruning_will_free(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = a_store(tmp_path)
    assert main(["db", "size", "--data-dir", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["table", "rows", "kB", "B", "a", "row", "B", "a", "value"]
    assert next(line.split()[:2] for line in lines if line.startswith("report ")) == ["report", "2"]
    assert any("2 values, " in line for line in lines)
    assert any("report_days): 0 now, which frees 0 kB" in line for line in lines)
    now = 400_000 * HOUR_MS + 40 * 24 * HOUR_MS
    for chore in (Folding(store), Packing(store, 35.0)):
        while chore.step(now):
            pass
    main(["db", "size", "--data-dir", str(tmp_path)])
    assert "report_days): 2 now, which frees" in capsys.readouterr().out
    store.close()


def test_without_a_database_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTV_HUB_STORE__URL", f"sqlite:///{tmp_path / 'hub.db'}")
    assert main(["db", "aggregate", "--data-dir", str(tmp_path)]) == 2
    assert "there is no such database" in capsys.readouterr().err
