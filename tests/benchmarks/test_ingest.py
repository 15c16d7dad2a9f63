"""The benchmark itself, in small: what it says is so."""

from pathlib import Path

import pytest

from benchmarks.ingest import measure


@pytest.mark.parametrize("wired", [False, True])
def test_every_report_is_committed_and_read_back(tmp_path: Path, wired: bool) -> None:
    found = measure(schools=3, batches=2, batch=50, wired=wired, path=tmp_path)
    assert found.reports == 100
    assert list(found.seconds) == ["understand", "commit", "read back"]
